"""The list of all sentences, as translators get it, and what is said of gaps in it."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

from actions.event_words import DOTS
from actions.knowledge import PHASES, questions, titles
from actions.texts import LANGUAGES, UnreadableData, texts
from bot.settings import ROOT
from bot.texts_command import problems, sentences, write_csv
from tests.conversation import Talk

Row = dict[str, str]
ENGLISH_WORDS = [
    *("/start", "/help", "/privacy", "/faq", "/about", "/mine", "what is racial healing?"),
    *("when does it take place?", "tell me a joke", "I want to kill myself", "bye"),
    *("/host", "why?", "skip", "Book club", "/cancel", "where do you look?"),
]
SPANISH_WORDS = [
    *("/start", "/help", "/privacy", "/faq", "/about", "/mine", "¿qué es la sanación racial?"),
    *("¿cuándo es?", "cuéntame un chiste", "me quiero matar", "adiós"),
    *("/host", "¿para qué?", "omitir", "/cancel"),
]


@pytest.fixture(scope="module")
def rows() -> dict[str, Row]:
    """The rows of the CSV by key."""
    sink = io.StringIO(newline="")
    write_csv(sink)
    sink.seek(0)
    return {row["key"]: row for row in csv.DictReader(sink, strict=True)}


def test_every_text_is_listed_with_its_file_in_both_languages(rows: dict[str, Row]) -> None:
    for name in texts("en"):
        assert rows[name] == {
            "key": name,
            "file": "data/texts/<language>.yml",
            "en": texts("en")[name],
            "es": texts("es")[name],
        }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_button_and_every_answer_of_the_faq_is_listed(
    rows: dict[str, Row], language: str
) -> None:
    for intent, title in titles(language).items():
        assert rows[f"{intent}.title"][language] == title
    for intent, question in questions(language).items():
        for phase in PHASES:
            key = f"{intent}.answer"
            row = rows.get(f"{key}.{phase}") or rows[key]
            assert row[language] == question.answers[phase].strip()


def test_every_sentence_is_listed_once_and_in_both_languages(rows: dict[str, Row]) -> None:
    assert len(rows) == len(sentences())
    assert [key for key, row in rows.items() if not (row["en"] and row["es"])] == []


def test_the_list_is_there_at_once_because_no_model_is_loaded() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "bot.cli", "texts", "--format", "csv"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    imported = {
        line.rpartition(b"|")[2].strip().partition(b".")[0] for line in done.stderr.splitlines()
    }
    assert b"yaml" in imported
    assert not imported & {b"rasa", b"rasa_sdk", b"telegram", b"tensorflow", b"numpy"}
    assert "¿Qué es la sanación racial?" in done.stdout.decode("utf-8")


@pytest.mark.parametrize(("language", "said"), [("en", ENGLISH_WORDS), ("es", SPANISH_WORDS)])
def test_what_is_said_in_a_conversation_is_listed(
    talk: Talk, language: str, said: list[str]
) -> None:
    listed = _lines_listed(language)
    resident = talk(language_hint=language)
    for words in said:
        answer = resident.sends(words) if words.startswith("/") else resident.types(words)
        for reply in answer.replies:
            titles_below = [button.title for row in reply.buttons for button in row]
            for line in [*reply.full_text.splitlines(), *titles_below]:
                plain = line.strip(" " + "".join(DOTS.values()))
                assert not plain or any(it.fullmatch(plain) for it in listed), (words, line)


def _lines_listed(language: str) -> list[re.Pattern[str]]:
    """Return a pattern for each line that is listed, if it has words of its own."""
    listed = [it.words[language] for it in sentences()] + [
        texts(it)["language_name"] for it in LANGUAGES
    ]
    lines = [line for words in listed for line in words.splitlines()]
    return [
        re.compile(re.sub(r"\\{\w+\\}", ".+", re.escape(line.strip(" " + "".join(DOTS.values())))))
        for line in lines
        if re.search(r"[^\W\d_]", re.sub(r"\{\w+\}", "", line))
    ]


# Gaps


def test_nothing_is_missing() -> None:
    assert list(problems()) == []


def replace_in(path: Path, old: str, new: str) -> None:
    content = path.read_text(encoding="utf-8")
    assert content.count(old) == 1
    path.write_text(content.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "texts/es.yml",
            "no_more: |\n  Esos eran todos.\n",
            "",
            ["data/texts/es.yml: no_more is missing"],
        ),
        (
            "texts/es.yml",
            "¿{name} es una",
            "¿{nombre} es una",
            ["data/texts/es.yml: event_host_check has other words in braces than in en"],
        ),
        (
            "nlu/en/faq_healing.yml",
            "    title: What is TRHT?\n",
            "",
            [
                "data/nlu/en/faq_healing.yml: faq_trht has no title",
                "data/nlu/en/faq_healing.yml: faq_trht.title is missing",
            ],
        ),
        (
            "nlu/es/faq_campaign.yml",
            "- intent: faq_why_twh\n",
            "- intent: faq_why\n",
            [
                *(
                    f"data/nlu/es/faq_campaign.yml: faq_why_twh.{it} is missing"
                    for it in ("title", "answer")
                ),
                *(
                    f"data/nlu/en/faq_campaign.yml: faq_why.{it} is missing"
                    for it in ("title", "answer")
                ),
            ],
        ),
        (
            "nlu/en/faq_campaign.yml",
            "next: [faq_racial_healing, faq_twh_oerj, faq_take_part]",
            "next: [faq_racial_healing, faq_parking]",
            [
                "data/nlu/en/faq_campaign.yml: faq_why_twh names faq_parking as next, "
                "which is no intent"
            ],
        ),
        (
            "nlu/es/faq_campaign.yml",
            "La Ciudad dice que fue por los retos",
            "La Ciudad dice que {fecha} fue por los retos",
            [
                "data/nlu/es/faq_campaign.yml: faq_why_twh has {fecha} in its answer, "
                "which nothing fills",
                "data/nlu/es/faq_campaign.yml: faq_why_twh.answer has other words in braces "
                "than in en",
            ],
        ),
    ],
)
def test_what_is_missing_is_named_with_its_file(
    data_to_edit: Path, file: str, old: str, new: str, said: list[str]
) -> None:
    replace_in(data_to_edit / file, old, new)
    assert list(problems()) == said


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("texts/es.yml", b"greet: Hola\ngoodbye: [Adi\n", "data/texts/es.yml, near line 3: "),
        ("texts/es.yml", b"accepted: yes\n", "data/texts/es.yml: accepted is no text; put it"),
        ("texts/es.yml", b"- Hola\n", "data/texts/es.yml has no lines like `name: text`"),
        ("texts/es.yml", "qué: qué".encode("latin-1"), "data/texts/es.yml is not UTF-8"),
        ("nlu/en/faq_new.yml", b"intents: []\n", "data/nlu/en/faq_new.yml has no list of intents"),
        ("nlu/en/faq_new.yml", b"nlu:\n- intent: faq_new\n", "data/nlu/en/faq_new.yml: entry 1 "),
    ],
)
def test_a_file_that_cannot_be_read_is_named_in_one_line(
    data_to_edit: Path, file: str, content: bytes, said: str
) -> None:
    (data_to_edit / file).write_bytes(content)
    with pytest.raises(UnreadableData, match=re.escape(said)) as refusal:
        list(problems())
    assert "\n" not in str(refusal.value)
