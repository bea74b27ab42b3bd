"""A dictionary whose keys are found in spite of typing errors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Generic, TypeVar

Value = TypeVar("Value")

_EDITS_BY_LENGTH = ((5, 0), (8, 1), (13, 2))
_MOST_EDITS = 3


def edits_allowed(length: int) -> int:
    """Return how many typing errors a name of so many letters may have: short ones none."""
    for below, edits in _EDITS_BY_LENGTH:
        if length < below:
            return edits
    return _MOST_EDITS


class Lexicon(Generic[Value]):
    """Values by key, exactly or nearly. Keys are plain: lower case, no spaces, no accents."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = dict(values)
        self.longest = max(map(len, self._values), default=0)
        self._by_length: dict[int, list[tuple[str, int]]] = defaultdict(list)
        self._by_start: dict[tuple[str, int], list[tuple[str, int]]] = defaultdict(list)
        for key in self._values:
            entry = (key, _letters(key))
            self._by_length[len(key)].append(entry)
            self._by_start[key[:1], len(key)].append(entry)

    def get(self, key: str) -> Value | None:
        """Return the value of exactly this key."""
        return self._values.get(key)

    def nearest(self, key: str, edits: int, same_start: bool = False) -> list[Value]:
        """Return the values of the keys that are fewest typing errors away, at most so many.

        Args:
            key: what was typed.
            edits: letters that may be missing, added, wrong or swapped with their neighbour.
            same_start: look only among keys with the same first letter, which is much faster.
        """
        if not edits:
            return []
        best: list[str] = []
        letters = _letters(key)
        for candidate, candidate_letters in self._candidates(key, edits, same_start):
            if (letters ^ candidate_letters).bit_count() > 2 * edits:
                continue
            distance = distance_between(key, candidate, edits)
            if distance < edits:
                best, edits = [], distance
            if distance == edits:
                best.append(candidate)
        return [self._values[candidate] for candidate in best]

    def _candidates(self, key: str, edits: int, same_start: bool) -> Iterable[tuple[str, int]]:
        for length in range(len(key) - edits, len(key) + edits + 1):
            if same_start:
                yield from self._by_start.get((key[:1], length), ())
            else:
                yield from self._by_length.get(length, ())


def _letters(key: str) -> int:
    """Return the set of the letters of a key as bits; one typing error changes at most two."""
    bits = 0
    for letter in key:
        bits |= 1 << (ord(letter) & 63)
    return bits


def distance_between(one: str, other: str, limit: int) -> int:
    """Return the typing errors between two words, or limit + 1 when there are more than that.

    A missing, an added, a wrong letter and two neighbours swapped count as one each (the "optimal
    string alignment" distance). Only the diagonal band that the limit leaves open is computed.
    """
    too_many = limit + 1
    if abs(len(one) - len(other)) > limit:
        return too_many
    width = len(other)
    before: list[int] = []
    previous: list[int] = []
    row = list(range(width + 1))
    for i, letter in enumerate(one, 1):
        first, last = max(1, i - limit), min(width, i + limit)
        before, previous, row = previous, row, [too_many] * (width + 1)
        row[0] = i
        for j in range(first, last + 1):
            counterpart = other[j - 1]
            cost = previous[j - 1]
            if letter != counterpart:
                cost = 1 + min(cost, previous[j], row[j - 1])
                swapped = i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == counterpart
                if swapped and before[j - 2] + 1 < cost:
                    cost = before[j - 2] + 1
            row[j] = cost
        if min(row[first - 1 : last + 1]) > limit:
            return too_many
    return min(row[-1], too_many)
