"""What everybody may see of an entry, and what nobody may."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from sqlalchemy.orm import Session

from actions.healing_map.areas import AREAS
from actions.healing_map.models import Event
from actions.healing_map.public import public_message, public_view
from actions.healing_map.store import add
from tests.actions.healing_map.making import (
    NOW,
    WOODSON_LIBRARY,
    event_draft,
    put_event,
    put_message,
    virtual_draft,
)

HOME = (41.7423, -87.6201)


def centre_of(name: str) -> tuple[float, float]:
    area = next(area for area in AREAS if area.name == name)
    return pytest.approx((area.latitude, area.longitude), abs=1e-4)


def at_home(session: Session) -> Event:
    return put_event(
        session,
        "Kitchen table talk",
        *HOME,
        address="8100 S. Vernon Ave.",
        address_visibility="area_only",
        contact="dana@example.org",
    )


def test_a_public_address_is_shown_as_it_is(session: Session) -> None:
    view = public_view(put_event(session, address="9525 S. Halsted St."))
    assert view.address == "9525 S. Halsted St."
    assert (view.latitude, view.longitude, view.exact) == (*WOODSON_LIBRARY, True)


def test_of_a_private_address_only_the_area_is_shown(session: Session) -> None:
    view = public_view(at_home(session))
    assert (view.address, view.area, view.exact) == ("", "Chatham", False)
    assert (view.latitude, view.longitude) == centre_of("Chatham")


def test_nothing_private_is_anywhere_in_the_view(session: Session) -> None:
    shown = str(asdict(public_view(at_home(session))))
    for private in ("dana@example.org", "Vernon", str(HOME[0]), str(HOME[1])):
        assert private not in shown


def test_making_an_address_private_takes_the_point_away_from_the_search_too(
    session: Session,
) -> None:
    event = at_home(session)
    assert (event.shown_latitude, event.shown_longitude) == centre_of("Chatham")


def test_a_virtual_event_is_shown_in_the_area_it_stands_for(session: Session) -> None:
    view = public_view(add(session, virtual_draft(area="Pullman"), NOW))
    assert (view.latitude, view.longitude) == centre_of("Pullman")
    assert not view.exact


def test_a_virtual_event_may_be_nowhere(session: Session) -> None:
    view = public_view(add(session, virtual_draft(), NOW))
    assert (view.latitude, view.longitude, view.exact) == (None, None, False)


def test_the_home_of_a_virtual_events_host_stays_private(session: Session) -> None:
    draft = event_draft(at=HOME, format="virtual", address_visibility="area_only")
    view = public_view(add(session, draft, NOW))
    assert (view.latitude, view.longitude) == centre_of("Chatham")


def test_a_message_is_shown_in_its_area_and_not_where_it_was_written(session: Session) -> None:
    message = put_message(session, "We heal.", latitude=HOME[0], longitude=HOME[1])
    view = public_message(message)
    assert view.area == "Chatham"
    assert (view.latitude, view.longitude) == centre_of("Chatham")
