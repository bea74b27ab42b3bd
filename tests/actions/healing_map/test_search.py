"""What is near, and what comes first."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from actions.healing_map.areas import AREAS, area_of
from actions.healing_map.distance import miles_between
from actions.healing_map.models import FORMATS, KINDS, STATUSES, Event
from actions.healing_map.search import (
    EventSearch,
    Search,
    SearchResult,
    counts,
    nearest_beyond,
    search_events,
    search_messages,
)
from actions.healing_map.store import add
from tests.actions.healing_map.making import (
    FIELD_MUSEUM,
    NOW,
    WOODSON_LIBRARY,
    in_hours,
    put_event,
    put_message,
    virtual_draft,
)

NEAR_WOODSON = EventSearch(*WOODSON_LIBRARY)
EVERYWHERE = EventSearch()


def titles(result: SearchResult) -> list[str]:
    return [hit.entry.title for hit in result.hits]


def found(session: Session, search: EventSearch, **changes: Any) -> list[str]:
    return titles(search_events(session, replace(search, **changes), NOW))


def north_of_woodson(miles: float) -> tuple[float, float]:
    return WOODSON_LIBRARY[0] + miles / 69.09, WOODSON_LIBRARY[1]


def test_the_nearest_comes_first_with_its_distance(session: Session) -> None:
    put_event(session, "two miles", *north_of_woodson(2))
    put_event(session, "here", *WOODSON_LIBRARY)
    put_event(session, "one mile", *north_of_woodson(1))
    hits = search_events(session, NEAR_WOODSON, NOW).hits
    assert [hit.entry.title for hit in hits] == ["here", "one mile", "two miles"]
    assert [hit.miles for hit in hits] == pytest.approx([0, 1, 2], abs=0.01)


def test_at_one_place_the_soonest_comes_first(session: Session) -> None:
    for day in (3, 1, 2):
        put_event(session, f"day {day}", starts_at=in_hours(24 * day))
    assert found(session, NEAR_WOODSON) == ["day 1", "day 2", "day 3"]


def test_what_is_farther_than_asked_is_left_out(session: Session) -> None:
    put_event(session, "six miles", *north_of_woodson(6))
    put_event(session, "four miles", *north_of_woodson(4))
    assert found(session, NEAR_WOODSON) == ["four miles"]
    assert found(session, NEAR_WOODSON, within_miles=3) == []
    assert found(session, NEAR_WOODSON, within_miles=7) == ["four miles", "six miles"]
    assert found(session, NEAR_WOODSON, within_miles=None) == ["four miles", "six miles"]


def test_past_events_come_after_all_upcoming_ones(session: Session) -> None:
    put_event(session, "past, here", *WOODSON_LIBRARY, starts_at=in_hours(-48))
    put_event(session, "upcoming, far", *north_of_woodson(4))
    put_event(session, "past, near", *north_of_woodson(1), starts_at=in_hours(-24))
    assert found(session, NEAR_WOODSON) == ["upcoming, far", "past, here", "past, near"]
    assert found(session, NEAR_WOODSON, starts_after=NOW) == ["upcoming, far"]


def test_an_event_that_is_under_way_is_upcoming(session: Session) -> None:
    put_event(session, "under way", starts_at=in_hours(-1))
    put_event(session, "just over", starts_at=in_hours(-2))
    assert found(session, NEAR_WOODSON) == ["under way", "just over"]
    assert found(session, NEAR_WOODSON, starts_after=NOW) == ["under way"]


def test_a_day_holds_what_starts_in_it(session: Session) -> None:
    midnight = NOW.replace(hour=0)
    put_event(session, "past yesterday", starts_at=midnight - timedelta(hours=3))
    put_event(session, "past this morning", starts_at=midnight + timedelta(hours=7))
    put_event(session, "this evening", starts_at=midnight + timedelta(hours=19))
    put_event(session, "midnight", starts_at=midnight + timedelta(hours=24))
    put_event(session, "tomorrow evening", starts_at=midnight + timedelta(hours=43))
    today = {"starts_after": midnight, "starts_before": midnight + timedelta(days=1)}
    tomorrow = {day: moment + timedelta(days=1) for day, moment in today.items()}
    for search in (NEAR_WOODSON, EVERYWHERE, EventSearch(areas=("Washington Heights",))):
        assert found(session, search, **today) == ["this evening", "past this morning"]
        assert found(session, search, **tomorrow) == ["midnight", "tomorrow evening"]


def test_a_range_turned_round_finds_nothing(session: Session) -> None:
    put_event(session)
    assert found(session, EVERYWHERE, starts_after=in_hours(48), starts_before=in_hours(1)) == []


def test_kinds_and_formats_are_filters(session: Session) -> None:
    put_event(session, "circle", kind="connections")
    put_event(session, "club, hybrid", kind="learning", format="hybrid")
    put_event(session, "talk", kind="dialogue")
    assert found(session, NEAR_WOODSON, kinds=("connections",)) == ["circle"]
    assert found(session, NEAR_WOODSON, kinds=("connections", "dialogue")) == ["circle", "talk"]
    assert found(session, NEAR_WOODSON, formats=("virtual", "hybrid")) == ["club, hybrid"]
    assert found(session, NEAR_WOODSON, kinds=("dialogue",), formats=("hybrid",)) == []


@pytest.mark.parametrize("status", [status for status in STATUSES if status != "approved"])
def test_only_what_is_approved_is_ever_found(session: Session, status: str) -> None:
    put_event(session, status=status)
    put_message(session, "We heal.", "Chatham", status=status)
    assert found(session, NEAR_WOODSON) == found(session, EVERYWHERE) == []
    assert nearest_beyond(session, NEAR_WOODSON, NOW) is None
    assert search_messages(session, Search()).hits == ()
    assert counts(session).events == counts(session).messages == 0


def test_areas_and_everywhere_give_the_soonest_first_without_distance(session: Session) -> None:
    put_event(session, "later", starts_at=in_hours(50))
    put_event(session, "sooner", starts_at=in_hours(5))
    put_event(session, "museum", *FIELD_MUSEUM, starts_at=in_hours(1))
    put_event(session, "long past", starts_at=in_hours(-500))
    put_event(session, "just past", starts_at=in_hours(-5))
    area = EventSearch(areas=("Washington Heights", "Chatham"))
    assert found(session, area) == ["sooner", "later", "just past", "long past"]
    assert found(session, EVERYWHERE) == ["museum", "sooner", "later", "just past", "long past"]
    assert {hit.miles for hit in search_events(session, area, NOW).hits} == {None}


def test_a_virtual_event_is_near_the_area_it_stands_for(session: Session) -> None:
    add(session, virtual_draft("of Chatham", area="Chatham"), NOW, "approved")
    add(session, virtual_draft("of nowhere"), NOW, "approved")
    assert found(session, NEAR_WOODSON) == ["of Chatham"]
    assert found(session, EVERYWHERE, formats=("virtual",)) == ["of Chatham", "of nowhere"]


def test_a_distance_does_not_give_away_a_private_place(session: Session) -> None:
    private = {"address_visibility": "area_only", "area": "Chatham"}
    put_event(session, "home", 41.7455, -87.6055, **private)
    put_event(session, "other home", 41.7360, -87.6240, **private)
    distances = [hit.miles for hit in search_events(session, NEAR_WOODSON, NOW).hits]
    assert distances[0] == distances[1]


def test_pages_follow_each_other_without_gaps_or_repeats(session: Session) -> None:
    for number in range(12):
        past = number >= 7
        place = north_of_woodson(0.3 * number)
        put_event(session, f"{number}", *place, starts_at=in_hours(-24 if past else 24))
    pages = [
        search_events(session, replace(NEAR_WOODSON, offset=offset), NOW)
        for offset in (0, 5, 10, 15)
    ]
    assert [titles(page) for page in pages] == [
        ["0", "1", "2", "3", "4"],
        ["5", "6", "7", "8", "9"],
        ["10", "11"],
        [],
    ]
    assert [page.more for page in pages] == [True, True, False, False]


def test_a_full_last_page_has_no_more(session: Session) -> None:
    for _ in range(5):
        put_event(session)
    assert not search_events(session, NEAR_WOODSON, NOW).more


def test_the_nearest_beyond_is_found_at_any_distance(session: Session) -> None:
    put_event(session, "museum", *FIELD_MUSEUM)
    put_event(session, "past, here", *WOODSON_LIBRARY, starts_at=in_hours(-48))
    put_event(session, "circle at O'Hare", 41.9786, -87.9048, kind="connections")
    assert found(session, NEAR_WOODSON, starts_after=NOW) == []
    nearest = nearest_beyond(session, NEAR_WOODSON, NOW)
    assert nearest is not None
    assert (nearest.entry.title, nearest.miles) == ("museum", pytest.approx(10.1, abs=0.1))
    circle = nearest_beyond(session, replace(NEAR_WOODSON, kinds=("connections",)), NOW)
    assert circle is not None
    assert circle.entry.title == "circle at O'Hare"
    assert nearest_beyond(session, replace(NEAR_WOODSON, kinds=("dialogue",)), NOW) is None


def test_the_nearest_are_those_that_measuring_each_of_them_finds(session: Session) -> None:
    chance = random.Random(8)
    for number in range(400):
        area = chance.choice(AREAS)
        put_event(
            session,
            f"{number}",
            area.latitude,
            area.longitude + chance.gauss(0, 0.001),
            area=area.name,
            kind=chance.choice(KINDS),
            format=chance.choice(FORMATS),
            starts_at=in_hours(chance.uniform(-300, 300)),
        )
    events = session.query(Event).all()
    for _ in range(25):
        area = chance.choice(AREAS)
        search = EventSearch(
            area.latitude + chance.gauss(0, 0.02),
            area.longitude + chance.gauss(0, 0.02),
            kinds=tuple(chance.sample(KINDS, chance.randint(0, 4))),
            formats=tuple(chance.sample(FORMATS, chance.randint(0, 2))),
            within_miles=chance.choice((0.4, 2, 5, 12, None)),
            limit=chance.randint(1, 30),
            offset=chance.choice((0, 3)),
        )
        assert found(session, search) == measured(events, search)


def measured(events: list[Event], search: EventSearch) -> list[str]:
    """Return the titles that a search should find, by looking at every event."""

    def rank(event: Event) -> tuple[bool, float]:
        return event.ends_at <= NOW, miles_between(
            search.latitude or 0,
            search.longitude or 0,
            event.shown_latitude,
            event.shown_longitude,
        )

    fitting = [
        event
        for event in events
        if event.kind in (search.kinds or KINDS)
        and event.format in (search.formats or FORMATS)
        and (search.within_miles is None or rank(event)[1] <= search.within_miles)
    ]
    ranked = sorted(fitting, key=rank)
    return [event.title for event in ranked[search.offset : search.offset + search.limit]]


@pytest.mark.parametrize(
    "impossible",
    [
        {"latitude": 41.8},
        {"latitude": 41.8, "longitude": -87.6, "areas": ("Chatham",)},
        {"limit": 0},
        {"offset": -1},
    ],
)
def test_a_search_that_means_nothing_is_refused(impossible: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        EventSearch(**impossible)
    with pytest.raises(ValueError, match=r"\.$"):
        Search(**impossible)


def test_a_search_from_far_away_or_off_the_globe_finds_nothing_near(session: Session) -> None:
    put_event(session)
    for latitude, longitude in ((43.04, -87.91), (0, 0), (90, 180), (-90, -180), (900, 900)):
        assert found(session, EventSearch(latitude, longitude)) == []


def test_messages_near_a_point_come_nearest_first(session: Session) -> None:
    for area in ("Loop", "Chatham", "Washington Heights", "O'Hare"):
        put_message(session, area, area)
    put_message(session, "nowhere")
    result = search_messages(session, Search(*WOODSON_LIBRARY))
    assert [hit.entry.text for hit in result.hits] == ["Washington Heights", "Chatham"]
    assert [hit.miles for hit in result.hits] == sorted(hit.miles or 0 for hit in result.hits)
    assert area_of(*WOODSON_LIBRARY) == result.hits[0].entry.area


def test_messages_of_an_area_come_newest_first(session: Session) -> None:
    for hour, text in ((1, "old"), (3, "new"), (2, "middle")):
        put_message(session, text, "Chatham", now=in_hours(hour))
    put_message(session, "elsewhere", "Loop")
    chatham = Search(areas=("Chatham",), limit=2)
    first = search_messages(session, chatham)
    assert ([hit.entry.text for hit in first.hits], first.more) == (["new", "middle"], True)
    rest = search_messages(session, replace(chatham, offset=2))
    assert ([hit.entry.text for hit in rest.hits], rest.more) == (["old"], False)
    assert len(search_messages(session, Search()).hits) == 4


def test_counts_tell_how_the_map_grows(session: Session) -> None:
    put_event(session, kind="learning")
    put_event(session, kind="learning", starts_at=in_hours(-48))
    put_event(session, "museum", *FIELD_MUSEUM, kind="dialogue")
    put_message(session, "We heal.")
    counted = counts(session)
    assert (counted.events, counted.messages) == (3, 1)
    assert counted.events_by_kind == {
        "dialogue": 1,
        "collaboration": 0,
        "learning": 2,
        "connections": 0,
    }
    assert list(counted.events_by_area.items()) == [
        ("Washington Heights", 2),
        ("Near South Side", 1),
    ]
