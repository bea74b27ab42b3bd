"""Finds the places that a text names, offline: find_places("peace circles near 63rd and Halsted").

It understands ZIP codes, community areas, neighbourhoods and nicknames, sides of the city,
landmarks, street addresses and corners, in English and Spanish, with typing errors, and inside a
sentence. It never guesses: where two places fit both are returned, where none fits none is, and
the middle of the city stands for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from actions.healing_map.addresses import mentions_of_addresses, mentions_of_corners
from actions.healing_map.gazetteer import (
    FILLERS_IN_A_NAME,
    mentions_of_names,
    mentions_of_zips,
    misspelt_mentions,
)
from actions.healing_map.mentions import Likeness, Mention, Place
from actions.healing_map.wording import (
    AREA_WORDS,
    ARTICLES,
    CHAINS,
    CITY_WORDS,
    FILLERS,
    FOLLOWERS,
    LOOSE_PLACE_WORDS,
    PLACE_WORDS,
    STATE_LETTERS,
    STATES,
    Word,
    words_of,
)

__all__ = ["Place", "PlaceSearch", "find_places"]

_SECOND_WORDS = frozenset({"de", "del", "to"})

SAME_PART_MILES = 3.0
"""Within this distance a ZIP code or an area says more about a place, and is no second one."""
PARTS_OF_A_SIDE = 4
"""Community areas from which on an extent counts as a side of the city."""
SAME_SIDE_MILES = 9.0
"""The same distance for a side of the city."""
CLEARLY_MILES = 1.0
"""How much nearer to an area a place must be than another one to be chosen by it."""


@dataclass(frozen=True)
class PlaceSearch:
    """What a text says about a place.

    Attributes:
        matches: the places it may mean, best first; none when it names none.
        span: start and end of the part of the text that names the place, or one outside.
        outside: the name of a place outside the service area that the text names, if it does.
    """

    matches: tuple[Place, ...] = ()
    span: tuple[int, int] | None = None
    outside: str | None = None


def find_places(text: str) -> PlaceSearch:
    """Return the places that a text names. Any string is safe; 300 characters of it are read."""
    words = words_of(text)
    exact = _meant(words, text)
    mentions = _apart([*exact, *_misspelt(words, exact)])
    if not mentions:
        return PlaceSearch()
    named = _in_other_cities(mentions, words)
    places, context = _without_context([mention for mention in named if mention.places], words)
    outside = [mention for mention in named if mention.outside]
    ordered = sorted(places, key=_vagueness) + outside
    matches = dict.fromkeys(place for mention in places for place in mention.places)
    return PlaceSearch(
        tuple(matches),
        _span(ordered[0], [*ordered[1:], *context], words),
        outside[0].outside if outside else None,
    )


def _meant(words: Sequence[Word], text: str) -> list[Mention]:
    """Return the mentions that mean a place, without those inside longer ones, in text order."""
    names = list(mentions_of_names(words))
    found = [
        *mentions_of_addresses(words),
        *(_with_state(_or_near(mention, names, words, text), words, text) for mention in names),
        *mentions_of_corners(words),
        *mentions_of_zips(words),
    ]
    sure = [mention for mention in found if mention.like is Likeness.NOTHING]
    meant: list[Mention] = []
    for mention in sorted(found, key=lambda mention: mention.start):
        if _is_meant(words, mention, sure) or _goes_on(words, mention, meant):
            meant.append(mention)
    return _apart(meant)


def _misspelt(words: Sequence[Word], exact: Sequence[Mention]) -> list[Mention]:
    """Return the names that are meant in spite of typing errors.

    Where names are spelt right, only longer ones around them are looked for: the whole name in
    "Garfield Park consevatory".
    """
    telling = [i for i, word in enumerate(words) if not word.taken and word.text not in FILLERS]
    if not telling:
        return []
    found = [
        mention
        for start in _starts(telling, exact)
        for mention in misspelt_mentions(words, start, range(telling[0], telling[-1] + 1))
    ]
    return [
        mention for mention in found if not exact or any(mention.covers(other) for other in exact)
    ]


def _starts(telling: Sequence[int], exact: Sequence[Mention]) -> list[int]:
    """Return where a misspelt name may begin: beside a name that is spelt right, or anywhere.

    A name may begin with words that otherwise say nothing: "art insittute", "north sdie".
    """
    if not exact:
        before = range(FILLERS_IN_A_NAME + 1)
        return sorted({i - back for i in telling for back in before if i >= back})
    starts: set[int] = set()
    for mention in exact:
        if mention.start - 1 in telling:
            starts.add(mention.start - 1)
        if mention.end in telling:
            starts.add(mention.start)
    return sorted(starts)


def _apart(mentions: Iterable[Mention]) -> list[Mention]:
    """Return mentions that do not overlap, the longer ones first served, in text order."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda mention: mention.start - mention.end):
        if not any(mention.overlaps(other) for other in kept):
            kept.append(mention)
    return sorted(kept, key=lambda mention: mention.start)


def _is_meant(words: Sequence[Word], mention: Mention, sure: Iterable[Mention]) -> bool:
    """Tell whether a mention means a place: it is unmistakable, alone, or the words say so."""
    if mention.like is Likeness.NOTHING or _is_alone(words, [mention, *sure]):
        return True
    before = _word_before(words, mention.start)
    if _text_at(words, mention.end) in AREA_WORDS or before in AREA_WORDS:
        return True
    pointed_at = before in PLACE_WORDS or (
        mention.like is Likeness.WORD and before in LOOSE_PLACE_WORDS
    )
    following = _text_at(words, mention.end)
    return pointed_at and (not following or following in FOLLOWERS or words[mention.end].taken)


