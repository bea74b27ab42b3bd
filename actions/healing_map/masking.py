"""Takes out of a text what could tell who wrote it: "I'm [name], call [phone]".

It would rather take out too much than too little, and is not perfect all the same: what is masked
is still treated as private. The lists of names stand in data/masking.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from actions.healing_map.addresses import mentions_of_addresses, mentions_of_corners
from actions.healing_map.gazetteer import mentions_of_names
from actions.healing_map.mentions import Likeness, Mention
from actions.healing_map.places import find_places
from actions.healing_map.screening import EMAIL, LINK, PHONE
from actions.healing_map.store import is_code
from actions.healing_map.wording import MAX_LENGTH, Word, words_of
from actions.texts import DATA

MOST_CHARACTERS = 200
"""Of a masked text; what is longer is cut."""
_MOST_READ = 2000  # characters; of what is left without invisible ones, MAX_LENGTH count

_CONTACTS = (
    (re.compile(r"\w+://\S+|\bwww\.\S+", re.IGNORECASE), "[link]"),
    (EMAIL, "[email]"),
    (re.compile(r"[^\s@]+@[^\s@]+"), "[email]"),
    (re.compile(r"[\w-]+(?:\.[\w-]+)+/\S*"), "[link]"),
    (LINK, "[link]"),
    (re.compile(r"@[^\W\d]\w*"), "[handle]"),
    (PHONE, "[phone]"),
)
"""In this order: an address at a web site is part of its link, a site part of an e-mail address."""

_NUMBER = re.compile(r"\d(?:[ .,:/()+-]{0,2}\d)+(?:st|nd|rd|th)?")
_PLACEHOLDER = re.compile(r"\[(?:email|phone|link|handle|number|address|name|code)\]")
_SAME_AGAIN = re.compile(
    r"(\[\w+\])(?:(?:[\s.'’-]|\b(?:de|del|la|las|los|da|van|von)\b)*\1)+", re.IGNORECASE
)

_TOKEN = re.compile(r"[^\W\d_]+(?:['’´`][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"['’´`]s$")
_APOSTROPHES = re.compile("['’´`]")
_CODE = re.compile(r"\w+")
_END_OF_SENTENCE = re.compile(r"[.!?…¿¡]")
_LONGEST_ABBREVIATION = 3
"""Letters of a word whose point ends no sentence: "Dr. Vega", "Sra. Vega"."""
_ACRONYM = range(2, 6)  # letters: CTA, TRHT, NAACP

_GIVES_NAME = re.compile(
    r"\b(?:(?:my|his|her) (?:full |first |last )?name(?: is|['’]?s)|me llamo|se llama"
    r"|mi (?:nombre|apellido) es)\s+$",
    re.IGNORECASE,
)
"""What stands before a name and nothing else, except the words of _NO_NAME_AFTER."""
_NO_NAME_AFTER = frozenset(
    {
        *("a", "an", "the", "not", "to", "on", "at", "by"),
        *("un", "una", "el", "la", "los", "las", "lo", "de", "del", "que"),
    }
)
_MAY_GIVE_NAME = re.compile(
    r"\b(?:i am|i['’]?m|call me|soy|habla|me dicen|ll[aá]mame"
    r"|mrs?\.?|ms\.?|miss|dr\.?|pastor|rev\.?|sra?\.?|srta\.?|se[nñ]ora?|don|do[nñ]a|t[ií][ao])\s+$",
    re.IGNORECASE,
)
"""What may stand before a name: "I'm dana and ..." gives one, "I'm vegan friendly" does not."""
_GOES_ON_AFTER_NAME = re.compile(
    r"\s*(?:$|[,.!?;:]|(?:and|y|from|de|del|with|con)\b)", re.IGNORECASE
)
_INSIDE_NAME = frozenset((".", "de", "del", "la", "las", "los", "da", "van", "von"))
_NOT_INSIDE_NAME = re.compile(r"[,;:!?()\[\]\"“”]")

_ENTRY = re.compile(r"^- intent: ", re.MULTILINE)
_FORM_ANSWERS = "inform\n"
"""How the entry of that intent begins in a file of the training data."""


@dataclass(frozen=True)
class _Token:
    """A word as it stands in a text.

    Attributes:
        start, end: in the text.
        written: as it is written there.
        key: in small letters, without accents, apostrophes and the "s" of a possessive.
        begins: it is the first word of a sentence.
    """

    start: int
    end: int
    written: str
    key: str
    begins: bool

    @property
    def is_capitalized(self) -> bool:
        """Whether it begins with a capital."""
        return self.written[0].isupper()

    @property
    def is_acronym(self) -> bool:
        """Whether it is written in a few capitals."""
        return self.written.isupper() and len(self.written) in _ACRONYM


def masked(text: str) -> str:
    """Return a text on one line, cut, with e-mail addresses, phone numbers and the like masked.

    Any string is safe. What was masked stands there as [email], [phone], [link], [handle], [code],
    [address], [name] or [number].
    """
    text = _first_words(_visible(_first_words(text, _MOST_READ)), MAX_LENGTH)
    for pattern, placeholder in _CONTACTS:
        text = pattern.sub(placeholder, text)
    text = _CODE.sub(lambda word: "[code]" if is_code(word[0].upper()) else word[0], text)
    text = _replaced(text, _addresses(text), "[address]")
    text = _replaced(text, _names(text), "[name]")
    text = _NUMBER.sub("[number]", text)
    return _first_words(_SAME_AGAIN.sub(r"\1", text), MOST_CHARACTERS)


def says_something(masked_text: str) -> bool:
    """Tell whether a masked text has any word that was not masked."""
    return bool(_TOKEN.search(_PLACEHOLDER.sub(" ", masked_text)))


def _visible(text: str) -> str:
    """Return the text in one Unicode form, on one line, without invisible characters."""
    composed = unicodedata.normalize("NFKC", text)
    return " ".join("".join(map(_visible_character, composed)).split())


def _visible_character(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":  # as in "da<zero width space>na@example.org", which looks like one word
        return ""
    return " " if category.startswith("C") else character


def _first_words(text: str, most: int) -> str:
    """Return the whole words among the first so many characters: half an address is not masked."""
    return text if len(text) <= most else text[: most + 1].rpartition(" ")[0]


def _replaced(text: str, spans: Iterable[tuple[int, int]], placeholder: str) -> str:
    pieces, position = [], 0
    for start, end in sorted(spans):
        if start >= position:
            pieces += [text[position:start], placeholder]
        position = max(position, end)
    return "".join([*pieces, text[position:]])


def _addresses(text: str) -> Iterator[tuple[int, int]]:
    """Yield where street addresses and street corners stand."""
    words = words_of(text)
    for mention in (*mentions_of_addresses(words), *mentions_of_corners(words)):
        if mention.like is Likeness.NOTHING:
            yield _span(words, mention)
    found = find_places(text)
    if found.span and any(place.kind in ("address", "intersection") for place in found.matches):
        yield found.span


def _span(words: Sequence[Word], mention: Mention) -> tuple[int, int]:
    return words[mention.start].start, words[mention.end - 1].end


def _names(text: str) -> list[tuple[int, int]]:
    """Return where names of people stand."""
    taken = [*_places(text), *(match.span() for match in _PLACEHOLDER.finditer(text))]
    tokens = [
        token
        for token in _tokens(text)
        if not any(token.start < end and start < token.end for start, end in taken)
    ]
    is_shouted = all(token.written.isupper() for token in tokens)
    names: list[_Token] = []
    for before, token in zip([None, *tokens], tokens, strict=False):
        if _is_name(token, text, is_shouted) or _goes_on(token, names, text):
            if before and before not in names and _is_first_name(before, token, text):
                names.append(before)
            names.append(token)
    return [(token.start, token.end) for token in names]


def _places(text: str) -> Iterator[tuple[int, int]]:
    """Yield where places stand that are none of people's names, or are meant as places."""
    words = words_of(text)
    meant = find_places(text).span or (0, 0)
    for mention in mentions_of_names(words):
        start, end = _span(words, mention)
        if mention.like is not Likeness.PERSON or (meant[0] <= start and end <= meant[1]):
            yield start, end


