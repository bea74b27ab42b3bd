"""What there is in numbers, and the candidates for the training data."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader
from sqlalchemy import text
from sqlalchemy.engine import Engine

from actions.healing_map.models import Unanswered, sessions
from actions.healing_map.unanswered import NotUnderstood, keep
from bot.conversations import ConversationStore
from bot.errors import CommandError
from bot.stats_commands import export_unanswered, stats
from tests.actions.healing_map.making import put_event, put_message

TODAY = date(2020, 12, 8)


def ask(engine: Engine, typed: str, *offers: str, language: str = "en", times: int = 1) -> None:
    decision = "offer" if offers else "out_of_scope"
    with sessions(engine).begin() as session:
        for _ in range(times):
            keep(session, NotUnderstood(typed, language, decision, offers), TODAY)


def numbers(engine: Engine) -> dict[str, int]:
    """The numbers of the report by their name."""
    return {line.rpartition("  ")[0].strip(): int(line.split()[-1]) for line in stats(engine)}


def test_a_new_database_has_nothing_of_anything(own_map: Engine) -> None:
    assert set(numbers(own_map).values()) == {0}


def test_entries_are_counted_by_their_status(own_map: Engine) -> None:
    with sessions(own_map).begin() as session:
        for title in ("One", "Two"):
            put_event(session, title)
        put_event(session, "Three", status="pending", submitter="telegram:5")
        put_message(session, "We heal.", status="rejected")
        put_message(session, "We heal too.", status="pending")
    lines = list(stats(own_map))
    assert [" ".join(line.split()) for line in lines[:13]] == [
        *("events 3", "pending 1", "approved 2", "rejected 0", "withdrawn 0"),
        *("messages of healing 2", "pending 1", "approved 0", "rejected 1", "withdrawn 0"),
        *("waiting for review 2", "notices not sent yet 1", "conversations 0"),
    ]
    assert len({len(line) for line in lines}) == 1, "the numbers are not aligned"


def test_conversations_are_counted_and_those_that_went_on_lately(own_map: Engine) -> None:
    ConversationStore(own_map).close()  # makes the table
    present = datetime.now(timezone.utc).replace(tzinfo=None)
    with own_map.begin() as connection:
        for days in (0, 6, 8, 20):
            row = {"id": str(days), "at": present - timedelta(days=days)}
            insert = "INSERT INTO conversations (id, events, updated_at) VALUES (:id, '', :at)"
            connection.execute(text(insert), row)
    counted = numbers(own_map)
    assert (counted["conversations"], counted["active in 7 days"]) == (4, 2)


def test_the_most_frequent_unanswered_questions_are_shown_aligned(own_map: Engine) -> None:
    ask(own_map, "is there cake", "faq_host", times=12)
    ask(own_map, "¿hay pastel?", language="es", times=2)
    ask(own_map, "is Zebulon there")
    *_, different, offered, outside, blank, heading, first, second, third = stats(own_map)
    assert [different.split()[-1], offered.split()[-1], outside.split()[-1]] == ["3", "12", "3"]
    assert blank == ""
    assert heading.startswith("most frequent")
    assert (first, second, third) == (
        "12  en  offer         is there cake",
        " 2  es  out_of_scope  ¿hay pastel?",
        " 1  en  out_of_scope  is [name] there",
    )


def test_only_the_ten_most_frequent_are_shown(own_map: Engine) -> None:
    for number, word in enumerate(
        [
            "cake",
            "wifi",
            "parking",
            "beer",
            "dogs",
            "kids",
            "music",
            "chairs",
            "heat",
            "ice",
            "soup",
        ]
    ):
        ask(own_map, f"is there {word}", times=number + 1)
    shown = [line for line in stats(own_map) if "is there" in line]
    assert len(shown) == 10
    assert not any("cake" in line for line in shown)


def exported(engine: Engine, file: Path, language: str | None = None) -> list[tuple[str, str]]:
    """Intent and text of each candidate, as Rasa reads them."""
    export_unanswered(engine, language, str(file))
    data = RasaYAMLReader().reads(file.read_text(encoding="utf-8"))
    assert data.entity_examples == []
    return [(example.get("intent"), example.get("text")) for example in data.intent_examples]


def test_candidates_stand_under_the_intent_that_was_offered_first(
    own_map: Engine, tmp_path: Path
) -> None:
    ask(own_map, "is there cake", "faq_host", "faq_dates")
    ask(own_map, "can I eat", "faq_host", times=2)
    ask(own_map, "will it rain")
    ask(own_map, "¿hay pastel?", "faq_host", language="es")
    file = tmp_path / "candidates.yml"
    assert exported(own_map, file) == [
        ("faq_host", "can I eat"),
        ("faq_host", "is there cake"),
        ("out_of_scope", "will it rain"),
        ("faq_host", "¿hay pastel?"),
    ]
    content = file.read_text(encoding="utf-8")
    assert "A person has to look at each line" in content
    assert 'version: "3.1"' in content
    assert exported(own_map, file, "es") == [("faq_host", "¿hay pastel?")]


@pytest.mark.parametrize(
    "typed",
    [
        "- why: {a} # b",
        "call Zebulon(my son) or Zebulon{him}",
        "[cake](dessert) and ${HOME} !env %TAG &a *b | > ' \"",
        "--- ... why",
        "pastel 🎂 y “café”",
        "why\n- intent: crisis\n  examples: |\n    - cake",
    ],
)
def test_whatever_was_typed_is_read_by_rasa_as_one_text(
    own_map: Engine, tmp_path: Path, typed: str
) -> None:
    ask(own_map, typed)
    with sessions(own_map)() as session:
        [row] = session.query(Unanswered).all()
    kept = row.private["text"].replace("](", "] (").replace("]{", "] {")
    assert exported(own_map, tmp_path / "candidates.yml") == [("out_of_scope", kept)]


def test_without_any_candidate_rasa_can_still_read_the_file(
    own_map: Engine, tmp_path: Path
) -> None:
    assert exported(own_map, tmp_path / "candidates.yml") == []


def test_candidates_can_be_written_to_standard_output(
    own_map: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    ask(own_map, "is there cake")
    export_unanswered(own_map, None, "-")
    assert "    - is there cake\n" in capsys.readouterr().out


def test_a_file_that_cannot_be_written_is_named(own_map: Engine, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written"):
        export_unanswered(own_map, None, str(tmp_path / "no folder" / "file.yml"))
