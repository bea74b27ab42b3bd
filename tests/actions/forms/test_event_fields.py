"""What answers the questions of the event form, and what does not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.forms.answers import Fit, Misfit, SideQuestion
from actions.forms.event import EVENT_FORM
from actions.forms.event_fields import EVENT_FIELDS
from actions.healing_map.models import (
    CONTACT_LENGTH,
    DESCRIPTION_LENGTH,
    HOST_NAME_LENGTH,
    JOIN_URL_LENGTH,
    TITLE_LENGTH,
)
from actions.texts import LANGUAGES
from tests.actions.forms.filling import ELLIS, EVENT, NOW, PILSEN, field_of, read

KIND, TITLE, FORMAT, PLACE, DESCRIPTION, HOST, CONTACT, LINK, ACCESSIBILITY, VISIBILITY = (
    field_of(EVENT_FORM, name)
    for name in (
        *("kind", "title", "format", "place", "description", "host", "contact", "link"),
        *("accessibility", "visibility"),
    )
)


def test_the_fields_are_those_that_other_programs_know_in_the_order_of_the_questions() -> None:
    assert [field.name for field in EVENT_FIELDS] == [
        *("kind", "title", "when", "format", "place", "description", "host", "contact", "link"),
        *("accessibility", "visibility"),
    ]


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("1", "dialogue"),
        ("Dialogue", "dialogue"),
        ("🟣 Dialogue", "dialogue"),
        ("promover el diálogo", "dialogue"),
        ("Encouraging collaboration", "collaboration"),
        ("a neighborhood clean-up", "collaboration"),
        ("Colaboración", "collaboration"),
        ("a book club", "learning"),
        ("facilitar el aprendizaje", "learning"),
        ("un taller", "learning"),
        ("peace circle", "connections"),
        ("Conexiones", "connections"),
        ("a dialoge", "dialogue"),
        ("colavoracion", "collaboration"),
        ("the second option", "collaboration"),
    ],
)
def test_a_kind_is_named_or_described(typed: str, kind: str) -> None:
    assert read(KIND, typed) == Fit({"kind": kind})


@pytest.mark.parametrize("typed", ["learning and dialogue", "a party", "both", "5", ""])
def test_what_is_none_of_the_kinds_or_two_is_no_answer(typed: str) -> None:
    assert read(KIND, typed) == Misfit("choice_misfit")


@pytest.mark.parametrize(
    "typed", ['=HYPERLINK("http://x.org")', "<b>Circle</b>", "What is healing?"]
)
def test_a_title_is_kept_as_it_was_typed(typed: str) -> None:
    assert read(TITLE, typed) == Fit({"title": typed})


def test_a_title_of_3000_characters_is_too_long() -> None:
    too_long = {"length": "3,000", "most": str(TITLE_LENGTH)}
    assert read(TITLE, "x" * 3000) == Misfit("title_misfit", too_long)


def test_a_description_may_be_as_long_as_the_map_shows() -> None:
    assert isinstance(read(DESCRIPTION, "x" * DESCRIPTION_LENGTH), Fit)
    assert isinstance(read(DESCRIPTION, "x" * (DESCRIPTION_LENGTH + 1)), Misfit)


@pytest.mark.parametrize(
    ("typed", "choice"),
    [
        ("in person", "in_person"),
        ("In-person", "in_person"),
        ("presencial", "in_person"),
        ("on Zoom", "virtual"),
        ("por internet", "virtual"),
        ("both", "hybrid"),
        ("De las dos formas", "hybrid"),
        ("in person and online", "hybrid"),
        ("online & in person", "hybrid"),
        ("en persona y también por Zoom", "hybrid"),
    ],
)
def test_how_people_take_part_is_said_in_words(typed: str, choice: str) -> None:
    assert read(FORMAT, typed) == Fit({"format": choice})


@pytest.mark.parametrize(
    ("typed", "name", "host_type"),
    [
        ("Trinity Church", "Trinity Church", "organization"),
        ("we are the Kenwood Neighbors.", "the Kenwood Neighbors", "organization"),
        ("Biblioteca Woodson", "Biblioteca Woodson", "organization"),
        ("NAACP", "NAACP", "organization"),
        ("Ana Reyes", "Ana Reyes", "individual"),
        ("I'm Ana Reyes", "Ana Reyes", "individual"),
        ("Me llamo María de la Cruz", "María de la Cruz", "individual"),
        ("J. O'Brien", "J. O'Brien", "individual"),
        ("Jean-Luc Ñúñez", "Jean-Luc Ñúñez", "individual"),
    ],
)
def test_a_hosts_name_tells_who_they_are(typed: str, name: str, host_type: str) -> None:
    assert read(HOST, typed) == Fit({"host": {"name": name, "type": host_type}})


@pytest.mark.parametrize(
    "typed", ["Ana", "Block 37", "Austin Weavers", "Ana & Ben", "<b>Bob Smith</b>", "李小龙"]
)
def test_in_doubt_it_is_asked_what_a_host_is(typed: str) -> None:
    assert read(HOST, typed) == SideQuestion({"name": typed})


@pytest.mark.parametrize("typed", ["The Weavers", "Los Tejedores", "the Reyes"])
def test_a_name_with_an_article_is_nobodys_own(typed: str) -> None:
    assert read(HOST, typed) == SideQuestion({"name": typed})


@pytest.mark.parametrize(("typed", "intent"), [("none", "inform"), ("no", "deny"), ("x", "skip")])
def test_a_virtual_event_may_have_no_place(typed: str, intent: str) -> None:
    assert read(PLACE, typed, intent, answers={"format": "virtual"}) == Fit({"place": {}})
    in_person = read(PLACE, typed, intent, answers={"format": "in_person"})
    assert isinstance(in_person, Misfit)


@pytest.mark.parametrize("typed", ["me", "It's me", "yo mismo", "", "123", "=1+1", "I am"])
def test_a_host_without_a_name_is_asked_for_it(typed: str) -> None:
    assert read(HOST, typed) == Misfit("host_empty")


def test_a_hosts_name_may_be_as_long_as_the_map_shows() -> None:
    assert isinstance(read(HOST, "x" * HOST_NAME_LENGTH), SideQuestion)
    finding = read(HOST, "x" * (HOST_NAME_LENGTH + 1))
    assert finding == Misfit("host_misfit", {"most": str(HOST_NAME_LENGTH)})


@pytest.mark.parametrize(
    "typed",
    [
        "ana@example.org",
        "312-555-0123",
        "(312) 555-0123",
        "+1 312 555 0123",
        "555-0123",
        "@ana_reyes",
        "Ana, ana@example.org or 312.555.0123",
        "mi correo es ana@correo.mx",
    ],
)
def test_a_contact_is_an_address_a_number_or_a_name_to_write_to(typed: str) -> None:
    assert read(CONTACT, typed) == Fit({"contact": typed})


@pytest.mark.parametrize(
    "typed",
    [
        "call me",
        "ana at example dot org",
        "ana@example",
        "@",
        "911",
        "12345",
        "1234567890123456",
        "=HYPERLINK(1)",
        "",
        "ana@example.org " + "x" * CONTACT_LENGTH,
    ],
)
def test_a_contact_that_is_none_is_no_answer(typed: str) -> None:
    assert read(CONTACT, typed) == Misfit("contact_misfit")


@pytest.mark.parametrize(
    ("typed", "link"),
    [
        ("https://zoom.us/j/123", "https://zoom.us/j/123"),
        ("http://x.org", "http://x.org"),
        ("zoom.us/j/123", "https://zoom.us/j/123"),
        ("www.example.org.", "https://www.example.org"),
        ("it is <https://zoom.us/j/1?pwd=a%20b> see you", "https://zoom.us/j/1?pwd=a%20b"),
        ("meet.google.com/abc-defg", "https://meet.google.com/abc-defg"),
        ("http://localhost.example:8080/x", "http://localhost.example:8080/x"),
    ],
)
def test_a_link_is_found_in_what_was_typed(typed: str, link: str) -> None:
    assert read(LINK, typed) == Fit({"link": link})


@pytest.mark.parametrize(
    "typed",
    [
        "soon",
        "javascript:alert(1)",
        "ftp://x.org",
        "ana@example.org",
        "3.5",
        "12.12.2020",
        "e.g. later",
        "http://[::1",
        "",
        "https://" + "a" * JOIN_URL_LENGTH + ".org",
    ],
)
def test_a_link_that_no_browser_opens_is_no_answer(typed: str) -> None:
    assert read(LINK, typed) == Misfit("link_misfit")


@pytest.mark.parametrize(
    ("typed", "intent"), [("none", "inform"), ("no tengo", "inform"), ("nope", "deny")]
)
def test_contact_and_link_can_be_refused(typed: str, intent: str) -> None:
    assert read(CONTACT, typed, intent) == Fit({"contact": ""})
    assert read(LINK, typed, intent) == Fit({"link": ""})


@pytest.mark.parametrize(
    ("typed", "intent", "choice"),
    [
        ("yes", "affirm", "accessible"),
        ("nope", "deny", "not_accessible"),
        ("there is a ramp", "inform", "accessible"),
        ("no ramp", "deny", "not_accessible"),
        ("only stairs, sorry", "inform", "not_accessible"),
        ("I don't know", "inform", "unknown"),
        ("no sé", "deny", "unknown"),
        ("hay elevador", "affirm", "accessible"),
    ],
)
def test_whether_a_wheelchair_gets_in_is_said_in_words(
    typed: str, intent: str, choice: str
) -> None:
    assert read(ACCESSIBILITY, typed, intent) == Fit({"accessibility": choice})


@pytest.mark.parametrize(
    ("typed", "choice"),
    [
        ("The exact place", "public"),
        ("show it", "public"),
        ("el lugar exacto", "public"),
        ("not the exact place", "area_only"),
        ("hide it", "area_only"),
        ("solo la zona", "area_only"),
        ("no el lugar exacto", "area_only"),
    ],
)
def test_how_exactly_a_place_is_shown_is_said_in_words(typed: str, choice: str) -> None:
    assert read(VISIBILITY, typed) == Fit({"visibility": choice})


@pytest.mark.parametrize("typed", ["yes", "maybe", "", "Milwaukee"])
def test_in_doubt_a_place_is_not_shown(typed: str) -> None:
    assert read(VISIBILITY, typed) == Misfit("choice_misfit")


@pytest.mark.parametrize(
    ("format", "asked"),
    [
        ("in_person", {"accessibility": True, "link": False, "place may be skipped": False}),
        ("virtual", {"accessibility": False, "link": True, "place may be skipped": True}),
        ("hybrid", {"accessibility": True, "link": True, "place may be skipped": False}),
    ],
)
def test_what_is_asked_follows_from_how_people_take_part(
    format: str, asked: dict[str, bool]
) -> None:
    answers = {"format": format}
    assert asked == {
        "accessibility": ACCESSIBILITY.applies(answers),
        "link": LINK.applies(answers),
        "place may be skipped": PLACE.may_skip(answers),
    }


@pytest.mark.parametrize(
    ("answers", "applies"),
    [({}, False), ({"place": {}}, False), ({"place": PILSEN}, False), ({"place": ELLIS}, True)],
)
def test_only_an_exact_place_can_be_shown_exactly(answers: dict[str, Any], applies: bool) -> None:
    assert VISIBILITY.applies(answers) is applies


@settings(deadline=None)
@given(
    st.text(max_size=80) | st.text("@.-+()0123456789ah:/# ", max_size=80),
    st.sampled_from(["inform", "affirm", "deny", "skip"]),
    st.sampled_from(LANGUAGES),
    st.booleans(),
)
def test_no_text_breaks_a_reader(typed: str, intent: str, language: str, is_full: bool) -> None:
    for field in EVENT_FIELDS:
        answers = EVENT if is_full else {}
        finding = read(field, typed, intent, language=language, now=NOW, answers=answers)
        assert isinstance(finding, Fit | Misfit | SideQuestion)
