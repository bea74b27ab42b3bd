"""The network geocoder, over a server on this machine: what it asks, keeps, and never does."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text as text_clause
from sqlalchemy.engine import Engine

from actions.clock import real_now, set_now
from actions.healing_map.geocoder import DAYS_KEPT, Geocoder, delete_old
from actions.healing_map.places import Place
from actions.texts import text
from tests.actions.healing_map.making import NOW
from tests.conversation import Talk, text_of
from tests.fakes.nominatim import Nominatim, place

CAFE = place("Cafe Uno, 1234 Example Court, Pilsen, Chicago, Cook County, Illinois", 41.857, -87.66)
EVANSTON = place("Cafe Dos, Evanston, Cook County, Illinois", 42.045, -87.688)


@pytest.fixture
def nominatim() -> Iterator[Nominatim]:
    with Nominatim({"cafe uno": CAFE, "cafe dos": EVANSTON}) as server:
        yield server


@pytest.fixture
def geocoder(own_map: Engine, nominatim: Nominatim) -> Geocoder:
    return Geocoder(own_map, nominatim.url)


@pytest.fixture
def unhurried(own_map: Engine, nominatim: Nominatim, monkeypatch: pytest.MonkeyPatch) -> Geocoder:
    """One that does not pause between requests."""
    monkeypatch.setattr("actions.healing_map.geocoder._PAUSE_SECONDS", 0)
    return Geocoder(own_map, nominatim.url)


def find(geocoder: Geocoder, *texts: str) -> list[Place | None]:
    """Look for all the texts at once."""

    async def find_all() -> list[Place | None]:
        return await asyncio.gather(*(geocoder.find(it, NOW) for it in texts))

    return asyncio.run(find_all())


def test_a_place_in_the_city_is_found(geocoder: Geocoder) -> None:
    assert find(geocoder, "Cafe Uno") == [
        Place("Cafe Uno, 1234 Example Court", "geocoder", 41.857, -87.66)
    ]


def test_the_question_is_about_chicago_and_says_who_asks(
    geocoder: Geocoder, nominatim: Nominatim
) -> None:
    find(geocoder, "Cafe Uno")
    (request,) = nominatim.requests
    assert request.query["bounded"] == "1"
    assert request.query["countrycodes"] == "us"
    west, south, east, north = map(float, request.query["viewbox"].split(","))
    assert (west, south) < (-87.94, 41.65)
    assert (east, north) > (-87.53, 42.02)
    assert request.user_agent == "together-we-heal-chicago"


def test_a_place_outside_of_the_city_is_none(geocoder: Geocoder) -> None:
    assert find(geocoder, "Cafe Dos") == [None]


def test_nothing_found_is_none(geocoder: Geocoder) -> None:
    assert find(geocoder, "Cafe Tres") == [None]


def test_what_was_found_is_asked_once_however_it_is_typed(
    geocoder: Geocoder, nominatim: Nominatim
) -> None:
    found = [*find(geocoder, "Cafe Uno"), *find(geocoder, " CAFÉ  uno\n")]
    assert found[0] == found[1] is not None
    assert nominatim.asked == ["cafe uno"]


@pytest.mark.parametrize("typed", ["Cafe Dos", "Cafe Tres"])
def test_what_was_not_found_is_asked_once_as_well(
    geocoder: Geocoder, nominatim: Nominatim, typed: str
) -> None:
    assert [*find(geocoder, typed), *find(geocoder, typed)] == [None, None]
    assert len(nominatim.requests) == 1


def test_what_was_found_outlives_the_process(
    geocoder: Geocoder, own_map: Engine, nominatim: Nominatim
) -> None:
    before = find(geocoder, "Cafe Uno")
    assert find(Geocoder(own_map, nominatim.url), "Cafe Uno") == before
    assert len(nominatim.requests) == 1


def test_after_30_days_it_is_forgotten_and_asked_again(
    geocoder: Geocoder, own_map: Engine, nominatim: Nominatim
) -> None:
    find(geocoder, "Cafe Uno", "Cafe Tres")
    last_day = NOW + timedelta(days=DAYS_KEPT)
    with own_map.begin() as connection:
        assert delete_old(connection, last_day) == 0
        assert delete_old(connection, last_day + timedelta(seconds=1)) == 2
    find(geocoder, "Cafe Uno")
    assert sorted(nominatim.asked[:2]) == ["cafe tres", "cafe uno"]
    assert nominatim.asked[2:] == ["cafe uno"]


def test_what_is_kept_tells_neither_the_text_nor_the_place(
    geocoder: Geocoder, own_map: Engine
) -> None:
    find(geocoder, "Cafe Uno")
    with own_map.connect() as connection:
        [row] = connection.execute(text_clause("SELECT * FROM geocodes")).all()
    kept = str(row).lower()
    assert [it for it in ("cafe", "uno", "example", "41.857", "87.66") if it in kept] == []


@pytest.mark.parametrize("typed", ["", " \n\t "])
def test_nothing_is_asked_for_nothing(geocoder: Geocoder, nominatim: Nominatim, typed: str) -> None:
    assert find(geocoder, typed) == [None]
    assert nominatim.requests == []


def test_of_a_long_text_the_beginning_is_asked(geocoder: Geocoder, nominatim: Nominatim) -> None:
    assert find(geocoder, "x" * 5000) == [None]
    assert nominatim.asked == ["x" * 120]


def test_a_long_name_can_be_kept(geocoder: Geocoder, nominatim: Nominatim) -> None:
    nominatim.places["long"] = place("n" * 500, 41.857, -87.66)
    (found,) = find(geocoder, "long")
    assert found is not None
    assert find(geocoder, "long") == [found]
    assert len(found.name) <= 200


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_a_refusal_is_a_place_that_was_not_found_and_is_not_kept(
    geocoder: Geocoder,
    own_map: Engine,
    nominatim: Nominatim,
    caplog: pytest.LogCaptureFixture,
    status: int,
) -> None:
    nominatim.status = status
    with caplog.at_level(logging.WARNING):
        assert find(geocoder, "Cafe Uno") == [None]
    assert "geocoder does not answer" in caplog.text
    assert "Uno" not in caplog.text
    nominatim.status = 200
    assert find(Geocoder(own_map, nominatim.url), "Cafe Uno") != [None]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html>Sign in to this hotel's network</html>",
        "{}",
        "null",
        '{"error": "Bandwidth limit exceeded"}',
        '["nonsense"]',
        "[{}]",
        '[{"display_name": "Somewhere"}]',
        '[{"lat": "41.857", "lon": "-87.66"}]',
        '[{"display_name": null, "lat": "41.857", "lon": "-87.66"}]',
        '[{"display_name": "Somewhere", "lat": "north", "lon": "west"}]',
        '[{"display_name": "Somewhere", "lat": "NaN", "lon": "-87.66"}]',
    ],
)
def test_an_answer_that_makes_no_sense_is_a_place_that_was_not_found(
    geocoder: Geocoder, nominatim: Nominatim, body: str
) -> None:
    nominatim.body = body
    assert find(geocoder, "Cafe Uno") == [None]


def test_a_server_that_is_not_there_is_no_problem(own_map: Engine) -> None:
    with Nominatim() as gone:
        url = gone.url
    assert find(Geocoder(own_map, url), "Cafe Uno") == [None]


def test_nobody_waits_longer_than_3_seconds(geocoder: Geocoder, nominatim: Nominatim) -> None:
    nominatim.delay = 10
    started = time.monotonic()
    assert find(geocoder, "Cafe Uno") == [None]
    assert time.monotonic() - started < 8


def test_many_at_once_ask_once_a_second_and_who_would_wait_too_long_gets_none(
    geocoder: Geocoder, nominatim: Nominatim
) -> None:
    texts = [f"cafe {number}" for number in range(8)]
    nominatim.places |= dict.fromkeys(texts, CAFE)
    started = time.monotonic()
    found = find(geocoder, *texts)
    assert time.monotonic() - started < 7
    moments = [request.at for request in nominatim.requests]
    assert 2 <= len(moments) <= 4
    # Not each by itself: on a busy machine one arrives late, and the next in time.
    assert moments[-1] - moments[0] > 0.5 * (len(moments) - 1)
    # The last ones that were asked may still wait for their answers when the time is up.
    assert 1 <= sum(place is not None for place in found) <= len(moments)


@given(typed=st.text())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_text_is_safe(unhurried: Geocoder, typed: str) -> None:
    assert find(unhurried, typed) == [None]


UNKNOWN = "123 Fake Court"


@pytest.fixture
def in_the_assistant(
    own_map: Engine, nominatim: Nominatim, monkeypatch: pytest.MonkeyPatch
) -> Nominatim:
    """The server, where the assistant would find it if it asked."""
    nominatim.places[UNKNOWN.lower()] = CAFE
    monkeypatch.setenv("TWH_GEOCODER_URL", nominatim.url)
    return nominatim


@pytest.mark.parametrize("setting", [None, "", "off"])
def test_nothing_leaves_the_machine_unless_the_geocoder_is_turned_on(
    talk: Talk, in_the_assistant: Nominatim, monkeypatch: pytest.MonkeyPatch, setting: str | None
) -> None:
    monkeypatch.delenv("TWH_GEOCODER", raising=False)
    if setting is not None:
        monkeypatch.setenv("TWH_GEOCODER", setting)
    conversation = talk()
    conversation.types("what is happening near me?")
    answer = conversation.types(UNKNOWN)
    assert text("place_unknown", "en") in text_of(answer)
    assert in_the_assistant.requests == []


def test_turned_on_it_is_asked_for_the_place_that_the_assistant_asked_for_and_for_nothing_else(
    talk: Talk, in_the_assistant: Nominatim, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWH_GEOCODER", "nominatim")
    conversation = talk()
    conversation.types("what is happening near me?")
    assert in_the_assistant.requests == []
    answer = conversation.types(UNKNOWN)
    assert in_the_assistant.asked == [UNKNOWN.lower()]
    assert "Cafe Uno, 1234 Example Court" in text_of(answer)


def test_a_clock_that_was_set_for_a_conversation_does_not_make_it_remember_for_longer(
    talk: Talk, in_the_assistant: Nominatim, own_map: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWH_GEOCODER", "nominatim")
    set_now(datetime(2099, 1, 1))
    conversation = talk()
    conversation.types("what is happening near me?")
    conversation.types(UNKNOWN)
    with own_map.begin() as connection:
        assert delete_old(connection, real_now() + timedelta(days=DAYS_KEPT, seconds=1)) == 1


def test_turned_on_it_is_not_asked_for_a_place_that_is_known(
    talk: Talk, in_the_assistant: Nominatim, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWH_GEOCODER", "nominatim")
    conversation = talk()
    conversation.types("what is happening near me?")
    assert "Hyde Park" in text_of(conversation.types("Hyde Park"))
    assert in_the_assistant.requests == []
