"""Street addresses and street corners in a text: "4100 S. Ellis", "la 26 y Pulaski"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from actions.healing_map.lexicon import edits_allowed
from actions.healing_map.mentions import Likeness, Mention, Place
from actions.healing_map.streets import Point, Street, crossings, metres_apart, street_names
from actions.healing_map.wording import CORNER_WORDS, Word

SAME_ADDRESS_M = 300.0
"""Two addresses this near (on 56th St and on 56th Pl) are one; asking which is meant is in vain."""

_MOST_WORDS = 5
"""Words of the longest street name: "dr martin luther king jr"."""
_MOST_WORDS_MISSPELT = 3
_LONGEST_PHRASE = 8
"""Words of a street with all around its name: "la avenida n martin luther king dr"."""
_FEWEST_DIGITS = 3
"""Digits of a house number that is recognized without a direction or a suffix."""

_DIRECTIONS = {
    **dict.fromkeys(("n", "north", "norte"), "N"),
    **dict.fromkeys(("e", "east", "este"), "E"),
    **dict.fromkeys(("s", "south", "sur", "so"), "S"),
    **dict.fromkeys(("w", "west", "oeste"), "W"),
}
_SUFFIXES = {
    **dict.fromkeys(("st", "str", "street", "sts", "streets"), "St"),
    **dict.fromkeys(("av", "ave", "avenue", "aves"), "Ave"),
    **dict.fromkeys(("bl", "blvd", "boulevard", "bulevar"), "Blvd"),
    **dict.fromkeys(("rd", "road"), "Rd"),
    **dict.fromkeys(("dr", "drive"), "Dr"),
    **dict.fromkeys(("pl", "place"), "Pl"),
    **dict.fromkeys(("ct", "court"), "Ct"),
    **dict.fromkeys(("pkwy", "pky", "parkway"), "Pkwy"),
    **dict.fromkeys(("ter", "terr", "terrace"), "Ter"),
    **dict.fromkeys(("hwy", "highway"), "Hwy"),
    **dict.fromkeys(("plz", "plaza"), "Plz"),
    **dict.fromkeys(("cir", "circle"), "Cir"),
}
_SIDE_SUFFIXES = ("Pl", "Ct", "Ter")
"""56th Pl is named in full; "56th" is 56th St."""
_ARTICLES = ("la", "el", "the")
_STREET_WORDS = ("calle", "avenida", "av", "ave", "bulevar", "boulevard")
_JOINERS = ("and", "y", "e", "con", "at", "n", "x", "/", "+", "@")
_UNITS = (
    *("apt", "apartment", "unit", "suite", "ste", "floor", "fl", "room", "rm", "#"),
    *("depto", "departamento", "apartamento", "piso"),
)
_LONGEST_UNIT = 4

_NUMBER = re.compile(r"(\d{1,5})([nsew]?)")
_NUMBERED = re.compile(r"(\d{1,3})(st|nd|rd|th|ra|ta|va|na|a|o)?")


@dataclass(frozen=True)
class _SaidStreet:
    """A street as words name it.

    Attributes:
        end: the word after the last.
        streets: all of that name.
        direction: as said, or None.
        suffix: as said, or None.
        plain: nothing but the name was said, and it is no number.
    """

    end: int
    streets: tuple[Street, ...]
    direction: str | None
    suffix: str | None
    plain: bool

    @property
    def directed(self) -> tuple[Street, ...]:
        """The streets in that direction, or if there is none, those that reach into it."""
        if not self.direction:
            return self.streets
        fitting = (street for street in self.streets if street.direction == self.direction)
        across = (street.across() for street in self.streets)
        reaching = (other for other in across if other and other.direction == self.direction)
        return tuple(fitting) or tuple(reaching)

    @property
    def choices(self) -> tuple[Street, ...]:
        """The streets that fit the direction, and the suffix if there is one with it."""
        directed = self.directed
        return tuple(s for s in directed if s.suffix == self.suffix) or directed

    @property
    def usual_choices(self) -> tuple[Street, ...]:
        """The choices without the side streets of a numbered street, unless these are named."""
        usual = tuple(
            street
            for street in self.choices
            if not street.is_numbered or street.suffix not in _SIDE_SUFFIXES
        )
        return self.choices if self.suffix or not usual else usual


def mentions_of_addresses(words: Sequence[Word]) -> Iterator[Mention]:
    """Find house numbers with a street behind them."""
    for i, word in enumerate(words):
        number = _NUMBER.fullmatch(word.text)
        if word.taken or not number or (i > 0 and words[i - 1].text == "#"):
            continue
        start = _after_block_of(words, i + 1)
        if start >= len(words) or words[start].breaks:
            continue
        for said in _streets_at(words, start, number[2].upper() or None):
            mention = _address(i, int(number[1]), said)
            if mention:
                yield mention.until(_after_unit(words, said.end))
                break


def mentions_of_corners(words: Sequence[Word]) -> Iterator[Mention]:
    """Find pairs of streets that cross."""
    for i, word in enumerate(words):
        if word.text in _JOINERS and 0 < i < len(words) - 1 and not word.taken:
            mention = _corner(words, i)
            if mention:
                yield mention


def _after_block_of(words: Sequence[Word], start: int) -> int:
    """Pass over "block of" in "9100 block of S Commercial"."""
    following = [word.text for word in words[start : start + 2]]
    return start + 2 if following == ["block", "of"] else start


def _after_unit(words: Sequence[Word], end: int) -> int:
    """Take in "apt 2", "#3B", "2nd floor", "piso 2"."""
    following = [word.text for word in words[end : end + 2]]
    if len(following) < 2:
        return end
    numbered_floor = following[0][0].isdigit() and following[1] in ("floor", "fl", "piso")
    unit = following[0] in _UNITS and len(following[1]) <= _LONGEST_UNIT
    return end + 2 if numbered_floor or unit else end


def _address(start: int, number: int, said: _SaidStreet) -> Mention | None:
    if said.plain and number < 10 ** (_FEWEST_DIGITS - 1):
        return None
    like = Likeness.NOTHING if said.direction or said.suffix else Likeness.PERSON
    choices = sorted(said.choices, key=lambda street: street not in said.usual_choices)
    places = _places_of(number, choices, said) or _places_of(number, said.directed, said)
    if places:
        return Mention(start, said.end, places, like=like)
    street = choices[0] if choices else said.streets[0]
    direction = said.direction or (street.direction if len(choices) == 1 else "")
    return Mention(start, said.end, (), _address_name(number, direction, street, said), like)


def _places_of(number: int, streets: Sequence[Street], said: _SaidStreet) -> tuple[Place, ...]:
    """Return where the number may be: on each of the streets that has it.

    A street that is known to have the number rules out those in the same direction that would have
    to go on farther.
    """
    known = {street.direction for street in streets if street.knows(number)}
    found: list[Place] = []
    for street in streets:
        is_likely = street.direction not in known or street.knows(number)
        point = street.point_of(number) if is_likely else None
        if point and not any(_is_near(point, place) for place in found):
            name = _address_name(number, street.direction, street, said)
            found.append(Place(name, "address", round(point[0], 5), round(point[1], 5)))
    return tuple(found)


def _address_name(number: int, direction: str, street: Street, said: _SaidStreet) -> str:
    """Write an address; a numbered street keeps its suffix, as 48th Pl lies beside 48th St."""
    suffix = said.suffix if said.suffix and street.is_numbered else street.suffix
    return " ".join(part for part in (str(number), direction, street.name, suffix) if part)


def _is_near(point: Point, place: Place) -> bool:
    return metres_apart(point, (place.latitude, place.longitude)) < SAME_ADDRESS_M


def _corner(words: Sequence[Word], joiner: int) -> Mention | None:
    before = [
        (start, said)
        for start in range(max(0, joiner - _LONGEST_PHRASE), joiner)
        for said in _streets_at(words[:joiner], start, numbers=True)
        if said.end == joiner and not _is_a_day(words, start, joiner)
    ]
    after = [] if words[joiner].breaks else list(_streets_at(words, joiner + 1, numbers=True))
    if after and not before:
        before = list(_misspelt_before(words, joiner))
    elif before and not after:
        after = list(_misspelt_at(words, joiner + 1))
    for start, one in before:
        for other in after:
            places = _corners_of(one, other)
            if places:
                said = not (one.plain and other.plain) or _is_corner(words, start)
                like = Likeness.NOTHING if said else Likeness.PERSON
                return Mention(start, other.end, places, like=like)
    return None


def _is_a_day(words: Sequence[Word], start: int, joiner: int) -> bool:
    """Tell whether "the 18th at" is a date: "on the 18th at Ashland"."""
    return words[joiner].text == "at" and "the" in (
        words[start].text,
        words[start - 1].text if start else "",
    )


def _is_corner(words: Sequence[Word], start: int) -> bool:
    """Tell whether "corner of" stands before."""
    return any(word.text in CORNER_WORDS for word in words[max(0, start - 2) : start])


def _corners_of(one: _SaidStreet, other: _SaidStreet) -> tuple[Place, ...]:
    found = crossings(one.usual_choices, other.usual_choices)
    return tuple(
        Place(
            f"{crossing.one.title} & {crossing.other.title}",
            "intersection",
            round(crossing.point[0], 5),
            round(crossing.point[1], 5),
        )
        for crossing in found or crossings(one.choices, other.choices)
    )


def _streets_at(
    words: Sequence[Word], start: int, direction: str | None = None, numbers: bool = False
) -> Iterator[_SaidStreet]:
    """Yield the streets that may be named from this word on, the one with most words first.

    Args:
        words: of the sentence.
        start: where the name begins.
        direction: said already, as in "4100S Ellis".
        numbers: a bare number may be a street: the 26 of "26 y Pulaski".
    """
    exact = sorted(_readings(words, start, direction, numbers), key=lambda said: -said.end)
    if exact:
        yield from exact
    elif direction or (start < len(words) and words[start].text in _DIRECTIONS):
        yield from _misspelt_at(words, start, direction)


def _readings(
    words: Sequence[Word], start: int, direction: str | None, numbers: bool
) -> Iterator[_SaidStreet]:
    start, called = _after_street_word(words, start)
    if start >= len(words):
        return
    yield from _named(words, start, direction, numbers or called, called)
    said = _DIRECTIONS.get(words[start].text)
    if said and not direction and not words[start].taken:
        yield from _named(words, start + 1, said, True, called)


def _after_street_word(words: Sequence[Word], start: int) -> tuple[int, bool]:
    """Pass over "la", "calle" or "la avenida"; tell whether there was any of these."""
    passed = start
    for said in (_ARTICLES, _STREET_WORDS):
        if passed < len(words) and words[passed].text in said:
            passed += 1
    return passed, passed > start


def _named(
    words: Sequence[Word], start: int, direction: str | None, numbers: bool, called: bool
) -> Iterator[_SaidStreet]:
    key = ""
    for end in range(start + 1, min(start + _MOST_WORDS, len(words)) + 1):
        word = words[end - 1]
        if word.taken or (word.breaks and end > start + 1):
            return
        key += word.text
        suffix = _suffix_at(words, end)
        numbered = _numbered_street(key, numbers or bool(suffix)) if end == start + 1 else None
        streets = street_names().get(numbered or key)
        if streets:
            plain = not (direction or suffix or numbered or called)
            yield _SaidStreet(end + bool(suffix), streets, direction, suffix, plain)


def _numbered_street(text: str, bare: bool) -> str | None:
    """Return "63rd" for "63rd", "63th", and for "63" where a bare number may be a street."""
    match = _NUMBERED.fullmatch(text)
    if not match or not (match[2] or bare):
        return None
    number = int(match[1])
    teens = number // 10 % 10 == 1
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _suffix_at(words: Sequence[Word], i: int) -> str | None:
    if i >= len(words) or words[i].breaks or words[i].taken:
        return None
    return _SUFFIXES.get(words[i].text)


def _misspelt_at(
    words: Sequence[Word], start: int, direction: str | None = None
) -> Iterator[_SaidStreet]:
    """Yield the streets whose name with typing errors begins here, the nearest spelling first."""
    start, _ = _after_street_word(words, start)
    if start < len(words) and not direction and words[start].text in _DIRECTIONS:
        direction, start = _DIRECTIONS[words[start].text], start + 1
    for end in range(min(start + _MOST_WORDS_MISSPELT, len(words)), start, -1):
        streets = _misspelt_streets(words[start:end])
        if streets:
            suffix = _suffix_at(words, end)
            plain = not (direction or suffix)
            yield _SaidStreet(end + bool(suffix), streets, direction, suffix, plain)


def _misspelt_before(words: Sequence[Word], end: int) -> Iterator[tuple[int, _SaidStreet]]:
    suffix = _suffix_at(words, end - 1)
    name_end = end - 1 if suffix else end
    for start in range(max(0, name_end - _MOST_WORDS_MISSPELT), name_end):
        streets = _misspelt_streets(words[start:name_end])
        if streets:
            yield start, _SaidStreet(end, streets, None, suffix, suffix is None)


def _misspelt_streets(words: Sequence[Word]) -> tuple[Street, ...]:
    if any(word.taken or not word.text.isalpha() for word in words) or _has_break(words[1:]):
        return ()
    key = "".join(word.text for word in words)
    found = street_names().nearest(key, edits_allowed(len(key)))
    return tuple(dict.fromkeys(street for streets in found for street in streets))


def _has_break(words: Iterable[Word]) -> bool:
    return any(word.breaks for word in words)