def _tokens(text: str) -> Iterator[_Token]:
    end, last = 0, ""
    for match in _TOKEN.finditer(text):
        gap, written = text[end : match.start()], match[0]
        begins = not last or _ends_sentence(last, gap)
        yield _Token(match.start(), match.end(), written, _key(written), begins)
        end, last = match.end(), written


def _ends_sentence(last: str, gap: str) -> bool:
    is_abbreviation = gap.startswith(".") and len(last) <= _LONGEST_ABBREVIATION
    return bool(_END_OF_SENTENCE.search(gap[1:] if is_abbreviation else gap))


def _is_name(token: _Token, text: str, is_shouted: bool) -> bool:
    before, after = text[: token.start], text[token.end :]
    if token.key in _listed("given_names"):
        return True
    if _GIVES_NAME.search(before):
        return token.key not in _NO_NAME_AFTER
    is_known = token.key in _known_words()
    if _MAY_GIVE_NAME.search(before) and not is_known and _GOES_ON_AFTER_NAME.match(after):
        return True
    if not token.is_capitalized or token.begins:
        return False
    if token.key in _listed("names_and_words"):
        return not is_shouted
    is_acronym = token.is_acronym and not is_shouted
    return not is_known and not is_acronym and len(token.written) > 1


def _goes_on(token: _Token, names: Sequence[_Token], text: str) -> bool:
    """Tell whether a word is the next part of a name: the "Cruz" of "Maria G. de la Cruz"."""
    if not names:
        return False
    between = text[names[-1].end : token.start]
    if _NOT_INSIDE_NAME.search(between) or not set(between.lower().split()) <= _INSIDE_NAME:
        return False
    is_initial = len(token.written) == 1 and text[token.end : token.end + 1] == "."
    return is_initial or token.key not in _known_words() or token.key in _listed("names_and_words")


def _is_first_name(token: _Token, following: _Token, text: str) -> bool:
    """Tell whether a word that begins a sentence belongs to the name behind it."""
    is_beside = not text[token.end : following.start].strip()
    return is_beside and token.is_capitalized and token.key not in _known_words()


def _key(word: str) -> str:
    plain = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", _POSSESSIVE.sub("", word)).lower())
    return "".join(character for character in plain if not unicodedata.combining(character))


@cache
def _listed(name: str) -> frozenset[str]:
    """Return the words of a list in data/masking."""
    lines = (DATA / "masking" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@cache
def _known_words() -> frozenset[str]:
    """Return the words that are nobody's name although they may be written with a capital.

    Those are the words that the training data and the texts have in small letters. What people
    answer in forms is left out, because it is full of names.
    """
    files = [*(DATA / "nlu").rglob("*.yml"), *(DATA / "texts").glob("*.yml")]
    ordinary = {
        _key(word)
        for path in files
        for entry in _ENTRY.split(path.read_text(encoding="utf-8"))
        if not entry.startswith(_FORM_ANSWERS)
        for word in _TOKEN.findall(entry)
        if word.islower()
    }
    return _listed("no_names") | ordinary
