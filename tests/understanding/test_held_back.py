"""The measuring set is large, clean, and really held back from the training data."""

from __future__ import annotations

from collections import Counter

import pytest

from actions.forms.draft import CHECK, CONFIRM
from actions.forms.event import EVENT_FORM
from actions.forms.evidence import STEPS
from actions.forms.message import MESSAGE_FORM
from actions.forms.side_questions import SIDE_QUESTIONS
from tests.understanding.held_back import (
    LANGUAGES,
    FormUtterance,
    Utterance,
    folded,
    folded_examples,
    may_repeat_an_example,
    near_duplicates,
    read_form_time,
    read_held_back,
)

FEWEST_TEXTS = 1500
each_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(scope="module")
def held_back() -> list[Utterance]:
    return read_held_back()


@pytest.fixture(scope="module")
def form_time() -> list[FormUtterance]:
    return read_form_time()


@pytest.fixture(scope="module")
def examples() -> frozenset[str]:
    return folded_examples()


def test_the_set_is_large(held_back: list[Utterance]) -> None:
    assert all(isinstance(it.text, str) for it in held_back)
    assert len(held_back) >= FEWEST_TEXTS


@each_language
def test_no_text_stands_there_twice(held_back: list[Utterance], language: str) -> None:
    times = Counter(folded(it.text) for it in held_back if it.language == language)
    assert [text for text, number in times.items() if number > 1] == []


def test_no_held_back_text_is_nearly_a_training_example(
    held_back: list[Utterance], examples: frozenset[str]
) -> None:
    texts = [it.text for it in held_back if not may_repeat_an_example(it.intent, it.text)]
    assert near_duplicates(texts, examples) == []


def test_no_text_typed_in_a_form_is_nearly_a_training_example(
    form_time: list[FormUtterance], examples: frozenset[str]
) -> None:
    texts = [it.text for it in form_time if not may_repeat_an_example(it.means, it.text)]
    assert near_duplicates(texts, examples) == []


def test_what_a_form_asks_is_one_of_its_questions(form_time: list[FormUtterance]) -> None:
    fields = {field.name for form in (EVENT_FORM, MESSAGE_FORM) for field in form.fields}
    assert {it.asking for it in form_time} <= {*fields, *SIDE_QUESTIONS, CONFIRM}


def test_what_a_text_in_a_form_means_is_known(
    form_time: list[FormUtterance], held_back: list[Utterance]
) -> None:
    intents = {it.intent for it in held_back}
    questions = {f"question:{it}" for it in intents if it.startswith("faq_")}
    tasks = {f"task:{it}" for it in intents}
    known = {"answer", "correction", "crisis", "help", *STEPS, *questions, *tasks}
    assert {it.means for it in form_time} <= known


def test_a_correction_names_its_field_and_nothing_else_does(
    form_time: list[FormUtterance],
) -> None:
    assert all(bool(it.field) == (it.means == "correction") for it in form_time)


def test_a_correction_is_about_another_field_unless_its_answer_is_checked(
    form_time: list[FormUtterance],
) -> None:
    assert all(it.field != it.asking or it.asking.endswith(CHECK) for it in form_time)


@pytest.mark.parametrize(
    "text",
    [
        "What is the Healing Map?",
        "¿WHAT   is the healing map!",
        "what is the healing mapp",
        "so what is the healing map",
    ],
)
def test_the_same_words_in_other_clothes_are_a_near_duplicate(text: str) -> None:
    assert near_duplicates([text], ["unrelated", "what is the healing map"]) == [text]


@pytest.mark.parametrize("text", ["where can I see what others did?", "map", "ok", ""])
def test_other_words_are_no_near_duplicate(text: str) -> None:
    assert near_duplicates([text], ["what is the healing map"]) == []


def test_a_text_too_short_to_compare_is_a_duplicate_when_it_is_the_same() -> None:
    assert near_duplicates(["OK", "no"], ["ok"]) == ["OK"]


@pytest.mark.parametrize(
    ("intent", "text", "may"),
    [
        ("affirm", "sí, claro", True),
        ("affirm", "sounds good to me", False),
        ("faq_trht", "trht?", False),
    ],
)
def test_only_the_few_short_words_for_a_meaning_may_repeat_an_example(
    intent: str, text: str, may: bool
) -> None:
    assert may_repeat_an_example(intent, text) == may
