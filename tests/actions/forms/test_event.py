"""The event form: one rich sentence, what is read back, and the event that comes of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.forms.answers import Fit
from actions.forms.draft import CONFIRM
from actions.forms.event import EVENT_FORM, answers_of, entry_of, in_words, summary
from actions.forms.form import FirstSentence
from actions.healing_map.drafts import EventDraft
from actions.healing_map.models import TITLE_LENGTH
from actions.texts import LANGUAGES, text
from tests.actions.forms.filling import ELLIS, EVENT, NOW, PILSEN, SATURDAY, field_of, read
from tests.actions.healing_map.making import event_draft, virtual_draft

VIRTUAL: dict[str, Any] = {
    "kind": "dialogue",
    "title": "Online circle",
    "when": SATURDAY,
    "format": "virtual",
    "place": {},
    "description": "We listen.",
    "host": {"name": "Ana Reyes", "type": "individual"},
    "contact": "",
    "link": "https://zoom.us/j/1",
}

HYBRID = {**EVENT, "format": "hybrid", "link": "https://zoom.us/j/1"}
WRITABLE = st.characters(blacklist_categories=("Cs", "Cc"), whitelist_characters="\n\t")
"""What reaches a form: other characters are taken out of a text before (see bot/assistant.py)."""
WRITABLE_AS_CONTACT = "@.-+()0123456789ah:/# w"


def first(typed: str, language: str = "en") -> FirstSentence:
    return EVENT_FORM.read_first_sentence(typed, language, NOW)


def test_a_rich_sentence_fills_what_it_says() -> None:
    said = first("I'm hosting a book club at the Woodson library on Dec 12 at 3pm")
    assert said.answers["kind"] == "learning"
    assert said.answers["when"] == {**SATURDAY, "end_guessed": True}
    assert said.answers["place"]["address"] == "Carter G. Woodson Regional Library"
    assert said.answers["format"] == "in_person"
    assert said.suggestion == "Book club"
    assert (said.side, said.asked) == ({}, "")


def test_a_rich_sentence_in_spanish_fills_the_same() -> None:
    said = first(
        "Quiero organizar un club de lectura en la biblioteca Woodson"
        " el 12 de diciembre de 3 a 5 de la tarde",
        "es",
    )
    assert said.answers["kind"] == "learning"
    assert said.answers["when"] == SATURDAY
    assert said.answers["place"]["area"] == "Washington Heights"
    assert said.answers["format"] == "in_person"
    assert said.suggestion == "Club de lectura"


@pytest.mark.parametrize("typed", ["", "I want to host an event", "quiero hacer un evento", "host"])
def test_a_sentence_that_says_nothing_fills_nothing(typed: str) -> None:
    assert first(typed) == FirstSentence()


@pytest.mark.parametrize(
    ("typed", "asked", "side"),
    [
        ("hosting a healing circle tomorrow", "when", {"day": "2020-12-09"}),
        ("a peace circle this weekend", "when", {"which_day": True}),
        (
            "we held a food drive on Dec 1 from 3 to 5 pm",
            "when_check",
            {"when": {"start": "2020-12-01T15:00:00-06:00", "end": "2020-12-01T17:00:00-06:00"}},
        ),
    ],
)
def test_a_date_that_is_not_clear_is_asked_first(
    typed: str, asked: str, side: dict[str, Any]
) -> None:
    said = first(typed)
    assert (said.asked, said.side) == (asked, side)
    assert "when" not in said.answers


def test_a_link_and_a_contact_in_the_sentence_are_taken() -> None:
    said = first("host an online circle, https://zoom.us/j/1, questions to ana@example.org")
    assert said.answers["link"] == "https://zoom.us/j/1"
    assert said.answers["contact"] == "ana@example.org"


def test_where_an_area_is_named_people_may_meet_online() -> None:
    said = first("a peace circle in Pilsen")
    assert said.answers["place"]["name"] == "Pilsen"
    assert "format" not in said.answers


def test_how_people_take_part_is_taken_over_as_it_is_said() -> None:
    said = first("a virtual book club from the Woodson library")
    assert said.answers["format"] == "virtual"
    both = first("a book club in person and online at the Woodson library")
    assert both.answers.get("format") != "virtual"


@pytest.mark.parametrize(
    "typed", ["host something in Milwaukee", "an event in Humboldt Park or Pilsen", "a circle here"]
)
def test_a_place_that_is_not_clear_is_left_to_its_question(typed: str) -> None:
    assert "place" not in first(typed).answers


def test_two_kinds_are_left_to_the_question() -> None:
    assert "kind" not in first("hosting a book club with a peace circle").answers


@pytest.mark.parametrize("typed", ["host an event on Feb 30", "host an event from 5pm to 3pm"])
def test_an_impossible_date_is_left_to_its_question(typed: str) -> None:
    said = first(typed)
    assert "when" not in said.answers
    assert said.asked == ""


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [
        ("We are organizing a block party for racial healing", "Block party"),
        ("I'd like to register our street  mural\tpainting", "Street mural painting"),
        ("quiero organizar un círculo de paz para jóvenes", "Círculo de paz"),
        ("hosting an event", ""),
        ("quiero registrar un evento virtual", ""),
        ("book club on Dec 12", ""),
    ],
)
def test_a_title_is_suggested_from_what_the_event_is_called(typed: str, suggestion: str) -> None:
    assert first(typed).suggestion == suggestion


@settings(deadline=None)
@given(
    st.text(max_size=120)
    | st.lists(st.sampled_from(["host", "a ", "book", "club", "dec 12"])).map(str),
    st.sampled_from(LANGUAGES),
)
def test_any_sentence_can_begin_the_form(typed: str, language: str) -> None:
    said = first(typed, language)
    assert len(said.suggestion) <= TITLE_LENGTH
    assert bool(said.side) == bool(said.asked)
    assert EVENT_FORM.settled({}, said.answers) == {**said.answers}


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("kind", "🟠 Learning"),
        ("title", "Book club"),
        ("when", "Saturday, December 12, 3:00 PM to 5:00 PM"),
        ("format", "In person"),
        ("place", "4100 S Ellis Ave (Oakland)"),
        ("description", "We read together."),
        ("host", "Kenwood Neighbors (organization)"),
        ("contact", "ana@example.org"),
        ("link", "not given"),
        ("accessibility", "Yes"),
        ("visibility", "The exact place"),
    ],
)
def test_every_answer_is_read_back_in_words(field: str, words: str) -> None:
    assert in_words(field, EVENT, "en", NOW) == words


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_summary_says_all_answers(language: str) -> None:
    words = summary(EVENT, language, NOW)
    for field in EVENT.keys() - {"kind"}:
        assert in_words(field, EVENT, language, NOW) in words
    assert text("kind_learning", language) in words
    assert "{" not in words


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_summary_of_a_virtual_event_says_its_link_and_nothing_of_wheelchairs(
    language: str,
) -> None:
    words = summary(VIRTUAL, language, NOW)
    assert "https://zoom.us/j/1" in words
    assert text("not_given", language) in words
    wheelchair = text("event_summary_accessibility", language, accessibility="").strip()
    assert wheelchair not in words


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_summary_says_that_an_area_is_shown_as_such(language: str) -> None:
    answers = {**EVENT, "place": PILSEN}
    del answers["visibility"]
    area_only = text("event_visibility_area_only", language)
    assert text("event_summary_visibility", language, visibility=area_only) in summary(
        answers, language, NOW
    )


def test_markup_braces_and_formulas_are_read_back_as_they_were_typed() -> None:
    strange = '=HYPERLINK("http://x") <b>{title}</b> %s'
    assert strange in summary({**EVENT, "title": strange}, "en", NOW)


def test_the_event_holds_what_was_answered() -> None:
    entry = entry_of(EVENT, "es")
    assert entry.problems() == []
    assert entry == EventDraft(
        kind="learning",
        title="Book club",
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        format="in_person",
        host_name="Kenwood Neighbors",
        host_type="organization",
        language="es",
        address_visibility="public",
        description="We read together.",
        address="4100 S Ellis Ave",
        latitude=ELLIS["latitude"],
        longitude=ELLIS["longitude"],
        area="Oakland",
        contact="ana@example.org",
        accessibility="accessible",
    )
    assert entry.starts_at.isoformat() == SATURDAY["start"]
    assert entry.ends_at.isoformat() == SATURDAY["end"]


def test_what_was_skipped_is_empty_and_shown_to_nobody() -> None:
    entry = entry_of(VIRTUAL, "en")
    assert entry.problems() == []
    assert (entry.latitude, entry.area, entry.contact) == (None, "", "")
    assert entry.accessibility == "unknown"
    assert entry.address_visibility == "area_only"
    skipped = entry_of({**EVENT, "accessibility": ""}, "en")
    assert skipped.accessibility == "unknown"


@pytest.mark.parametrize(
    "answers",
    [
        EVENT,
        VIRTUAL,
        {**EVENT, "visibility": "area_only"},
        {**VIRTUAL, "place": PILSEN},
        {**EVENT, "format": "hybrid", "link": ""},
        {**EVENT, "place": {**ELLIS, "address": ""}},
    ],
)
def test_an_event_goes_back_into_the_form_as_it_was(answers: dict[str, Any]) -> None:
    entry = entry_of(answers, "en")
    again = answers_of(entry)
    assert entry_of(again, "en") == entry
    assert EVENT_FORM.next_field(again) == CONFIRM
    assert EVENT_FORM.settled(again, {}) == again


@pytest.mark.parametrize(
    "entry",
    [
        event_draft(),
        event_draft(address_visibility="area_only", contact="ana@example.org"),
        event_draft(address_visibility="area_only", address="4100 S Ellis Ave"),
        virtual_draft(),
        virtual_draft(area="Loop"),
        event_draft(format="hybrid", join_url="https://zoom.us/j/1", accessibility="accessible"),
    ],
)
def test_an_event_that_came_in_another_way_goes_into_the_form_too(entry: EventDraft) -> None:
    again = entry_of(answers_of(entry), entry.language)
    lost = {"area", "address_visibility"}
    kept = [name for name in EventDraft.__slots__ if name not in lost]
    assert [getattr(again, name) for name in kept] == [getattr(entry, name) for name in kept]
    if entry.address_visibility == "area_only":
        assert again.address_visibility == "area_only"
    assert again.problems() == []
    assert summary(answers_of(entry), "en", NOW)


@settings(deadline=None)
@given(
    st.text(WRITABLE, max_size=60) | st.text(WRITABLE_AS_CONTACT, max_size=60),
    st.sampled_from(("title", "description", "host", "contact", "link", "place")),
)
def test_whatever_a_field_takes_the_map_takes(typed: str, name: str) -> None:
    finding = read(field_of(EVENT_FORM, name), typed)
    if isinstance(finding, Fit):
        answers = EVENT_FORM.settled(HYBRID, finding.answers)
        assert entry_of(answers, "en").problems() == []
        assert summary(answers, "en", NOW)


def test_what_is_free_text_may_look_like_anything() -> None:
    for name in ("title", "description"):
        answers = {**EVENT, name: "What is racial healing? <b>=1+1</b> {x}"}
        assert getattr(entry_of(answers, "en"), name) == answers[name]
