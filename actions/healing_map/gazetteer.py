"""Names of places: ZIP codes, community areas, neighbourhoods, sides of the city and landmarks.

And names of places around and beyond the city, so that "Evanston" is answered with a word about
the service area rather than not understood. The tables stand in data/places.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from actions.healing_map.lexicon import Lexicon, edits_allowed
from actions.healing_map.mentions import Likeness, Mention, Place
from actions.healing_map.wording import (
    AREA_WORDS,
    FILLERS,
    PLACE_WORDS,
    ZIP_WORDS,
    Word,
    key_of,
    words_of,
)
from actions.texts import DATA

MOST_WORDS = 9
"""Words of the longest name: "museum of puerto rican arts and culture" has seven."""
MISSPELT_ANYWHERE = 8
"""Letters from which on a name with one typing error is recognized anywhere in a sentence."""
FILLERS_IN_A_NAME = 3
"""Words without a meaning of their own that a misspelt name may begin or end with: "art insittute
of chicago"."""
MOST_EDITS_IN_A_SENTENCE = 2
"""Typing errors of a name after a word like "near"."""

_ZIP_DIGITS = 5
_ZIP_EXTENSION = 4


@dataclass(frozen=True)
class Name:
    """What a name stands for: places, or one place outside the service area.

    Without either it is an ordinary word that must not be taken for a misspelt name: "campaign"
    for Champaign.

    Attributes:
        places: none if it lies outside; several if people call them the same.
        outside: the name of the place outside.
        like: what else the words may mean.
        lengths: how many words the name may have, if not any number; so "log an event" is not
            Logan, while "boys town" is Boystown.
    """

    places: tuple[Place, ...]
    outside: str | None = None
    like: Likeness = Likeness.NOTHING
    lengths: frozenset[int] = frozenset()

    def fits(self, length: int) -> bool:
        """Tell whether so many words that spell the name mean it, if it is a name at all."""
        is_name = bool(self.places or self.outside)
        return is_name and (not self.lengths or length in self.lengths)


@cache
def names() -> Lexicon[Name]:
    """Return every name and nickname."""
    by_key = {key_of(row["word"]): Name(()) for row in _table("no_places")}
    by_key.update(
        (key_of(row[column]), Name((), row["name"]))
        for row in _table("outside")
        for column in ("name", "alias")
        if row[column]
    )
    by_name = {place.name: place for place in _named_places()}
    by_key.update((key_of(name), Name((place,))) for name, place in by_name.items())
    aliases: dict[str, Name] = {}
    for row in _table("aliases"):
        key, place = key_of(row["alias"]), by_name[row["name"]]
        aliases[key] = Name((*aliases[key].places, place) if key in aliases else (place,))
    by_key.update(aliases)
    for row in _table("ordinary_words"):
        key, length = key_of(row["name"]), len(words_of(row["name"]))
        lengths = by_key[key].lengths | {length}
        by_key[key] = replace(by_key[key], like=Likeness(row["like"]), lengths=lengths)
    return Lexicon(by_key)


@cache
def zips() -> dict[str, Place]:
    """Return the places of the city's ZIP codes."""
    return {
        row["zip"]: Place(row["zip"], "zip", float(row["latitude"]), float(row["longitude"]))
        for row in _table("zips")
    }


def mentions_of_zips(words: Sequence[Word]) -> Iterator[Mention]:
    """Find ZIP codes, those of other cities included."""
    for i, word in enumerate(words):
        if word.taken or len(word.text) != _ZIP_DIGITS or not word.text.isdecimal():
            continue
        end = i + 1
        if end < len(words) and words[end].text.isdecimal() and _is_extension(word, words[end]):
            end += 1
        place = zips().get(word.text)
        if place:
            yield Mention(i, end, (place,))
        else:
            said = i > 0 and words[i - 1].text in ZIP_WORDS
            likeness = Likeness.NOTHING if said else Likeness.PERSON
            yield Mention(i, end, (), word.text, likeness)


