"""A cheap first look at a submission: marks what the staff should look at closely.

It never decides anything. Of an event and of a message it reads the texts that everybody will see.
The campaign is about racism, so people write of slurs and of violence that they lived through:
what a story tells, or quotes, is no abuse (data/screening says how that is known).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from actions.healing_map.addresses import mentions_of_addresses
from actions.healing_map.mentions import Likeness
from actions.healing_map.models import Entry, Message
from actions.healing_map.wording import words_of
from actions.texts import DATA


@dataclass(frozen=True)
class Mark:
    """Something to look at closely.

    Attributes:
        kind: "phone", "email", "address", "link", "abuse" or "spam"; review.py adds "duplicate".
        where: the field that it was found in; for a duplicate the code of the other entry.
    """

    kind: str
    where: str


_EVENT_TEXTS: tuple[str, ...] = ("title", "description", "host_name")
_MESSAGE_TEXTS: tuple[str, ...] = ("text", "author_name")

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}\s?(?:@|\[at\]|\(at\))\s?[\w-]{1,63}(?:\.[\w-]{1,63})+"
    r"|(?:(?<![\w.+-])[\w.+-]{1,64} )?\b(?:at|arroba) (?:gmail|yahoo|hotmail|outlook|icloud)\b"
    r"(?:\s?(?:\.|dot|punto)\s?com\b)?",
    re.IGNORECASE,
)
LINK = re.compile(
    r"https?://\S+|www\.\S+"
    r"|(?<![\w-])[\w-]{1,63}\.(?:com|org|net|edu|gov|info|biz|io|ly|gl|gg|tv|xyz|top|site|online|shop|club|link"
    r"|app|ru|cn)\b(?:/\S*)?",
    re.IGNORECASE,
)
PHONE = re.compile(
    r"(?<![\w.-])(?:\+?1[\s.-]{0,3})?(?:\(\d{3}\)|\d{3})[\s.-]{0,3}\d{3}[\s.-]{0,3}\d{4}(?![\w-])"
    r"|(?<![\w.-])\d{3}[.-]\d{4}(?![\w-])"
    r"|\+\d(?:[\s().-]{0,2}\d){7,14}(?!\w)"
)
_HOUSE_NUMBER = re.compile(r"(?<![\w$#:/.,-])\d{1,5}[nsew]?(?=\s+\w)", re.IGNORECASE)
_LONGEST_ADDRESS = 60  # characters
_MOST_HOUSE_NUMBERS = 10

_QUOTED = re.compile(r'"[^"]*"|“[^”]*”|«[^»]*»')
_END_OF_SENTENCE = re.compile(r"[.!?;\n]+")
_NOT_A_WORD = re.compile(r"[^\w]+")
_APOSTROPHES = re.compile("['’´`]")

_DRAWN_OUT = re.compile(r"([^\W\d_])\1{7,}|[!?$]{8,}")
_SAME_WORDS = re.compile(r"\b(\w+)(?: \1\b){5,}")
_MANY_LINKS = 3
_LONG = 40  # letters; a shorter text may be written in capitals
_SHOUTED = 0.7


def marks(entry: Entry) -> tuple[Mark, ...]:
    """Return what to look at closely in an entry; nothing for most. Takes well under 1 ms."""
    if isinstance(entry, Message):
        fields, shown_address, links = _MESSAGE_TEXTS, "", ""
    else:
        # The plain address is shown, and repeating it says nothing that is private.
        fields, shown_address, links = _EVENT_TEXTS, entry.address, entry.join_url
    found = [
        Mark(kind, field)
        for field in fields
        for kind in _kinds_in(getattr(entry, field), shown_address)
    ]
    found += [Mark(kind, "join_url") for kind in _language_in(_plain(links))]
    return tuple(found)


def _kinds_in(text: str, shown_address: str) -> Iterator[str]:
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    without_emails, emails = EMAIL.subn(" ", text)
    without_links, links = LINK.subn(" ", without_emails)
    without_phones, phones = PHONE.subn(" ", without_links)
    if phones:
        yield "phone"
    if emails:
        yield "email"
    if _has_address(without_phones, shown_address):
        yield "address"
    if links:
        yield "link"
    if _has_abuse(text):
        yield "abuse"
    if links >= _MANY_LINKS or _is_spam(text):
        yield "spam"


def _has_address(text: str, shown_address: str) -> bool:
    numbers = [it for it in _HOUSE_NUMBER.finditer(text) if it[0] not in shown_address]
    return any(
        _is_address(text[number.start() : number.start() + _LONGEST_ADDRESS])
        for number in numbers[:_MOST_HOUSE_NUMBERS]
    )


def _is_address(text: str) -> bool:
    """Tell whether a text begins with a number and a street that is called one.

    "1968 King" is none, "4100 S King" is.
    """
    return any(
        mention.start == 0 and mention.like is Likeness.NOTHING
        for mention in mentions_of_addresses(words_of(text))
    )


def _has_abuse(text: str) -> bool:
    abuse, told = _patterns()["abuse"], _patterns()["told"]
    before = ""
    for sentence in _END_OF_SENTENCE.split(_QUOTED.sub(" ", text)):
        plain = _plain(sentence)
        if abuse.search(plain) and not (told.search(plain) or told.search(before)):
            return True
        before = plain or before
    return False


def _is_spam(text: str) -> bool:
    plain = _plain(text)
    return bool(
        _patterns()["spam"].search(plain)
        or _DRAWN_OUT.search(text)
        or _SAME_WORDS.search(plain)
        or _is_shouted(text)
    )


def _is_shouted(text: str) -> bool:
    letters = sum(map(str.isalpha, text))
    return letters >= _LONG and sum(map(str.isupper, text)) > _SHOUTED * letters


def _language_in(plain: str) -> Iterator[str]:
    for kind in ("abuse", "spam"):
        if _patterns()[kind].search(plain):
            yield kind


def _plain(text: str) -> str:
    """Return the words in lower case without accents, apostrophes and punctuation."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(it for it in decomposed if not unicodedata.combining(it))
    return _NOT_A_WORD.sub(" ", _APOSTROPHES.sub("", text)).strip().lower()


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """Return one pattern for each section of data/screening, over all languages.

    They are tried only where a word begins, which makes the look six times as fast.
    """
    lines: dict[str, list[str]] = {}
    for path in sorted((DATA / "screening").glob("*.txt")):
        section: list[str] = []
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("["):
                section = lines.setdefault(line.strip("[]"), [])
            elif line and not line.startswith("#"):
                section.append(line)
    return {kind: re.compile(rf"\b(?=\w)(?:{'|'.join(its)})\b") for kind, its in lines.items()}
