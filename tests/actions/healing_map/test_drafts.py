"""What is wrong with a draft, said before anything is stored."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.clock import CHICAGO
from actions.healing_map.drafts import MessageDraft, without_direction_marks
from tests.actions.healing_map.making import event_draft, virtual_draft


def test_an_ordinary_event_has_no_problems() -> None:
    assert event_draft().problems() == []


def test_a_virtual_event_needs_no_place() -> None:
    assert virtual_draft().problems() == []
    assert virtual_draft(area="Hyde Park", join_url="https://example.org/a?b=c").problems() == []


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"kind": "party"}, "kind is 'party'; it should be one of dialogue"),
        ({"kind": ""}, "kind is missing"),
        ({"title": " "}, "title is missing"),
        ({"title": "x" * 3000}, "title has 3,000 characters, more than 120"),
        ({"title": "two\nlines"}, "title has a tab or a line break"),
        ({"title": "bell\a"}, "title has characters that cannot be shown"),
        ({"description": "half an emoji \ud83d"}, "description has characters that"),
        ({"host_name": ""}, "host_name is missing"),
        ({"at": (41.8, None)}, "longitude is missing"),
        ({"at": (None, None)}, "latitude and longitude are missing, which an event in_person"),
        ({"at": (141.8, -87.6)}, "not on the globe"),
        ({"at": (float("nan"), -87.6)}, "not on the globe"),
        ({"at": (41.88, -87.3)}, "not in Chicago"),
        ({"at": (43.04, -87.91)}, "not in Chicago"),
        ({"at": (-87.6445, 41.72)}, "they seem to be exchanged"),
        ({"area": "Wicker Park"}, "area 'Wicker Park' is none of Chicago's 77"),
        ({"join_url": "javascript:alert(1)"}, "join_url is no web address"),
        ({"join_url": "https://a b"}, "join_url is no web address"),
        ({"join_url": "https://[half"}, "join_url is no web address"),
        ({"starts_at": datetime(2020, 12, 12, 15)}, "starts_at has no offset"),
        ({"starts_at": datetime(1, 1, 1, tzinfo=CHICAGO)}, "starts_at is in the year 1"),
    ],
)
def test_what_cannot_be_is_said(fields: dict[str, Any], problem: str) -> None:
    assert problem in "; ".join(event_draft(**fields).problems())


def test_an_event_ends_after_it_starts() -> None:
    start = datetime(2020, 12, 12, 15, tzinfo=CHICAGO)
    early = event_draft(starts_at=start, ends_at=start - timedelta(minutes=1))
    never = event_draft(starts_at=start, ends_at=start)
    assert early.problems() == never.problems() == ["ends_at is not after starts_at"]


def test_an_event_may_end_by_a_clock_that_was_put_back() -> None:
    start = datetime(2020, 11, 1, 1, 45, fold=0, tzinfo=CHICAGO)
    end = datetime(2020, 11, 1, 1, 15, fold=1, tzinfo=CHICAGO)
    assert event_draft(starts_at=start, ends_at=end).problems() == []
    assert event_draft(starts_at=end, ends_at=start).problems()


def test_a_description_may_have_lines_and_any_letters() -> None:
    assert event_draft(description="Uno\nDos\tTres ¿qué? 平和 🕊️").problems() == []


def test_a_message_has_a_text_of_at_most_a_thousand_characters() -> None:
    assert MessageDraft("Sanar es escuchar.", "es", area="Pullman").problems() == []
    assert MessageDraft("", "en").problems() == ["text is missing"]
    assert MessageDraft("x" * 1001, "en").problems() == [
        "text has 1,001 characters, more than 1,000"
    ]


@given(st.text(), st.text(), st.floats(), st.floats(), st.text())
def test_no_input_breaks_the_check(
    title: str, url: str, latitude: float, longitude: float, area: str
) -> None:
    draft = event_draft(title, (latitude, longitude), join_url=url, area=area)
    assert all(isinstance(problem, str) for problem in draft.problems())


def test_marks_that_turn_the_writing_around_leave_no_trace() -> None:
    copied = "\u2068312\u2069 555 \u202e\u00e1"
    assert without_direction_marks(copied) == "312 555 \u00e1"