def _goes_on(words: Sequence[Word], mention: Mention, meant: Iterable[Mention]) -> bool:
    """Tell whether a mention is the second in "near Pilsen or Austin"."""
    chained = mention.start > 0 and words[mention.start - 1].text in CHAINS
    return chained and any(other.end == mention.start - 1 for other in meant)


def _is_alone(words: Sequence[Word], mentions: Sequence[Mention]) -> bool:
    """Tell whether the text says nothing but these mentions."""
    return all(
        word.taken
        or word.text in FILLERS
        or any(mention.start <= i < mention.end for mention in mentions)
        for i, word in enumerate(words)
    )


def _word_before(words: Sequence[Word], start: int) -> str:
    """Return the word before, past articles; "" at the beginning of a phrase.

    Of "cerca de" and "close to" it is the first word, which alone tells that a place follows.
    """
    while start > 0 and not words[start].breaks:
        start -= 1
        word = words[start].text
        if word in _SECOND_WORDS and start > 0 and words[start - 1].text in PLACE_WORDS:
            return words[start - 1].text
        if word not in ARTICLES:
            return word
    return ""


def _text_at(words: Sequence[Word], i: int) -> str:
    return words[i].text if i < len(words) and not words[i].breaks else ""


def _or_near(
    mention: Mention, names: Iterable[Mention], words: Sequence[Word], text: str
) -> Mention:
    """Leave open whether "events near west side" means the Near West Side or near the West Side."""
    first = words[mention.start]
    if first.text not in PLACE_WORDS or text[first.start].isupper():
        return mention
    before = words[mention.start - 1].text if mention.start and not first.breaks else "in"
    if before in PLACE_WORDS | LOOSE_PLACE_WORDS | ARTICLES:
        return mention
    inner = (n for n in names if (n.start, n.end) == (mention.start + 1, mention.end))
    others = tuple(place for name in inner for place in name.places)
    return replace(mention, places=mention.places + others)


def _with_state(mention: Mention, words: Sequence[Word], text: str) -> Mention:
    """Take a name for that of another city if another state stands behind it: "Austin, Texas"."""
    if not mention.places or not _is_state(words, mention.end, text):
        return mention
    name = text[words[mention.start].start : words[mention.end].end]
    return Mention(mention.start, mention.end + 1, (), name)


def _in_other_cities(mentions: Sequence[Mention], words: Sequence[Word]) -> list[Mention]:
    """Take places away behind which another city stands.

    As in "1200 Chicago Ave, Evanston" and "downtown Milwaukee".
    """
    return [
        mention
        for mention, following in zip_longest(mentions, mentions[1:])
        if not (
            mention.places
            and following
            and following.outside
            and _is_in(words[mention.end : following.start])
        )
    ]


def _is_in(between: Sequence[Word]) -> bool:
    return all(word.text in ("in", "en", "de") for word in between)


def _is_state(words: Sequence[Word], i: int, text: str) -> bool:
    if i >= len(words) or not words[i].breaks:
        return False
    word = words[i]
    is_last = i + 1 == len(words) or words[i + 1].breaks or words[i + 1].text.isdecimal()
    is_short = word.text in STATE_LETTERS and text[word.start : word.end].isupper()
    return is_last and (is_short or word.text in STATES)


def _without_context(
    mentions: Sequence[Mention], words: Sequence[Word]
) -> tuple[list[Mention], list[Mention]]:
    """Part the places that are meant from those that only say where these are.

    In "1200 Clark in the Gold Coast" the neighbourhood decides between north and south, and is no
    place of its own; in "Uptown or the Field Museum" both are meant.
    """
    meant: list[Mention] = []
    context: list[Mention] = []
    for mention in sorted(mentions, key=_vagueness):
        chained = mention.start > 0 and words[mention.start - 1].text in CHAINS
        described = [
            i for i, other in enumerate(meant) if not chained and _describes(mention, other)
        ]
        for i in described:
            meant[i] = _narrowed(meant[i], mention)
        (context if described else meant).append(mention)
    return meant, context


def _vagueness(mention: Mention) -> int:
    """Rank points before parts of the city, these before ZIP codes, and sides last."""
    place = mention.places[0]
    if len(place.areas) >= PARTS_OF_A_SIDE:
        return 3
    return {"area": 1, "neighborhood": 1, "zip": 2}.get(place.kind, 0)


def _describes(extent: Mention, mention: Mention) -> bool:
    """Tell whether an extent says more about a place that is named more exactly."""
    vagueness = _vagueness(extent)
    if vagueness <= _vagueness(mention):
        return False
    miles = SAME_SIDE_MILES if vagueness == 3 else SAME_PART_MILES
    return any(place.miles_to(extent.places[0]) <= miles for place in mention.places)


def _narrowed(mention: Mention, extent: Mention) -> Mention:
    """Keep the places that are about as near to the extent as the nearest one."""
    miles = [place.miles_to(extent.places[0]) for place in mention.places]
    near = (
        p
        for p, away in zip(mention.places, miles, strict=True)
        if away <= min(miles) + CLEARLY_MILES
    )
    return replace(mention, places=tuple(near))


def _span(best: Mention, others: Iterable[Mention], words: Sequence[Word]) -> tuple[int, int]:
    """Return the characters of the best mention and of all that hang together with it."""
    joining = CHAINS | PLACE_WORDS | LOOSE_PLACE_WORDS | ARTICLES | CITY_WORDS
    start, end = best.start, best.end
    for other in sorted(others, key=lambda other: abs(other.start - best.start)):
        first, last = min(end, other.end), max(start, other.start)
        if all(word.text in joining for word in words[first:last]):
            start, end = min(start, other.start), max(end, other.end)
    while end < len(words) and words[end].text in CITY_WORDS:
        end += 1
    return words[start].start, words[end - 1].end
