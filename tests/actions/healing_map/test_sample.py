"""The sample map: enough of everything, clearly marked, and upcoming whenever it is loaded."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from actions.clock import CHICAGO
from actions.healing_map.models import FORMATS, KINDS, Event, Message, sessions
from actions.healing_map.sample import load_sample
from actions.healing_map.search import EventSearch, search_events
from actions.texts import LANGUAGES
from tests.actions.healing_map.making import NOW, put_message

MARKS = {"en": "(sample)", "es": "(ejemplo)"}


@pytest.fixture
def sample(engine: Engine, session: Session) -> Session:
    """A session on the sample map."""
    assert load_sample(engine, NOW)
    return session


def events_of(session: Session) -> list[Event]:
    return session.execute(select(Event)).scalars().all()


def messages_of(session: Session) -> list[Message]:
    return session.execute(select(Message)).scalars().all()


def test_it_holds_every_kind_format_and_language(sample: Session) -> None:
    events = events_of(sample)
    assert len(events) >= 64
    assert len(messages_of(sample)) >= 40
    assert {event.kind for event in events} == set(KINDS)
    assert {event.format for event in events} == set(FORMATS)
    assert {event.language for event in events} == set(LANGUAGES)
    assert {message.language for message in messages_of(sample)} == set(LANGUAGES)
    assert min(Counter(event.kind for event in events).values()) >= 12


def test_whoever_takes_part_online_finds_a_link(sample: Session) -> None:
    online = [event for event in events_of(sample) if event.format == "virtual"]
    assert online
    assert all(event.join_url.startswith("https://") for event in online)


def test_each_entry_is_marked_in_its_language(sample: Session) -> None:
    for event in events_of(sample):
        assert event.title.endswith(MARKS[event.language])
    for message in messages_of(sample):
        assert message.text.endswith(MARKS[message.language])


def test_hosts_are_invented(sample: Session) -> None:
    for event in events_of(sample):
        assert any(word in event.host_name.lower() for word in ("sample", "muestra"))
        assert "contact" not in event.private


def test_it_spreads_over_the_whole_city(sample: Session) -> None:
    areas = {entry.area for entry in [*events_of(sample), *messages_of(sample)]}
    assert len(areas) >= 50
    for latitude, longitude in ((42.0, -87.67), (41.68, -87.62), (41.88, -87.76), (41.79, -87.6)):
        nearby = EventSearch(latitude, longitude, starts_after=NOW)
        assert len(search_events(sample, nearby, NOW).hits) >= 3


@pytest.mark.parametrize("loaded_at", ["2020-12-08T10:00", "2026-03-07T23:30", "2027-07-01T00:00"])
def test_most_is_upcoming_and_some_is_past_on_whatever_day_it_is_loaded(
    engine: Engine, session: Session, loaded_at: str
) -> None:
    now = datetime.fromisoformat(loaded_at).replace(tzinfo=CHICAGO)
    assert load_sample(engine, now)
    events = events_of(session)
    upcoming = sum(event.ends_at > now for event in events)
    assert upcoming >= 50
    assert len(events) - upcoming >= 8
    assert all(entry.submitted_at <= now for entry in [*events, *messages_of(session)])
    assert {event.starts_at.hour for event in events} <= set(range(9, 20))


def test_a_map_that_holds_anything_is_left_alone(engine: Engine) -> None:
    with sessions(engine).begin() as session:
        put_message(session, "We heal.")
    assert not load_sample(engine, NOW)
    with sessions(engine)() as session:
        assert events_of(session) == []


def test_of_several_that_load_it_at_once_one_does(engine: Engine, session: Session) -> None:
    with ThreadPoolExecutor(4) as threads:
        loaded = list(threads.map(lambda _: load_sample(engine, NOW), range(4)))
    assert sorted(loaded) == [False, False, False, True]
    titles = [event.title for event in events_of(session)]
    assert len(titles) == len(set(titles))
