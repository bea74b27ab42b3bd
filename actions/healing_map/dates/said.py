"""Somebody's text made plain for reading, each letter still knowing where it was typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

_DASHES = dict.fromkeys("‐‑‒–—―−", "-")
_QUOTES = dict.fromkeys("‘’´`ʼ", "'")


@dataclass(frozen=True)
class Said:
    """A text in lower-case ASCII without accents; all between is a single space.

    Attributes:
        text: the plain text.
        starts: for each of its characters, where in the original that character begins.
        ends: likewise where it ends.
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, original: str) -> Said:
        """Make a text plain, whatever it holds."""
        letters: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        for index, character in enumerate(original):
            plain = _plain(character)
            if plain == " " == "".join(letters[-1:]):
                continue
            if plain:
                letters.append(plain)
                starts.append(index)
                ends.append(index + 1)
            elif ends:
                ends[-1] = index + 1
        return cls("".join(letters), tuple(starts), tuple(ends))

    def cut(self, start: int, end: int) -> Said:
        """Return the part between two places of the plain text."""
        return Said(self.text[start:end], self.starts[start:end], self.ends[start:end])

    def replaced(self, pattern: re.Pattern[str], by: Callable[[re.Match[str]], str]) -> Said:
        """Put other words in place of each match; they stand where the match was typed."""
        said, done = Said("", (), ()), 0
        for match in pattern.finditer(self.text):
            words = by(match)
            if words == match[0] or not match[0]:
                continue
            start, end = match.span()
            from_, to = self.typed_at(start, end)
            new = Said(words, (from_,) * len(words), (to,) * len(words))
            said, done = said.joined(self.cut(done, start)).joined(new), end
        return said.joined(self.cut(done, len(self.text))) if done else self

    def typed_at(self, start: int, end: int) -> tuple[int, int]:
        """Return where in the original a non-empty part of the plain text was typed."""
        return self.starts[start], self.ends[end - 1]

    def joined(self, other: Said) -> Said:
        """Return this text with another one behind it."""
        return Said(self.text + other.text, self.starts + other.starts, self.ends + other.ends)


@lru_cache(maxsize=2048)
def _plain(character: str) -> str:
    """Return one plain character, or none for an accent that stands by itself."""
    if unicodedata.combining(character):
        return ""
    character = _DASHES.get(character) or _QUOTES.get(character) or character
    plain = unicodedata.normalize("NFKD", character)[0].lower()
    return plain if " " <= plain <= "~" else " "
