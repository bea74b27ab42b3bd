"""What cleaning makes of everything that people can type."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu import normalizer
from nlu.normalizer import MAX_BYTES, NORMALIZED, Normalizer, fold, normalize

FAMILY = "👩\u200d👩\u200d👧"

anything = st.text(st.characters(), max_size=800)  # with lone surrogates, controls and NUL


@given(anything)
def test_whatever_is_typed_comes_out_short_and_without_control_characters(text: str) -> None:
    cleaned = normalize(text)

    assert len(cleaned) <= MAX_BYTES
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in cleaned)


@given(st.text("/ \t\x00\u200b\u202e\uff0f", max_size=6), anything)
def test_nothing_begins_with_a_slash(beginning: str, rest: str) -> None:
    assert not normalize(beginning + rest).startswith("/")


@given(anything)
def test_whatever_is_typed_can_be_folded(text: str) -> None:
    folded = fold(normalize(text))

    assert folded == folded.strip()
    assert "  " not in folded or not any(c.isalnum() for c in folded)


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("  two\twords\n", "two words"),
        ("a\u2028line\u0085break", "a line break"),
        ("nul\x00inside", "nul inside"),
        ("half a pair \ud83d", "half a pair"),
        ("\u202eright to left\u202c", "right to left"),
        ("مرحبا", "مرحبا"),
        ("\ufeffmarked", "marked"),
        ("ｗｉｄｅ", "wide"),
        ("cafe\u0301", "caf\u00e9"),
        ("👍🏽", "👍🏽"),
        (FAMILY, FAMILY),
        ("\x00\x01\x7f\u200b", ""),
        ("", ""),
        ("X", "X"),
    ],
)
def test_cleaning_keeps_what_can_be_read(typed: str, cleaned: str) -> None:
    assert normalize(typed) == cleaned


@pytest.mark.parametrize(
    "typed",
    [
        '/faq_dates{"x":1}',
        '//faq_dates{"x":1}',
        ' / faq_dates{"x":1}',
        '\uff0ffaq_dates{"x":1}',
        '\x00/faq_dates{"x":1}',
        '\u200b/faq_dates{"x":1}',
        '\u202e /\u202c/faq_dates{"x":1}',
    ],
)
def test_a_typed_payload_loses_its_slash(typed: str) -> None:
    assert normalize(typed) == 'faq_dates{"x":1}'


def test_a_slash_inside_stays() -> None:
    assert normalize("yes/no?") == "yes/no?"


def test_of_5000_characters_the_beginning_and_the_end_are_kept() -> None:
    cleaned = normalize("When does it start? " + "blah " * 990 + "Can I bring my kids?")

    assert len(cleaned) == MAX_BYTES
    assert cleaned.startswith("When does it start?")
    assert cleaned.endswith("Can I bring my kids?")


@pytest.mark.parametrize("length", [MAX_BYTES - 1, MAX_BYTES])
def test_a_text_up_to_the_limit_is_whole(length: int) -> None:
    assert normalize("x" * length) == "x" * length


@pytest.mark.parametrize("character", ["a", "é", "😀", "ﷺ", "中", "e\u0301", "\x00", "/"])
def test_5000_times_one_character_is_cut(character: str) -> None:
    assert len(normalize(character * 5000)) <= MAX_BYTES


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("¿Qué es la sanación racial?", "que es la sanacion racial"),
        ("What's TWH?!", "whats twh"),
        ("WHAT’S twh", "whats twh"),
        ("on-the-table", "On the Table"),
        ("faq_dates", "faq dates"),
        ("yes 👍", "Yes."),
    ],
)
def test_texts_that_differ_in_case_accents_and_punctuation_fold_alike(one: str, other: str) -> None:
    assert fold(normalize(one)) == fold(normalize(other))


def test_emoji_alone_still_say_something() -> None:
    assert fold("👍") == "👍"
    assert fold("👍") != fold("👎")


def test_changed_cleaning_trains_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = tmp_path / "normalizer.py"
    monkeypatch.setattr(normalizer, "__file__", str(module))
    module.write_text("one", encoding="utf-8")
    before = Normalizer.fingerprint_addon({})
    module.write_text("two", encoding="utf-8")

    assert Normalizer.fingerprint_addon({}) != before


def test_every_message_gets_its_cleaned_text_and_keeps_the_typed_one() -> None:
    messages = [Message({TEXT: "  Hola\x00 "}), Message({})]

    Normalizer().process(messages)

    assert [message.get(NORMALIZED) for message in messages] == ["Hola", ""]
    assert messages[0].get(TEXT) == "  Hola\x00 "


def test_training_examples_are_cleaned_like_messages() -> None:
    data = TrainingData([Message({TEXT: "/ what   is this"})])

    Normalizer().process_training_data(data)

    assert data.training_examples[0].get(NORMALIZED) == "what is this"
