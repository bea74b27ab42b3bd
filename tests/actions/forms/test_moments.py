"""When an event is: read out of one answer or several, corrected, and read back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.clock import CHICAGO
from actions.forms.answers import Asked, Finding, Fit, Misfit, SideQuestion
from actions.forms.event_fields import EVENT_FIELDS
from actions.forms.moments import changed_when, read_when, says_end, when_in_words
from actions.healing_map.drafts import FIRST_YEAR, LAST_YEAR
from actions.texts import LANGUAGES
from tests.actions.forms.filling import EVENT, NOW, SATURDAY

SATURDAYS_HOURS = {"day": "2020-12-12"}
"""Saturday is known, and its hours are asked for."""
ALL_SATURDAY = {"start": "2020-12-12T00:00:00-06:00", "end": "2020-12-13T00:00:00-06:00"}


def reading(
    typed: str,
    language: str = "en",
    *,
    now: datetime = NOW,
    side: dict[str, Any] | None = None,
    before: dict[str, Any] | None = None,
    intent: str = "inform",
) -> Finding:
    answers = {"when": before} if before else {}
    return read_when(Asked(typed, intent, language, now, answers, side or {}))


def when(finding: Finding) -> str:
    """The span that was understood, as "12-12 15:00 > 17:00" or with two dates and the year."""
    assert isinstance(finding, Fit), finding
    return said(finding.answers["when"])


def past(finding: Finding) -> str:
    """The span of which it is asked whether it is meant, because it is over."""
    assert isinstance(finding, SideQuestion), finding
    assert finding.has_name
    return said(finding.side["when"])


def said(answer: dict[str, Any]) -> str:
    start, end = (datetime.fromisoformat(answer[name]) for name in ("start", "end"))
    closing = f"{end:%H:%M}" if end.date() == start.date() else f"{end:%Y-%m-%d %H:%M}"
    return f"{start:%Y-%m-%d %H:%M} > {closing}"


def asked_for(finding: Finding) -> dict[str, Any]:
    """What is known when the question is asked once more, and more precisely."""
    assert isinstance(finding, SideQuestion), finding
    assert not finding.has_name
    return finding.side


@pytest.mark.parametrize(
    ("typed", "language", "expected"),
    [
        ("December 12, 3 to 5 pm", "en", "2020-12-12 15:00 > 17:00"),
        ("12/12 from 15:00 to 17:00", "en", "2020-12-12 15:00 > 17:00"),
        ("Dec 12 3pm until 6", "en", "2020-12-12 15:00 > 18:00"),
        ("tomorrow from 10 to noon", "en", "2020-12-09 10:00 > 12:00"),
        ("next Saturday 10am-2pm", "en", "2020-12-19 10:00 > 14:00"),
        ("12 de diciembre, de 3 a 5 de la tarde", "es", "2020-12-12 15:00 > 17:00"),
        ("el sábado de 10 a 12", "es", "2020-12-12 10:00 > 12:00"),
        ("mañana de 4 a 6 de la tarde", "es", "2020-12-09 16:00 > 18:00"),
        # The other language is understood as well.
        ("el 12 de diciembre de 3 a 5", "en", "2020-12-12 15:00 > 17:00"),
        ("December 12, 3 to 5 pm", "es", "2020-12-12 15:00 > 17:00"),
    ],
)
def test_a_day_with_its_hours_is_the_answer(typed: str, language: str, expected: str) -> None:
    assert when(reading(typed, language)) == expected


@pytest.mark.parametrize(
    ("typed", "language", "expected"),
    [
        ("Dec 12 at 3pm", "en", "2020-12-12 15:00 > 17:00"),
        ("Saturday at noon", "en", "2020-12-12 12:00 > 14:00"),
        ("Dec 12 at 11 pm", "en", "2020-12-12 23:00 > 2020-12-13 01:00"),
        ("el sábado a mediodía", "es", "2020-12-12 12:00 > 14:00"),
        ("12 de diciembre a las 3", "es", "2020-12-12 15:00 > 17:00"),
    ],
)
def test_without_an_end_two_hours_are_guessed_and_marked_as_such(
    typed: str, language: str, expected: str
) -> None:
    finding = reading(typed, language)
    assert when(finding) == expected
    assert isinstance(finding, Fit)
    assert finding.answers["when"]["end_guessed"] is True


def test_an_end_that_was_said_is_not_marked_as_guessed() -> None:
    finding = reading("Dec 12, 3 to 5 pm")
    assert finding == Fit({"when": SATURDAY})


@pytest.mark.parametrize(
    ("typed", "language", "day"),
    [
        ("Dec 12", "en", "2020-12-12"),
        ("Saturday", "en", "2020-12-12"),
        ("today", "en", "2020-12-08"),
        ("the 14th", "en", "2020-12-14"),
        ("January 1", "en", "2021-01-01"),
        ("el 14", "es", "2020-12-14"),
        ("mañana", "es", "2020-12-09"),
    ],
)
def test_of_a_day_alone_the_hours_are_asked(typed: str, language: str, day: str) -> None:
    assert asked_for(reading(typed, language)) == {"day": day}


@pytest.mark.parametrize(
    ("typed", "language"),
    [("this weekend", "en"), ("next week", "en"), ("Dec 12 to 25", "en"), ("este mes", "es")],
)
def test_of_many_days_it_is_asked_which(typed: str, language: str) -> None:
    assert asked_for(reading(typed, language)) == {"which_day": True}


@pytest.mark.parametrize(
    ("typed", "language", "expected"),
    [
        ("4", "en", "2020-12-12 16:00 > 18:00"),
        ("at 4", "en", "2020-12-12 16:00 > 18:00"),
        ("4:30", "en", "2020-12-12 16:30 > 18:30"),
        ("10", "en", "2020-12-12 10:00 > 12:00"),
        ("16:00", "en", "2020-12-12 16:00 > 18:00"),
        ("3-5", "en", "2020-12-12 15:00 > 17:00"),
        ("3 to 5", "en", "2020-12-12 15:00 > 17:00"),
        ("from 3 to 5pm", "en", "2020-12-12 15:00 > 17:00"),
        ("10–2", "en", "2020-12-12 10:00 > 14:00"),
        ("noon", "en", "2020-12-12 12:00 > 14:00"),
        ("in the afternoon", "en", "2020-12-12 12:00 > 18:00"),
        ("a las 4", "es", "2020-12-12 16:00 > 18:00"),
        ("A las 4", "es", "2020-12-12 16:00 > 18:00"),
        ("4", "es", "2020-12-12 16:00 > 18:00"),
        ("de 3 a 5", "es", "2020-12-12 15:00 > 17:00"),
        ("3 a 5", "es", "2020-12-12 15:00 > 17:00"),
        ("mediodía", "es", "2020-12-12 12:00 > 14:00"),
        ("16h", "es", "2020-12-12 16:00 > 18:00"),
    ],
)
def test_hours_alone_belong_to_the_day_that_is_known(
    typed: str, language: str, expected: str
) -> None:
    assert when(reading(typed, language, side=SATURDAYS_HOURS)) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Dec 13 at 3", "2020-12-13 15:00 > 17:00"),
        ("Sunday, 3 to 5", "2020-12-13 15:00 > 17:00"),
        ("el domingo a las 3", "2020-12-13 15:00 > 17:00"),
    ],
)
def test_another_day_said_with_the_hours_is_meant(typed: str, expected: str) -> None:
    assert when(reading(typed, side=SATURDAYS_HOURS)) == expected


def test_another_day_alone_asks_for_its_hours() -> None:
    assert asked_for(reading("sunday", side=SATURDAYS_HOURS)) == {"day": "2020-12-13"}


@pytest.mark.parametrize(
    ("typed", "language"),
    [
        ("all day", "en"),
        ("The whole day", "en"),
        ("it lasts all day long", "en"),
        ("todo el día", "es"),
        ("el día entero", "es"),
    ],
)
def test_a_known_day_can_be_taken_whole(typed: str, language: str) -> None:
    assert reading(typed, language, side=SATURDAYS_HOURS) == Fit({"when": ALL_SATURDAY})


@pytest.mark.parametrize(
    ("typed", "language", "expected"),
    [
        ("all day on Dec 12", "en", "2020-12-12 00:00 > 2020-12-13 00:00"),
        ("todo el día el sábado", "es", "2020-12-12 00:00 > 2020-12-13 00:00"),
        ("Dec 12-13", "en", "2020-12-12 00:00 > 2020-12-14 00:00"),
        ("Dec 30 to Jan 2", "en", "2020-12-30 00:00 > 2021-01-03 00:00"),
        ("del 12 al 14 de diciembre", "es", "2020-12-12 00:00 > 2020-12-15 00:00"),
        ("this weekend, all day", "en", "2020-12-12 00:00 > 2020-12-14 00:00"),
    ],
)
def test_whole_days_last_until_the_midnight_after_them(
    typed: str, language: str, expected: str
) -> None:
    assert when(reading(typed, language)) == expected


@pytest.mark.parametrize(
    ("now", "typed", "expected"),
    [
        # An hour that the clocks skip in spring is the one after it.
        ("2021-03-10", "March 14 at 2:30 am", "2021-03-14 03:30 > 05:30"),
        ("2021-03-10", "March 14, 1 am to 4 am", "2021-03-14 01:00 > 04:00"),
        ("2020-10-28", "November 1, 1 am to 2 am", "2020-11-01 01:00 > 02:00"),
        ("2020-10-28", "all day on November 1", "2020-11-01 00:00 > 2020-11-02 00:00"),
    ],
)
def test_days_on_which_the_clocks_change_are_read_by_the_clock(
    now: str, typed: str, expected: str
) -> None:
    moment = datetime.fromisoformat(f"{now}T10:00").replace(tzinfo=CHICAGO)
    assert when(reading(typed, now=moment)) == expected


def test_an_hour_that_the_clocks_leave_out_is_no_length_of_time() -> None:
    before_spring = datetime(2021, 3, 10, 10, 0, tzinfo=CHICAGO)
    finding = reading("March 14, 2:30 am to 3:30 am", now=before_spring)
    assert finding == Misfit("when_order", side={"day": "2021-03-14"})


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Dec 31 from 10 pm to 2 am", "2020-12-31 22:00 > 2021-01-01 02:00"),
        ("Dec 31 at 11 pm", "2020-12-31 23:00 > 2021-01-01 01:00"),
        ("January 1 at noon", "2021-01-01 12:00 > 14:00"),
        ("January 31, 3 to 5", "2021-01-31 15:00 > 17:00"),
    ],
)
def test_the_year_ends_in_the_middle_of_the_campaign(typed: str, expected: str) -> None:
    assert when(reading(typed)) == expected


@pytest.mark.parametrize(
    ("typed", "language", "expected"),
    [
        ("December 1, 3 to 5 pm", "en", "2020-12-01 15:00 > 17:00"),
        ("Dec 1 at 5pm", "en", "2020-12-01 17:00 > 19:00"),
        ("1 de diciembre a las 5", "es", "2020-12-01 17:00 > 19:00"),
        ("yesterday from 2 to 4", "en", "2020-12-07 14:00 > 16:00"),
        ("last Saturday, 2-4 pm", "en", "2020-12-05 14:00 > 16:00"),
        ("ayer a las 5", "es", "2020-12-07 17:00 > 19:00"),
        ("all day on December 1", "en", "2020-12-01 00:00 > 2020-12-02 00:00"),
    ],
)
def test_a_past_event_is_asked_about_once(typed: str, language: str, expected: str) -> None:
    assert past(reading(typed, language)) == expected


def test_december_1_read_on_december_8_is_last_week_unless_a_year_is_said() -> None:
    assert asked_for(reading("December 1")) == {"day": "2020-12-01"}
    assert asked_for(reading("December 1, 2021")) == {"day": "2021-12-01"}
    assert when(reading("December 1, 2021, 3 to 5 pm")) == "2021-12-01 15:00 > 17:00"


def test_half_a_year_ahead_is_still_ahead() -> None:
    assert when(reading("July 4 at noon")) == "2021-07-04 12:00 > 14:00"


def test_what_has_begun_today_is_not_over() -> None:
    assert when(reading("today from 9 am to 11 am")) == "2020-12-08 09:00 > 11:00"


def test_february_29_is_no_day_of_the_coming_year_and_is_one_of_a_leap_year() -> None:
    assert reading("Feb 29 at 3 pm") == Misfit("when_misfit")
    assert past(reading("Feb 29 2020 at 3 pm")) == "2020-02-29 15:00 > 17:00"
    in_spring = datetime(2027, 3, 10, 10, 0, tzinfo=CHICAGO)
    assert when(reading("Feb 29 at 3 pm", now=in_spring)) == "2028-02-29 15:00 > 17:00"


@pytest.mark.parametrize("typed", ["1999-12-12 3pm", "12/12/1999 at 3 pm"])
def test_a_year_that_no_event_has_is_said_so(typed: str) -> None:
    assert reading(typed) == Misfit("when_year")


@pytest.mark.parametrize(
    "typed", ["", "???", "soon", "Feb 30", "the 45th", "25:99", "🙂", "3 apples"]
)
def test_what_is_no_time_is_said_so(typed: str) -> None:
    assert reading(typed) == Misfit("when_misfit")
    assert reading(typed, side=SATURDAYS_HOURS) == Misfit("when_misfit", side=SATURDAYS_HOURS)


@pytest.mark.parametrize(
    ("typed", "language", "day"),
    [
        ("Dec 12 from 5 to 3", "en", "2020-12-12"),
        ("Dec 12 5pm-3pm", "en", "2020-12-12"),
        ("from 5 pm to 3 pm on Dec 12", "en", "2020-12-12"),
        ("Dec 1, 5pm - 3pm", "en", "2020-12-01"),
        ("sábado de 5 a 3", "es", "2020-12-12"),
        ("el 12 de diciembre de 5 a 3", "es", "2020-12-12"),
    ],
)
def test_an_end_before_the_start_asks_for_both_hours_of_that_day(
    typed: str, language: str, day: str
) -> None:
    assert reading(typed, language) == Misfit("when_order", side={"day": day})


@pytest.mark.parametrize(("typed", "language"), [("5 to 3", "en"), ("de 5 a 3", "es")])
def test_an_end_before_the_start_keeps_the_day_that_is_known(typed: str, language: str) -> None:
    turned = Misfit("when_order", side=SATURDAYS_HOURS)
    assert reading(typed, language, side=SATURDAYS_HOURS) == turned
    assert reading(typed, language, before=SATURDAY) == turned


@pytest.mark.parametrize("typed", ["until 6", "hasta las 6", "it ends at 6"])
def test_an_end_alone_is_no_start(typed: str) -> None:
    finding = reading(typed, side=SATURDAYS_HOURS)
    assert finding == Misfit("when_misfit", side=SATURDAYS_HOURS)


@pytest.mark.parametrize(
    ("typed", "language", "expected"),
    [
        ("at 4", "en", "2020-12-12 16:00 > 18:00"),
        ("4", "en", "2020-12-12 16:00 > 18:00"),
        ("noon", "en", "2020-12-12 12:00 > 14:00"),
        ("a las 4", "es", "2020-12-12 16:00 > 18:00"),
        ("2 to 6", "en", "2020-12-12 14:00 > 18:00"),
        ("Sunday", "en", "2020-12-13 15:00 > 17:00"),
        ("el domingo", "es", "2020-12-13 15:00 > 17:00"),
        ("Sunday at 4", "en", "2020-12-13 16:00 > 18:00"),
        ("the 14th", "en", "2020-12-14 15:00 > 17:00"),
        ("the 10th", "en", "2020-12-10 15:00 > 17:00"),
        ("January 2, 10 am to noon", "en", "2021-01-02 10:00 > 12:00"),
        ("Dec 13-14", "en", "2020-12-13 00:00 > 2020-12-15 00:00"),
        ("all day", "en", "2020-12-12 00:00 > 2020-12-13 00:00"),
        ("todo el día", "es", "2020-12-12 00:00 > 2020-12-13 00:00"),
        ("until 6", "en", "2020-12-12 15:00 > 18:00"),
        ("it ends at 7:30", "en", "2020-12-12 15:00 > 19:30"),
        ("until midnight", "en", "2020-12-12 15:00 > 2020-12-13 00:00"),
        ("until 6 on Dec 13", "en", "2020-12-12 15:00 > 2020-12-13 18:00"),
        ("hasta las 6", "es", "2020-12-12 15:00 > 18:00"),
        ("termina a las 6 de la tarde", "es", "2020-12-12 15:00 > 18:00"),
        ("hasta las 6", "en", "2020-12-12 15:00 > 18:00"),
    ],
)
def test_a_correction_changes_what_it_says_and_leaves_the_rest(
    typed: str, language: str, expected: str
) -> None:
    assert when(reading(typed, language, before=SATURDAY)) == expected


def test_the_14th_is_the_one_near_to_the_events_date() -> None:
    in_january = {"start": "2021-01-20T15:00:00-06:00", "end": "2021-01-20T17:00:00-06:00"}
    assert when(reading("the 14th", before=in_january)) == "2021-01-14 15:00 > 17:00"
    assert when(reading("the 25th", before=in_january)) == "2021-01-25 15:00 > 17:00"


def test_a_changed_hour_stays_in_the_year_that_was_said() -> None:
    in_a_year = {"start": "2021-12-01T15:00:00-06:00", "end": "2021-12-01T17:00:00-06:00"}
    assert when(reading("at 4", before=in_a_year)) == "2021-12-01 16:00 > 18:00"
    assert when(reading("until 6", before=in_a_year)) == "2021-12-01 15:00 > 18:00"


def test_hours_for_what_lasted_all_day_are_two_again() -> None:
    finding = reading("at 4", before=ALL_SATURDAY)
    assert when(finding) == "2020-12-12 16:00 > 18:00"
    assert isinstance(finding, Fit)
    assert finding.answers["when"]["end_guessed"] is True
    assert when(reading("Sunday", before=ALL_SATURDAY)) == "2020-12-13 00:00 > 2020-12-14 00:00"


def test_until_8_of_what_begins_at_6_in_the_evening_is_in_the_evening() -> None:
    evening = {"start": "2020-12-12T18:00:00-06:00", "end": "2020-12-12T20:00:00-06:00"}
    assert when(reading("until 8", before=evening)) == "2020-12-12 18:00 > 20:00"
    assert when(reading("hasta las 9:30", "es", before=evening)) == "2020-12-12 18:00 > 21:30"
    assert isinstance(reading("until 8 am", before=evening), Misfit)


def test_an_end_before_the_start_is_no_correction() -> None:
    assert reading("until 2", before=SATURDAY) == Misfit("when_order", side=SATURDAYS_HOURS)


@pytest.mark.parametrize("typed", ["until tomorrow", "until 25", "until you drop", "never", ""])
def test_what_corrects_nothing_is_said_so(typed: str) -> None:
    assert reading(typed, before=SATURDAY) == Misfit("when_misfit")


def test_a_correction_to_a_past_day_is_asked_about() -> None:
    assert past(reading("December 1", before=SATURDAY)) == "2020-12-01 15:00 > 17:00"


def test_a_changed_day_on_which_the_clocks_skip_the_hour_is_asked_anew() -> None:
    at_night = {"start": "2021-03-13T02:30:00-06:00", "end": "2021-03-13T03:15:00-06:00"}
    now = datetime(2021, 3, 10, 10, 0, tzinfo=CHICAGO)
    finding = reading("March 14", before=at_night, now=now)
    assert finding == Misfit("when_order", side={"day": "2021-03-14"})


@pytest.mark.parametrize(
    "words", ["until 6", "Till 7:30", "ends at 5", "hasta las 6", "Termina a las 9"]
)
def test_an_end_is_known_as_one(words: str) -> None:
    assert says_end(words)


@pytest.mark.parametrize(
    "words", ["", "6", "at 6", "Until", "endsville 5", "from 3 until 6", "a las 6"]
)
def test_anything_else_is_no_end(words: str) -> None:
    assert not says_end(words)


@pytest.mark.parametrize(
    ("answer", "language", "words"),
    [
        (SATURDAY, "en", "Saturday, December 12, 3:00 PM to 5:00 PM"),
        (SATURDAY, "es", "sábado 12 de diciembre, de 3:00 p. m. a 5:00 p. m."),
        (ALL_SATURDAY, "en", "Saturday, December 12, all day"),
        (ALL_SATURDAY, "es", "sábado 12 de diciembre, todo el día"),
        (
            {"start": "2020-12-12T00:00:00-06:00", "end": "2020-12-14T00:00:00-06:00"},
            "en",
            "Saturday, December 12, to Sunday, December 13, all day",
        ),
        (
            {"start": "2021-12-01T15:00:00-06:00", "end": "2021-12-01T17:00:00-06:00"},
            "en",
            "Wednesday, December 1, 2021, 3:00 PM to 5:00 PM",
        ),
        (
            {"start": "2020-11-01T00:00:00-05:00", "end": "2020-11-02T00:00:00-06:00"},
            "en",
            "Sunday, November 1, all day",
        ),
    ],
)
def test_an_answer_is_read_back_in_words(answer: dict[str, str], language: str, words: str) -> None:
    assert when_in_words(answer, language, NOW) == words


WORDS = (
    "dec december the 12th 14 29 feb february 31 march 2:30 am pm noon midnight to - until from at "
    "sunday saturday next last week weekend all day tomorrow 3 5 2020 2021 1999 9999 , . hasta a "
    "las de el todo día diciembre mañana domingo mediodía until ends 25 0 00:00 24:00"
)
sentences = st.lists(st.sampled_from(WORDS.split()), max_size=8).map(" ".join)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2029, 12, 31)).map(
    lambda moment: moment.replace(tzinfo=CHICAGO)
)
sides = st.sampled_from([{}, SATURDAYS_HOURS, {"which_day": True}, {"day": "2021-03-14"}])
befores = st.sampled_from([None, SATURDAY, ALL_SATURDAY, {**SATURDAY, "end_guessed": True}])


@settings(deadline=None)
@given(sentences | st.text(max_size=60), moments, sides, befores, st.sampled_from(LANGUAGES))
def test_whatever_is_typed_the_answer_is_a_time_that_the_map_takes(
    typed: str,
    now: datetime,
    side: dict[str, Any],
    before: dict[str, Any] | None,
    language: str,
) -> None:
    finding = reading(typed, language, now=now, side=side, before=before)
    if isinstance(finding, Fit):
        answer = finding.answers["when"]
    elif isinstance(finding, SideQuestion) and finding.has_name:
        answer = finding.side["when"]
    else:
        return
    start, end = (datetime.fromisoformat(answer[name]) for name in ("start", "end"))
    assert timedelta() < end - start < timedelta(days=8)
    assert FIRST_YEAR <= start.year <= LAST_YEAR
    assert when_in_words(answer, language, now)


def test_a_correction_of_nothing_is_none() -> None:
    assert changed_when(Asked("hello", "", "en", NOW, EVENT), SATURDAY) is None


def test_the_form_asks_for_it_with_this_reader() -> None:
    assert next(field for field in EVENT_FIELDS if field.name == "when").read is read_when
