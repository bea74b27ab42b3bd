"""The campaign's dates: the phase of a day, and the words for the dates."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.campaign import Campaign

PUBLISHED = Campaign(date(2020, 12, 1), date(2021, 1, 31))


@pytest.mark.parametrize(
    ("today", "phase"),
    [
        (date(2020, 11, 30), "before"),
        (date(2020, 12, 1), "during"),
        (date(2021, 1, 31), "during"),
        (date(2021, 2, 1), "after"),
    ],
)
def test_the_first_and_the_last_day_belong_to_the_campaign(today: date, phase: str) -> None:
    assert PUBLISHED.phase(today) == phase


@given(st.dates(), st.integers(0, 1000), st.dates())
def test_the_phases_follow_each_other_and_never_turn_back(
    start: date, days: int, today: date
) -> None:
    end = min(start.toordinal() + days, date.max.toordinal())
    campaign = Campaign(start, date.fromordinal(end))
    order = ("before", "during", "after")
    tomorrow = today + timedelta(days=1) if today < date.max else today
    step = order.index(campaign.phase(tomorrow)) - order.index(campaign.phase(today))
    assert step in (0, 1)


def test_without_a_setting_the_dates_are_those_that_the_city_published(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("TWH_CAMPAIGN_START", raising=False)
    monkeypatch.setenv("TWH_CAMPAIGN_END", "")
    assert Campaign.from_environment() == PUBLISHED


def test_the_dates_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWH_CAMPAIGN_START", "2024-02-29")
    monkeypatch.setenv("TWH_CAMPAIGN_END", "2024-02-29")
    assert Campaign.from_environment() == Campaign(date(2024, 2, 29), date(2024, 2, 29))


@pytest.mark.parametrize("variable", ["TWH_CAMPAIGN_START", "TWH_CAMPAIGN_END"])
@pytest.mark.parametrize("value", ["soon", "31.01.2021", "2021-02-30", " "])
def test_a_value_that_is_no_date_is_refused_with_the_name_of_its_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ValueError, match=variable):
        Campaign.from_environment()


def test_an_end_before_the_start_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWH_CAMPAIGN_START", "2021-01-02")
    monkeypatch.setenv("TWH_CAMPAIGN_END", "2021-01-01")
    with pytest.raises(ValueError, match="TWH_CAMPAIGN_END is before TWH_CAMPAIGN_START"):
        Campaign.from_environment()


def test_the_dates_are_worded_as_the_city_wrote_them() -> None:
    assert PUBLISHED.words("en") == {
        "start": "the beginning of December 2020",
        "end": "the end of January 2021",
    }
    assert PUBLISHED.words("es") == {
        "start": "principios de diciembre de 2020",
        "end": "finales de enero de 2021",
    }


@pytest.mark.parametrize(
    ("day", "english", "spanish"),
    [
        (1, "the beginning of March 2021", "principios de marzo de 2021"),
        (10, "the beginning of March 2021", "principios de marzo de 2021"),
        (11, "the middle of March 2021", "mediados de marzo de 2021"),
        (20, "the middle of March 2021", "mediados de marzo de 2021"),
        (21, "the end of March 2021", "finales de marzo de 2021"),
        (31, "the end of March 2021", "finales de marzo de 2021"),
    ],
)
def test_a_month_has_a_beginning_a_middle_and_an_end(day: int, english: str, spanish: str) -> None:
    campaign = Campaign(date(2021, 3, day), date(2021, 3, day))
    assert campaign.words("en")["start"] == english
    assert campaign.words("es")["end"] == spanish


@pytest.mark.parametrize(
    ("language", "first", "last"), [("en", "January", "December"), ("es", "enero", "diciembre")]
)
def test_every_month_has_a_name_of_its_own(language: str, first: str, last: str) -> None:
    days = [date(2021, month, 1) for month in range(1, 13)]
    worded = [Campaign(day, day).words(language)["start"] for day in days]
    assert len(set(worded)) == 12
    assert first in worded[0]
    assert last in worded[-1]
