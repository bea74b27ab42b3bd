"""Taking the sample off a map: all of it goes, and nothing that anybody else wrote."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.engine import Engine

from actions.healing_map.models import Event, Message, sessions
from actions.healing_map.sample import load_sample, remove_sample
from tests.actions.healing_map.making import NOW, put_event, put_message


def words_on(engine: Engine) -> set[str]:
    """Every event's title and every message's text."""
    with sessions(engine)() as session:
        titles: Iterable[str] = session.execute(select(Event.title)).scalars()
        texts: Iterable[str] = session.execute(select(Message.text)).scalars()
        return {*titles, *texts}


def test_a_map_with_nothing_but_the_sample_is_empty_afterwards(engine: Engine) -> None:
    assert load_sample(engine, NOW)
    remove_sample(engine)
    assert words_on(engine) == set()
    assert load_sample(engine, NOW)


def test_what_people_wrote_stays(engine: Engine) -> None:
    load_sample(engine, NOW)
    with sessions(engine).begin() as session:
        put_event(session, "Book club")
        put_event(session, "Waiting for review", status="pending")
        put_message(session, "We heal.")
    remove_sample(engine)
    assert words_on(engine) == {"Book club", "Waiting for review", "We heal."}


def test_what_is_only_like_the_sample_stays(engine: Engine) -> None:
    load_sample(engine, NOW)
    with sessions(engine).begin() as session:
        sample_event = session.execute(select(Event).limit(1)).scalar_one()
        sample_message = session.execute(select(Message).limit(1)).scalar_one()
        same_title, same_host = sample_event.title, sample_event.host_name
        longer_text = sample_message.text + " And more."
        put_event(session, same_title, host_name="Neighbors")
        put_event(session, "Another title", host_name=same_host)
        put_message(session, longer_text)
    remove_sample(engine)
    assert words_on(engine) == {same_title, "Another title", longer_text}


def test_a_sample_that_was_reviewed_or_withdrawn_goes_as_well(engine: Engine) -> None:
    load_sample(engine, NOW)
    with sessions(engine).begin() as session:
        for entry in session.execute(select(Event)).scalars():
            entry.status = "withdrawn"
    remove_sample(engine)
    assert words_on(engine) == set()


def test_on_a_map_without_the_sample_nothing_happens(engine: Engine) -> None:
    remove_sample(engine)
    with sessions(engine).begin() as session:
        put_event(session, "Book club")
    remove_sample(engine)
    assert words_on(engine) == {"Book club"}
