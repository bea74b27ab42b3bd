from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.healing_map.areas import AREAS, in_service_area
from actions.healing_map.places import PlaceSearch, find_places
from actions.texts import DATA


def names_in(text: str) -> list[str]:
    return [place.name for place in find_places(text).matches]


def part_of(text: str) -> str:
    span = find_places(text).span
    assert span is not None
    return text[slice(*span)]


def column(table: str, name: str) -> list[str]:
    with (DATA / "places" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return [row[name] for row in csv.DictReader(file)]


@pytest.mark.parametrize("area", [area.name for area in AREAS])
def test_each_community_area_is_found_alone_and_in_a_sentence(area: str) -> None:
    for text in (area.upper(), f"book clubs near {area} this weekend", f"algo en {area} mañana?"):
        search = find_places(text)
        assert [(place.name, place.areas) for place in search.matches] == [(area, (area,))]


@pytest.mark.parametrize("table", ["zips", "neighborhoods", "sides", "landmarks"])
def test_each_name_in_the_tables_is_found(table: str) -> None:
    names = column(table, "zip" if table == "zips" else "name")
    assert [name for name in names if names_in(f"events in {name}") != [name]] == []


def test_each_landmark_stands_near_its_address() -> None:
    """As far as the street table knows the address; a museum may lie deep in a park."""
    names, addresses = column("landmarks", "name"), column("landmarks", "address")
    far = []
    for name, address in zip(names, addresses, strict=True):
        (landmark,) = find_places(name).matches
        found = [place for place in find_places(address).matches if place.kind == "address"]
        if found and min(map(landmark.miles_to, found)) > 0.7:
            far.append(name)
    assert far == []


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("book clubs near 60637 this weekend", "60637"),
        ("hay algo cerca de la 26 y Pulaski mañana?", "la 26 y Pulaski"),
        ("peace circles within 2 miles of the Field Museum", "Field Museum"),
        ("at 740 East 56th Place apt 2, Chicago, IL 60637 at 3pm", None),
        ("we meet in Pilsen or Bronzeville on friday", "Pilsen or Bronzeville"),
        ("¿Qué hay en el Lado Súr este sábado?", "Lado Súr"),
    ],
)
def test_the_part_that_names_the_place_can_be_taken_out(text: str, part: str | None) -> None:
    assert part_of(text) == (part or "740 East 56th Place apt 2, Chicago, IL 60637")


def test_the_numbers_of_dates_and_distances_are_no_addresses() -> None:
    text = "10 people at 63rd & Halsted on 12/5 at 6:30pm, 2 miles west"
    assert names_in(text) == ["63rd St & Halsted St"]


@pytest.mark.parametrize(
    "text",
    [
        "12/5 6:30pm",
        "saturday the 12th and the 19th",
        "call 312-555-0147",
        "2020-12-05",
        "from 2 to 4 on Dec 12, 2020",
    ],
)
def test_dates_and_times_alone_are_no_places(text: str) -> None:
    assert find_places(text) == PlaceSearch()


@pytest.mark.parametrize("text", ["Chicago", "near me", "chicago il", "", "here", "cerca de mí"])
def test_the_middle_of_the_city_is_never_a_default(text: str) -> None:
    assert find_places(text) == PlaceSearch()


def test_two_good_matches_are_both_returned() -> None:
    assert names_in("100 Michigan Ave") == ["100 N Michigan Ave", "100 S Michigan Ave"]


def test_an_area_beside_an_address_decides_between_two() -> None:
    assert names_in("1200 Clark in the South Loop") == ["1200 S Clark St"]
    assert names_in("1200 Clark, 60610") == ["1200 N Clark St"]


def test_a_place_in_the_city_and_one_outside_are_both_told() -> None:
    search = find_places("near Evanston or Rogers Park")
    assert [place.name for place in search.matches] == ["Rogers Park"]
    assert search.outside == "Evanston"


@pytest.mark.parametrize(
    ("text", "outside"),
    [
        ("99999 W Madison St", "99999 W Madison St"),
        ("4100 N Ellis Ave", "4100 N Ellis Ave"),
        ("3000 E 63rd St", "3000 E 63rd St"),
        ("100 Main St, Oak Park", "Oak Park"),
        ("800 Chicago Ave 60202", "60202"),
        ("Oakland, CA", "Oakland, CA"),
    ],
)
def test_what_lies_outside_is_named(text: str, outside: str) -> None:
    search = find_places(text)
    assert (search.matches, search.outside) == ((), outside)


def test_streets_called_like_another_city_stay_streets() -> None:
    assert names_in("Milwaukee and Springfield") == ["Milwaukee Ave & Springfield Ave"]
    assert names_in("1200 N Milwaukee") == ["1200 N Milwaukee Ave"]


@pytest.mark.parametrize("name", ["Loop", "Uptown", "Hermosa", "Clearing", "Douglas", "Dunning"])
def test_a_name_like_a_word_needs_a_place_word_in_a_sentence(name: str) -> None:
    assert names_in(f"Something near {name.lower()} tomorrow") == [name]
    assert names_in(f"They spoke of {name.lower()} things all day") == []


@pytest.mark.parametrize(
    "text",
    ["what is this campaign", "a cleaning day", "log an event", "is city hall", "una hermoso día"],
)
def test_ordinary_words_are_no_misspelt_names(text: str) -> None:
    assert not {"Champaign", "Clearing", "Logan Square", "Hermosa"} & set(names_in(text))


def test_near_west_side_may_be_the_near_west_side_or_near_the_west_side() -> None:
    assert names_in("events near west side") == ["Near West Side", "West Side"]
    assert names_in("events near the west side") == ["West Side"]
    assert names_in("events in the near west side") == ["Near West Side"]
    assert names_in("Near West Side") == ["Near West Side"]


def test_a_whole_misspelt_name_goes_before_a_part_that_is_spelt_right() -> None:
    assert names_in("near Garfield Park consevatory today") == ["Garfield Park Conservatory"]


@given(st.text(max_size=400))
def test_any_text_is_safe(text: str) -> None:
    search = find_places(text)
    for place in search.matches:
        assert in_service_area(place.latitude, place.longitude)
    if search.span:
        assert 0 <= search.span[0] < search.span[1] <= min(len(text), 300)


@given(
    st.lists(
        st.sampled_from(
            [
                *("near", "in", "63rd", "and", "Halsted", "4100", "S", "Ellis", "Ave", "60637"),
                *("12/5", "the", "Loop", ",", "&", "/", "#", "Evanston", "TX", "apt", "la", "26"),
                *("y", "Pulaski", "Hyde", "Park", "Chicago", "of", "Clark", "or", "Pilsn", "West"),
            ]
        ),
        max_size=20,
    ).map(" ".join)
)
def test_any_heap_of_place_words_is_safe(text: str) -> None:
    search = find_places(text)
    assert bool(search.span) == bool(search.matches or search.outside)
    assert all(in_service_area(place.latitude, place.longitude) for place in search.matches)


def test_only_the_first_300_characters_are_read() -> None:
    assert find_places("x " * 150 + "Pilsen") == PlaceSearch()
