"""The clock in Chicago: it runs, and it can be stopped."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from actions.clock import now, real_now, set_now


def test_a_clock_that_is_not_stopped_tells_the_present_moment() -> None:
    set_now(None)
    earlier = datetime.now(timezone.utc)
    told = now()
    assert earlier <= told <= datetime.now(timezone.utc)
    assert str(told.tzinfo) == "America/Chicago"


def test_a_stopped_clock_stands_still_until_it_is_released() -> None:
    set_now(datetime(2020, 12, 24, 18, 0))
    assert now() == now()
    assert now().isoformat() == "2020-12-24T18:00:00-06:00"
    set_now(None)
    assert now().year != 2020


def test_a_moment_without_an_offset_is_chicagos_time_in_winter_and_in_summer() -> None:
    set_now(datetime(2021, 1, 31, 23, 59))
    assert now().utcoffset() == timedelta(hours=-6)
    set_now(datetime(2021, 7, 4, 12, 0))
    assert now().utcoffset() == timedelta(hours=-5)


def test_a_moment_elsewhere_is_told_in_chicagos_time() -> None:
    set_now(datetime(2021, 2, 1, 5, 59, tzinfo=timezone.utc))
    assert now().isoformat() == "2021-01-31T23:59:00-06:00"


def test_the_real_moment_is_told_whatever_the_clock_was_set_to() -> None:
    set_now(datetime(2031, 1, 1))
    earlier = datetime.now(timezone.utc)
    assert earlier <= real_now() <= datetime.now(timezone.utc)
