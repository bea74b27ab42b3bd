"""Days and hours in sentences, and input of any kind."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.clock import CHICAGO
from actions.healing_map.dates import FoundSpan, Span, find_span
from actions.healing_map.dates.reading import MOST_LETTERS

NOW = datetime(2020, 12, 8, 10, tzinfo=CHICAGO)


def moment(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=CHICAGO)


def find(text: str, language: str = "en", now: datetime = NOW) -> FoundSpan | None:
    return find_span(text, now, language)


def span_of(text: str, language: str = "en", now: datetime = NOW) -> Span:
    found = find(text, language, now)
    assert found is not None, text
    return found.span


def test_one_whole_day_has_no_end() -> None:
    assert span_of("saturday the 12th") == Span(moment(2020, 12, 12), None, whole_day=True)


def test_several_whole_days_end_at_the_midnight_after_the_last() -> None:
    weekend = Span(moment(2020, 12, 12), moment(2020, 12, 14), whole_day=True)
    assert span_of("this weekend") == weekend
    assert span_of("sábado y domingo", "es") == weekend


def test_a_clock_time_has_an_end_only_where_one_is_said() -> None:
    start, end = moment(2021, 1, 9, 14), moment(2021, 1, 9, 16)
    assert span_of("Jan 9th at 2") == Span(start, None, whole_day=False)
    assert span_of("Jan 9th from 2 to 4") == Span(start, end, whole_day=False)


def test_a_part_of_a_day_has_its_start_and_end() -> None:
    afternoon = Span(moment(2020, 12, 9, 12), moment(2020, 12, 9, 18), whole_day=False)
    assert span_of("tomorrow afternoon") == afternoon
    assert span_of("mañana por la tarde", "es") == afternoon


@pytest.mark.parametrize(
    ("text", "language", "rest"),
    [
        ("book clubs near 60637 this weekend", "en", "book clubs near 60637"),
        ("Saturday at 3 book club in Englewood", "en", "book club in Englewood"),
        ("Saturday, a book club at 3, near 63rd", "en", ", a book club , near 63rd"),
        ("anything on 🎉 Dec 12th 🎉 at the museum?", "en", "anything 🎉 at the museum?"),
        ("eventos virtuales man\u0303ana en La Villita", "es", "eventos virtuales en La Villita"),
        ("el sábado a las 3 de la tarde, club de lectura", "es", ", club de lectura"),
        ("december 12, all day, open house", "en", ", open house"),
    ],
)
def test_the_words_that_say_when_can_be_taken_out(text: str, language: str, rest: str) -> None:
    found = find(text, language)
    assert found is not None
    assert found.taken_out_of(text) == rest


def test_the_pieces_are_the_words_of_the_day_and_of_the_time() -> None:
    text = "Bring a friend on Saturday, we begin at 3!"
    found = find(text)
    assert found is not None
    assert [text[start:end] for start, end in found.pieces] == ["on Saturday", "at 3"]


def test_a_passed_date_is_next_years_unless_its_weekday_says_otherwise() -> None:
    assert span_of("12/5").start == moment(2021, 12, 5)
    assert span_of("Saturday 12/5").start == moment(2020, 12, 5)


def test_a_wrong_weekday_does_not_move_a_date_by_a_year() -> None:
    assert span_of("Friday, December 12").start == moment(2020, 12, 12)


def test_past_days_are_understood_where_they_are_meant() -> None:
    assert span_of("last Saturday at 2").start == moment(2020, 12, 5, 14)
    assert span_of("ayer", "es").start == moment(2020, 12, 7)


def test_an_hour_that_has_passed_today_is_the_next_one() -> None:
    assert span_of("9am").start == moment(2020, 12, 9, 9)
    assert span_of("at 9").start == moment(2020, 12, 8, 21)
    assert span_of("today at 9").start == moment(2020, 12, 8, 21)


def test_a_range_under_way_has_begun_in_the_past() -> None:
    running = Span(moment(2020, 12, 5), moment(2020, 12, 11), whole_day=True)
    assert span_of("Dec 5 to Dec 10") == running


def test_a_range_of_days_may_have_a_clock_time_on_either_side() -> None:
    both = Span(moment(2020, 12, 12, 9), moment(2020, 12, 13, 17), whole_day=False)
    assert span_of("from saturday 9am to sunday 5pm") == both


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("from 4 to 2", "en"),
        ("saturday from 4 to 2", "en"),
        ("Jan 9 to Jan 5", "en"),
        ("December 14 to 12", "en"),
        ("de 4 a 2 de la tarde", "es"),
        ("del 14 al 12 de diciembre", "es"),
    ],
)
def test_a_range_turned_round_is_no_date(text: str, language: str) -> None:
    assert find(text, language) is None


def test_a_night_may_go_on_after_midnight() -> None:
    span = span_of("saturday 10pm to 1am")
    assert (span.start, span.end) == (moment(2020, 12, 12, 22), moment(2020, 12, 13, 1))


@pytest.mark.parametrize(
    "text",
    [
        "25th of Smarch at 3",
        "2/30 at 3pm",
        "13/45 6:30",
        "April 31",
        "32nd of December",
        "99/99/9999",
        "00/00",
        "February 29 2021",
        "el 30 de febrero a las 3",
    ],
)
def test_an_impossible_date_is_none_even_with_a_good_time(text: str) -> None:
    assert find(text, "en") is None
    assert find(text, "es") is None


@pytest.mark.parametrize(
    "text",
    [
        "60637",
        "63rd and Halsted",
        "18th and Ashland",
        "4100 S Ellis",
        "740 east 56th place apt 2",
        "within 2 miles of the Field Museum",
        "how may our block club join?",
        "may I ask you something",
        "on second thought, give me a second",
        "I thought so, are you doing well?",
        "we march for justice in the sun",
        "I sat with my grandmother on the 3rd floor",
        "the 14th ward",
        "from 20 to 30 people at 3 tables",
        "call me at 773-555-0142",
        "open 24/7, 1/2 mile away, ages 12-15",
        "good morning, good night",
        "my mother fell ill years ago",
        "7",
        "",
    ],
)
def test_ordinary_words_and_numbers_are_no_dates(text: str) -> None:
    assert find(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "la 26 y Pulaski",
        "vivo por la 18 y Ashland",
        "el 2 por ciento, 2 de cada 3 vecinos",
        "de 20 a 30 personas, a las 5 familias",
        "gracias por tu ayuda, ¿de dónde vienen?",
        "qué tomo para el dolor, no se me ocurre nada",
        "me gusta el mar y el sol, hoy en día",
        "buenas tardes",
    ],
)
def test_ordinary_spanish_words_are_no_dates(text: str) -> None:
    assert find(text, "es") is None


def test_the_other_language_is_understood_too() -> None:
    at_three = Span(moment(2020, 12, 12, 15), None, whole_day=False)
    assert span_of("saturday at 3", "es") == at_three
    assert span_of("el sábado a las 3", "en") == at_three
    assert span_of("el friday a las 6", "es").start == moment(2020, 12, 11, 18)


def test_a_date_far_into_a_long_text_is_found() -> None:
    text = "We want to heal. " * 150 + "Join us on December 12 at 3. " + "Bring food. " * 20
    found = find(text)
    assert found is not None
    assert found.span.start == moment(2020, 12, 12, 15)
    assert [text[start:end] for start, end in found.pieces] == ["on December 12 at 3"]


def test_only_so_much_of_a_text_is_looked_at() -> None:
    assert find("x" * MOST_LETTERS + " tomorrow") is None


@pytest.mark.parametrize(
    "text",
    ["\0saturday\0", "saturday \ud800", "s\u0301aturday", "🎉saturday🎉", "ＳＡＴＵＲＤＡＹ\n\t"],
)
def test_odd_characters_do_not_hide_a_date(text: str) -> None:
    assert span_of(text).start == moment(2020, 12, 12)


WORDS = (
    "saturday sun sat next last this week weekend of the in from to at 3 4pm 12 12/12 dec may "
    "15th first third day days after before tomorrow tonight - , and 2 weeks ago half past el la "
    "de del al proximo que viene sabado manana por tarde a las y media hoy hace 10:30 noon 1800 "
    "hours # / . : pm p m 2/30 2020 christmas new year's"
)


@given(st.lists(st.sampled_from(WORDS.split()), max_size=60), st.sampled_from(["en", "es"]))
def test_any_jumble_of_date_words_gives_a_good_span_or_none(words: list[str], tongue: str) -> None:
    check_any(" ".join(words), tongue)


@given(st.text(max_size=300), st.sampled_from(["en", "es"]))
def test_any_text_gives_a_good_span_or_none(text: str, language: str) -> None:
    check_any(text, language)


def check_any(text: str, language: str) -> None:
    found = find(text, language)
    if found is None:
        return
    span = found.span
    assert span.start.tzinfo is CHICAGO
    assert span.end is None or span.end > span.start
    if span.whole_day:
        assert all((m.hour, m.minute) == (0, 0) for m in (span.start, span.end) if m)
    ends = [0, *(index for piece in found.pieces for index in piece), len(text)]
    assert ends == sorted(ends)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)))
def test_a_weekday_is_the_next_one_whatever_the_day(now: datetime) -> None:
    today = now.replace(tzinfo=CHICAGO)
    ahead = span_of("saturday", now=today).start.date() - today.date()
    assert timedelta(0) < ahead <= timedelta(days=7)
    assert span_of("sábado", "es", now=today) == span_of("saturday", now=today)
    assert span_of("tomorrow", now=today).start.date() - today.date() == timedelta(days=1)


def test_the_clock_changes_with_daylight_saving() -> None:
    before_spring = moment(2021, 3, 13, 12)
    assert span_of("tomorrow at 3pm", now=before_spring).start.utcoffset() == timedelta(hours=-5)
    assert span_of("today at 3pm", now=before_spring).start.utcoffset() == timedelta(hours=-6)


def test_a_time_that_the_clocks_skip_is_the_one_an_hour_later() -> None:
    span = span_of("tomorrow at 2:30 am", now=moment(2021, 3, 13, 12))
    assert span.start == moment(2021, 3, 14, 3, 30)
    assert span.start.hour == 3


def test_hours_from_now_are_hours_that_pass() -> None:
    an_hour_before = moment(2021, 3, 14, 1, 30)
    assert span_of("in 2 hours", now=an_hour_before).start == moment(2021, 3, 14, 4, 30)
