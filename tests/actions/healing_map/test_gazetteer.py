from __future__ import annotations

from actions.healing_map.areas import AREAS, area_of
from actions.healing_map.gazetteer import names, zips
from actions.healing_map.mentions import Likeness
from actions.healing_map.wording import key_of


def test_all_zip_codes_are_known() -> None:
    assert len(zips()) == 59


def test_neighbourhoods_and_sides_stand_for_community_areas() -> None:
    known = {area.name for area in AREAS}
    for name in ("Pilsen", "Southwest Side", "Bronzeville", "Hyde Park"):
        found = names().get(key_of(name))
        assert found and set(found.places[0].areas) <= known


def test_a_neighbourhood_lies_in_one_of_its_areas() -> None:
    for name in ("Boystown", "Chinatown", "Old Town", "Canaryville", "Altgeld Gardens"):
        found = names().get(key_of(name))
        assert found
        place = found.places[0]
        assert area_of(place.latitude, place.longitude) in place.areas


def test_names_like_words_are_marked() -> None:
    for name, like in (("Uptown", Likeness.WORD), ("Gary", Likeness.PERSON)):
        found = names().get(key_of(name))
        assert found and found.like is like
