"""How English and Spanish are told apart, and when nothing can be said."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.texts import DATA, LANGUAGES
from bot.assistant import Assistant
from nlu.language import (
    NOTHING_WRITTEN,
    WRITTEN_LANGUAGE,
    LanguageIdentifier,
    LanguageModel,
    examples_by_language,
)
from nlu.normalizer import normalize
from tests.nlu.components import output_of, trained, typed

SENTENCES = {
    "en": [
        "when does it start",
        "where do I sign up",
        "I want to host a meeting",
        "what is there to do this week",
        "thanks for the help",
        "who can come to the meetings",
    ],
    "es": [
        "cuándo empieza",
        "dónde me inscribo",
        "quiero organizar una reunión",
        "qué hay para hacer esta semana",
        "gracias por la ayuda",
        "quién puede venir a las reuniones",
    ],
}


@pytest.fixture(scope="module")
def language_model() -> LanguageModel:
    """What is learnt from our own examples."""
    texts, languages = zip(*examples_by_language(DATA / "nlu"), strict=True)
    return LanguageModel(list(texts), list(languages))


def model_of(english: list[str], spanish: list[str]) -> LanguageModel:
    return LanguageModel(english + spanish, ["en"] * len(english) + ["es"] * len(spanish))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("what is racial healing", "en"),
        ("I want to host a book club on the 12th", "en"),
        ("anything near me this weekend?", "en"),
        ("where do i sign up", "en"),
        ("¿Qué es la sanación racial?", "es"),
        ("que es la sanacion racial", "es"),
        ("quiero organizar un evento", "es"),
        ("hay algo cerca de mi este fin de semana", "es"),
        ("k onda kiero dejar un mensaje", "es"),
    ],
)
def test_a_sentence_tells_its_language(
    language_model: LanguageModel, text: str, language: str
) -> None:
    evidence = language_model.written_language(text)

    assert evidence.language == language
    assert evidence.probability > 0.9
    assert evidence.words >= 3


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("hola", "es"),
        ("ayuda", "es"),
        ("gracias amigo", "es"),
        ("suicidarme", "es"),
        ("thanks", "en"),
        ("do you speak Polish?", "en"),
        ("Anchors, Ambassadors, Partners?", "en"),
        ("ambassador program details", "en"),
    ],
)
def test_the_short_words_of_a_chat_are_known(
    language_model: LanguageModel, text: str, language: str
) -> None:
    assert language_model.written_language(text).language == language


@pytest.mark.parametrize("text", ["¿cuándo termina?", "¡vamos, amigos!", "¡¿qué cosa?!"])
def test_an_inverted_mark_counts_as_a_word(language_model: LanguageModel, text: str) -> None:
    assert language_model.written_language(text).words == 3


@pytest.mark.parametrize(
    "text",
    [
        "Together We Heal",
        "OERJ",
        "TRHT",
        "Candace Moore",
        "on-the-table",
        "Healing Illinois",
        "60623",
        "https://www.chicago.gov/city/en.html",
        "ana@example.org",
        "Chicago 2020",
    ],
)
def test_names_numbers_and_addresses_say_nothing(language_model: LanguageModel, text: str) -> None:
    assert language_model.written_language(text) == NOTHING_WRITTEN


@pytest.mark.parametrize(
    "text", ["faq_dates", '/faq_dates{"language": "es"}', "aaaaaaaa", "jjjjjj 60623"]
)
def test_what_no_language_has_says_nothing(language_model: LanguageModel, text: str) -> None:
    assert language_model.written_language(text) == NOTHING_WRITTEN


@pytest.mark.parametrize("text", ["", "😀", "?!", "👍👍", "..."])
def test_a_text_without_words_says_nothing(language_model: LanguageModel, text: str) -> None:
    assert language_model.written_language(text) == NOTHING_WRITTEN


@pytest.mark.parametrize("text", ["你好，请问你会说中文吗", "مرحبا كيف حالك", "привет как дела"])
def test_a_text_in_another_script_says_nothing(language_model: LanguageModel, text: str) -> None:
    assert language_model.written_language(text).language is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("que es together we heal", "es"),
        ("quien es candace moore", "es"),
        ("donde esta el healing map", "es"),
        ("what is the healing map", "en"),
    ],
)
def test_english_names_do_not_make_a_spanish_question_english(
    language_model: LanguageModel, text: str, language: str
) -> None:
    assert language_model.written_language(text).language == language


def test_only_words_that_are_no_names_are_counted(language_model: LanguageModel) -> None:
    assert language_model.written_language("is the healing map near 60623").words == 3


def test_a_lone_word_is_weaker_evidence_than_a_sentence(language_model: LanguageModel) -> None:
    texts = ("no", "no, I do not want to do this")
    word, sentence = map(language_model.written_language, texts)

    assert word.words == 1
    assert word.probability < sentence.probability


@given(st.text(st.characters(), max_size=300))
def test_every_text_gets_a_sensible_judgement(language_model: LanguageModel, text: str) -> None:
    evidence = language_model.written_language(normalize(text))

    assert evidence.language in (*LANGUAGES, None)
    assert 0.5 <= evidence.probability <= 1
    assert evidence.words >= 0


def test_the_evidence_is_part_of_what_is_found_in_a_text(assistant: Assistant) -> None:
    found = assistant.understand("¿Cuándo empieza?")[WRITTEN_LANGUAGE]

    assert found["language"] == "es"
    assert set(found) == {"language", "probability", "words"}


@pytest.mark.parametrize(
    ("text", "language"),
    [(text, language) for language in SENTENCES for text in SENTENCES[language]],
)
def test_few_examples_are_enough_to_know_them_again(text: str, language: str) -> None:
    evidence = model_of(*SENTENCES.values()).written_language(text)

    assert evidence.language == language
    assert evidence.probability > 0.75


@pytest.mark.parametrize(
    ("text", "language"), [("meets", "en"), ("helper", "en"), ("reunirnos", "es"), ("ayudar", "es")]
)
def test_a_word_that_no_example_has_is_known_by_its_letters(text: str, language: str) -> None:
    assert model_of(*SENTENCES.values()).written_language(text).language == language


@pytest.mark.parametrize(("examples", "language"), [(1, "es"), (2, "en")])
def test_a_word_that_english_borrowed_is_spanish_until_two_english_examples_have_it(
    examples: int, language: str
) -> None:
    borrowing = [f"{text} rumba" for text in SENTENCES["en"][:examples]]
    model = model_of(borrowing + SENTENCES["en"][examples:], SENTENCES["es"])

    assert model.written_language("rumba").language == language


@pytest.mark.parametrize("text", ["gracias", "ñandú"])
def test_more_english_examples_make_a_spanish_word_no_less_spanish(text: str) -> None:
    as_many = model_of(SENTENCES["en"], SENTENCES["es"]).written_language(text)
    many_in_english = model_of(SENTENCES["en"] * 4, SENTENCES["es"]).written_language(text)

    assert many_in_english.language == as_many.language == "es"
    assert many_in_english.probability > as_many.probability - 0.1


def write_examples(folder: Path) -> None:
    """Write what is known of each language into a file of its folder."""
    for language, sentences in SENTENCES.items():
        examples = "".join(f"    - {sentence}\n" for sentence in sentences)
        (folder / language).mkdir()
        (folder / language / "topic.yml").write_text(
            f'version: "3.1"\nnlu:\n- intent: topic\n  examples: |\n{examples}', encoding="utf-8"
        )


def test_the_examples_are_read_with_the_language_of_their_folder(tmp_path: Path) -> None:
    write_examples(tmp_path)

    assert list(examples_by_language(tmp_path)) == [
        (sentence, language) for language in SENTENCES for sentence in SENTENCES[language]
    ]


def test_a_component_that_learnt_the_examples_adds_the_evidence_to_every_message(
    tmp_path: Path,
) -> None:
    write_examples(tmp_path)
    identifier = trained(LanguageIdentifier, tmp_path, [], {"examples": str(tmp_path)})

    spanish, nothing = (output_of(identifier, typed(text)) for text in ("¿Cuándo empieza?", "👍"))
    assert spanish[WRITTEN_LANGUAGE]["language"] == "es"
    assert spanish[WRITTEN_LANGUAGE]["words"] == 3
    assert nothing[WRITTEN_LANGUAGE] == vars(NOTHING_WRITTEN)
