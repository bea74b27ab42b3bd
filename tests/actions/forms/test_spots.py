"""Where an event is, and from which part of the city somebody writes."""

from __future__ import annotations

from math import nan
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.forms.answers import Asked, Finding, Fit, Misfit, SideQuestion
from actions.forms.spots import (
    place_answer,
    place_in_words,
    read_area,
    read_place,
    shared_area,
    shared_place,
)
from actions.healing_map.areas import in_service_area
from actions.healing_map.models import ADDRESS_LENGTH
from actions.healing_map.places import find_places
from tests.actions.forms.filling import ELLIS, NOW, PILSEN


def reading(typed: str, side: dict[str, Any] | None = None) -> Finding:
    return read_place(Asked(typed, "inform", "en", NOW, {}, side or {}))


def area(typed: str) -> Finding:
    return read_area(Asked(typed, "inform", "en", NOW, {}))


def place(finding: Finding) -> dict[str, Any]:
    assert isinstance(finding, Fit), finding
    answer: dict[str, Any] = finding.answers["place"]
    return answer


def choices(finding: Finding) -> list[dict[str, Any]]:
    assert isinstance(finding, SideQuestion), finding
    assert finding.has_name
    places: list[dict[str, Any]] = finding.side["places"]
    return places


@pytest.mark.parametrize(
    ("typed", "address", "area"),
    [
        ("9525 S Halsted", "9525 S Halsted St", "Washington Heights"),
        ("63rd and Halsted", "63rd St & Halsted St", "Englewood"),
        ("Millennium Park", "Millennium Park", "Loop"),
        ("the Woodson library", "Carter G. Woodson Regional Library", "Washington Heights"),
        ("en la biblioteca Woodson", "Carter G. Woodson Regional Library", "Washington Heights"),
        ("1500 N Milwaukee Ave", "1500 N Milwaukee Ave", "West Town"),
    ],
)
def test_an_exact_place_is_known_by_its_address_and_area(
    typed: str, address: str, area: str
) -> None:
    found = place(reading(typed))
    assert (found["address"], found["area"], found["exact"]) == (address, area, True)
    assert in_service_area(found["latitude"], found["longitude"])


@pytest.mark.parametrize(
    ("typed", "area"), [("Pilsen", "Lower West Side"), ("60637", "Woodlawn"), ("Loop", "Loop")]
)
def test_of_a_part_of_the_city_nothing_exact_is_known(typed: str, area: str) -> None:
    found = place(reading(typed))
    assert (found["address"], found["area"], found["exact"]) == ("", area, False)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("9525 S Halsted, room 2", "9525 S Halsted St, room 2"),
        ("9525 S Halsted St apt 3", "9525 S Halsted St, apt 3"),
        ("9525 S Halsted #3B", "9525 S Halsted St, #3B"),
        ("9525 S Halsted, 2nd floor", "9525 S Halsted St, 2nd floor"),
        ("9525 S Halsted, piso 2", "9525 S Halsted St, piso 2"),
        ("9525 S Halsted (basement)", "9525 S Halsted St, basement"),
        ("Woodson library sala 3", "Carter G. Woodson Regional Library, sala 3"),
    ],
)
def test_a_room_stays_with_its_address(typed: str, address: str) -> None:
    assert place(reading(typed))["address"] == address


@pytest.mark.parametrize(
    "typed", ["4100 S Ellis Ave, bring snacks", "4100 S Ellis Ave because it is big there"]
)
def test_other_words_behind_an_address_are_left_out(typed: str) -> None:
    assert place(reading(typed))["address"] == "4100 S Ellis Ave"


def test_a_place_of_two_names_is_asked_about() -> None:
    names = [it["name"] for it in choices(reading("Humboldt Park or Pilsen"))]
    assert names == ["Humboldt Park", "Pilsen"]


@pytest.mark.parametrize("typed", ["Milwaukee", "Milwaukee, WI", "in milwaukee", "Evanston"])
def test_a_place_outside_of_the_city_is_named_as_such(typed: str) -> None:
    finding = reading(typed)
    assert isinstance(finding, Misfit)
    assert finding.problem == "place_outside"
    assert finding.values == {"place": typed.removeprefix("in ").partition(",")[0].capitalize()}


def test_the_words_for_an_unknown_place_stand_before_its_address() -> None:
    unknown = reading("Grandma's  porch")
    assert unknown == Misfit("place_misfit", side={"words": "Grandma's porch"})
    assert isinstance(unknown, Misfit)
    found = place(reading("9525 S Halsted, door B", unknown.side))
    assert found["address"] == "Grandma's porch, 9525 S Halsted St, door B"
    assert found["exact"]


