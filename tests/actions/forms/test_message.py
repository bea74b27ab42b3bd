"""The message form: a message in the first sentence, what is read back, and what is stored."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.forms.draft import CONFIRM
from actions.forms.form import FirstSentence
from actions.forms.message import MESSAGE_FORM, answers_of, entry_of, in_words, summary
from actions.healing_map.drafts import MessageDraft
from actions.healing_map.models import MESSAGE_LENGTH
from actions.texts import LANGUAGES, text
from tests.actions.forms.filling import MESSAGE, NOW


def first(typed: str) -> FirstSentence:
    return MESSAGE_FORM.read_first_sentence(typed, "en", NOW)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("I want to leave a message: we are one city", "we are one city"),
        ('leave a note "we heal together"', "we heal together"),
        ("my message of healing: “Be kind, always.”", "Be kind, always."),
        ("quiero dejar un mensaje de sanación: que la paz nos una", "que la paz nos una"),
        ("words of healing:\nline one\nline two", "line one\nline two"),
    ],
)
def test_the_words_behind_the_wish_are_the_message(typed: str, message: str) -> None:
    assert first(typed).answers == {"text": message}


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "I want to leave a message",
        "message: hi",
        "message:",
        "a message of healing for my neighbors",
        "message: " + "x" * (MESSAGE_LENGTH + 1),
    ],
)
def test_without_a_message_behind_it_a_wish_is_only_a_wish(typed: str) -> None:
    assert first(typed) == FirstSentence()


@given(st.text(max_size=200) | st.text('message: "“«»\n', max_size=200))
def test_any_sentence_can_begin_the_form(typed: str) -> None:
    said = first(typed)
    assert len(said.answers.get("text", "")) <= MESSAGE_LENGTH
    assert (said.side, said.asked, said.suggestion) == ({}, "", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_skipped_is_read_back_as_such(language: str) -> None:
    answers = {**MESSAGE, "author": "", "area": ""}
    assert in_words("author", answers, language, NOW) == text("message_author_anonymous", language)
    assert in_words("area", answers, language, NOW) == text("not_given", language)
    assert in_words("consent", answers, language, NOW) == text("message_consent_yes", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_summary_says_the_message_its_author_and_its_area(language: str) -> None:
    words = summary(MESSAGE, language, NOW)
    for field in ("text", "author", "area"):
        assert MESSAGE[field] in words


def test_the_message_holds_what_was_answered() -> None:
    entry = entry_of(MESSAGE, "es")
    assert entry == MessageDraft("We are one city.", "es", "Ana", "Lower West Side")
    assert entry.problems() == []


@pytest.mark.parametrize("answers", [MESSAGE, {**MESSAGE, "author": "", "area": ""}])
def test_a_message_goes_back_into_the_form_as_it_was(answers: dict[str, str]) -> None:
    again = answers_of(entry_of(answers, "en"))
    assert again == answers
    assert MESSAGE_FORM.next_field(again) == CONFIRM