def _is_extension(word: Word, following: Word) -> bool:
    return len(following.text) == _ZIP_EXTENSION and following.start == word.end + 1


def mentions_of_names(words: Sequence[Word]) -> Iterator[Mention]:
    """Find names that are spelt right."""
    for start in range(len(words)):
        for end, key in _windows(words, start):
            name = names().get(key)
            if name and name.fits(end - start):
                yield Mention(start, end, name.places, name.outside, name.like)


def misspelt_mentions(words: Sequence[Word], start: int, telling: range) -> Iterator[Mention]:
    """Find names with typing errors that begin with this word.

    Args:
        words: of the sentence.
        start: where the name begins.
        telling: from the first to the last word that says something. A name that covers them all
            is the whole text, which is read more leniently.
    """
    after_place_word = start > 0 and words[start - 1].text in PLACE_WORDS | AREA_WORDS
    for end, key in _windows(words, start):
        if end <= telling.start:
            continue
        if end > telling.stop + FILLERS_IN_A_NAME or any(
            word.breaks for word in words[start + 1 : end]
        ):
            return
        alone = start <= telling.start and end >= telling.stop
        careful = _has_a_short_word(words[start:end]) or words[start].text in PLACE_WORDS
        edits = min(edits_allowed(len(key)), 1) if careful else edits_allowed(len(key))
        if alone:
            found = names().nearest(key, edits)
        elif after_place_word:
            edits = min(edits, MOST_EDITS_IN_A_SENTENCE)
            found = names().nearest(key, edits, same_start=True)
        elif len(key) >= MISSPELT_ANYWHERE and not careful:
            found = names().nearest(key, 1, same_start=True)
        else:
            continue
        yield from _mention_of(start, end, found, alone)


def _has_a_short_word(words: Iterable[Word]) -> bool:
    """Tell whether a word that says something is too short to be misspelt: "city call"."""
    return any(word.text not in FILLERS and not edits_allowed(len(word.text)) for word in words)


def _mention_of(start: int, end: int, found: Iterable[Name], alone: bool) -> Iterator[Mention]:
    """Combine what the words may be meant for.

    A name that is an ordinary word or a person's as well must be spelt right within a sentence, and
    so must one outside.
    """
    fitting = [
        name
        for name in found
        if name.fits(end - start) and (alone or name.like is Likeness.NOTHING)
    ]
    places = tuple(dict.fromkeys(place for name in fitting for place in name.places))
    outside = next((name.outside for name in fitting if name.outside), None)
    if places:
        yield Mention(start, end, places)
    elif alone and outside:
        yield Mention(start, end, (), outside)


def _windows(words: Sequence[Word], start: int) -> Iterator[tuple[int, str]]:
    """Yield each run of words from here that can be a name: its end and its key."""
    key = ""
    for end, word in enumerate(words[start : start + MOST_WORDS], start + 1):
        key += word.text
        if word.taken or len(key) > names().longest:
            return
        yield end, key


def _named_places() -> Iterator[Place]:
    """Yield the places that have names; of two with the same name the last one counts."""
    areas = {row["name"]: _place(row, "area", (row["name"],)) for row in _table("community_areas")}
    for row in _table("neighborhoods"):
        yield _place(row, "neighborhood", tuple(row["areas"].split(";")))
    for row in _table("sides"):
        parts = [areas[name] for name in row["areas"].split(";")]
        yield Place(
            row["name"],
            "area",
            round(sum(area.latitude for area in parts) / len(parts), 5),
            round(sum(area.longitude for area in parts) / len(parts), 5),
            tuple(area.name for area in parts),
        )
    for row in _table("landmarks"):
        yield _place(row, "landmark", ())
    yield from areas.values()


def _place(row: dict[str, str], kind: str, areas: tuple[str, ...]) -> Place:
    return Place(row["name"], kind, float(row["latitude"]), float(row["longitude"]), areas)


def _table(name: str) -> list[dict[str, str]]:
    with (DATA / "places" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