def test_with_only_a_neighborhood_an_unknown_place_is_shown_by_its_words() -> None:
    found = place(reading("Pilsen", {"words": "Grandma's porch"}))
    assert (found["address"], found["exact"]) == ("Grandma's porch", False)


def test_a_long_story_is_not_taken_for_the_name_of_a_place() -> None:
    kept = {"words": "Grandma's porch"}
    story = "it is where we always meet when the weather is nice"
    assert reading(story, kept) == Misfit("place_misfit", side=kept)
    assert reading(story) == Misfit("place_misfit")


def test_a_place_has_room_for_so_many_characters() -> None:
    finding = reading("9525 S Halsted " + "x" * ADDRESS_LENGTH, {"words": "Porch"})
    assert finding == Misfit("place_too_long", {"most": str(ADDRESS_LENGTH)}, {"words": "Porch"})


def test_an_address_of_words_and_a_room_is_never_too_long() -> None:
    long_name = {"words": "x" * ADDRESS_LENGTH}
    assert len(place(reading("9525 S Halsted, room 2", long_name))["address"]) == ADDRESS_LENGTH


def test_markup_is_no_part_of_an_address() -> None:
    assert place(reading("<b>4100 S Ellis</b>"))["address"] == "4100 S Ellis Ave"


def test_a_shared_place_is_shown_before_it_is_taken() -> None:
    (shared,) = choices(shared_place(41.793, -87.607))
    assert shared == {
        "name": "Washington Park",
        "address": "",
        "area": "Washington Park",
        "exact": True,
        "latitude": 41.793,
        "longitude": -87.607,
    }


@pytest.mark.parametrize("location", [(43.04, -87.91), (41.88, -87.5), (0.0, 0.0), (nan, nan)])
def test_a_shared_place_outside_of_the_city_is_said_so(location: tuple[float, float]) -> None:
    assert shared_place(*location) == Misfit("place_outside_pin")
    assert shared_area(*location) == Misfit("area_misfit")


def test_of_a_shared_place_only_the_area_stays_for_a_message() -> None:
    assert shared_area(41.793, -87.607) == Fit({"area": "Washington Park"})


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("Pilsen", "Lower West Side"), ("60637", "Woodlawn"), ("4100 S Ellis Ave", "Oakland")],
)
def test_of_an_address_only_the_area_stays_for_a_message(typed: str, expected: str) -> None:
    assert area(typed) == Fit({"area": expected})


def test_an_area_outside_of_the_city_or_unknown_is_said_so() -> None:
    assert area("Milwaukee") == Misfit("area_outside", {"place": "Milwaukee"})
    assert area("blorptown") == Misfit("area_misfit")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (ELLIS, "4100 S Ellis Ave (Oakland)"),
        (PILSEN, "Pilsen (Lower West Side)"),
        ({**PILSEN, "name": "Lower West Side"}, "Lower West Side"),
        ({**PILSEN, "area": ""}, "Pilsen"),
    ],
)
def test_a_place_is_read_back_with_its_area(answer: dict[str, Any], words: str) -> None:
    assert place_in_words(answer) == words


def test_a_found_place_is_plain_data() -> None:
    (found,) = find_places("4100 S Ellis Ave").matches
    assert place_answer(found, ("Hall", "room 2")) == {
        "name": "4100 S Ellis Ave",
        "address": "Hall, 4100 S Ellis Ave, room 2",
        "latitude": found.latitude,
        "longitude": found.longitude,
        "area": "Oakland",
        "exact": True,
    }


WORDS = (
    "4100 S Ellis Ave 9525 Halsted & and room # ( ) , Pilsen Loop Milwaukee 60637 Woodson library "
    "park or Gary the 63rd in at <b> de la biblioteca Humboldt Avenue Chicago IL"
)
sentences = st.lists(st.sampled_from(WORDS.split()), max_size=8).map(" ".join)


@settings(deadline=None)
@given(sentences | st.text(max_size=220), st.sampled_from([{}, {"words": "Porch"}]))
def test_whatever_is_typed_a_place_is_in_the_city(typed: str, side: dict[str, str]) -> None:
    finding = reading(typed, side)
    found = [place(finding)] if isinstance(finding, Fit) else []
    found = choices(finding) if isinstance(finding, SideQuestion) else found
    for it in found:
        assert in_service_area(it["latitude"], it["longitude"])
        assert len(it["address"]) <= ADDRESS_LENGTH
        assert place_in_words(it)
    area(typed)
