"""Telegram's message entities: reading parse_mode HTML, and finding commands and mentions.

Offsets and lengths count UTF-16 units, as everywhere in the Bot API. The reader refuses with
Telegram's own words. It is stricter in one point: Telegram shows a bare "&" as it stands, while
here it is refused, because it means that somebody's text went out without being escaped.
"""

import html
import re
from typing import Any

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
}
ATTRIBUTE = r"""\s+([^\s=>]+)(?:\s*=\s*("[^"]*"|'[^']*'|[\w.-]+))?"""
TOKEN = re.compile(
    rf"""
      (?P<text>[^<&]+)
    | (?P<reference>&(?:lt|gt|amp|quot|\#\d+|\#x[0-9a-fA-F]+);)
    | </(?P<end>[^\s>]*)\s*>
    | <(?P<start>[^\s>/][^\s>]*)(?P<attributes>(?:{ATTRIBUTE})*)\s*>
    """,
    re.VERBOSE,
)
TYPED = re.compile(
    r"(?<![\w/])(?P<bot_command>/\w{1,32}(?:@\w{3,32})?)|(?<!\w)(?P<mention>@[A-Za-z]\w{3,31})",
    re.ASCII,
)


class EntityError(ValueError):
    """The text cannot be read as HTML; the words are Telegram's."""


def utf16_length(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def typed_entities(text: str) -> list[dict[str, Any]]:
    """The commands and mentions that Telegram marks in what a user typed."""
    return [
        _entity(str(found.lastgroup), utf16_length(text[: found.start()]), found.group())
        for found in TYPED.finditer(text)
    ]


def parse_html(source: str) -> tuple[str, list[dict[str, Any]]]:
    """Split HTML into plain text and entities, the outer ones first."""
    text, position = "", 0
    opened: list[tuple[str, str, dict[str, Any]]] = []  # tag, the text before it, its extras
    entities: list[dict[str, Any]] = []
    while position < len(source):
        at = f"at byte offset {len(source[:position].encode())}"
        token = TOKEN.match(source, position)
        if token is None:
            raise EntityError(_what_is_wrong(source[position:], at))
        position = token.end()
        if token["start"] is not None:
            tag = token["start"].lower()
            opened.append((tag, text, _extras(tag, token["attributes"], at)))
        elif token["end"] is not None:
            tag, before, extras = _close(opened, token["end"], at)
            inner = text[len(before) :]
            if inner:
                entities.append(_entity(TAGS[tag], utf16_length(before), inner, **extras))
        else:
            text += html.unescape(token.group())
    if opened:
        raise EntityError(f'Can\'t find end tag corresponding to start tag "{opened[-1][0]}"')
    return text, sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def _entity(kind: str, offset: int, text: str, **extras: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": utf16_length(text), **extras}


def _what_is_wrong(rest: str, at: str) -> str:
    if rest.startswith("&"):
        return f"Unescaped '&' {at}"
    if rest.startswith("</"):
        return f"Unclosed end tag {at}"
    name = re.split(r"[\s>]", rest[1:], maxsplit=1)[0]
    if len(name) == len(rest) - 1:
        return f"Unclosed start tag {at}"
    if name.lower() not in TAGS:
        return f'Unsupported start tag "{name.lower()}" {at}'
    return f'Unclosed start tag "{name.lower()}" {at}'


def _extras(tag: str, source: str, at: str) -> dict[str, Any]:
    if tag not in TAGS:
        raise EntityError(f'Unsupported start tag "{tag}" {at}')
    attributes = {
        name.lower(): html.unescape(value.strip("\"'"))
        for name, value in re.findall(ATTRIBUTE, source)
    }
    if tag == "span" and attributes.get("class") != "tg-spoiler":
        raise EntityError(f'Tag "span" must have class "tg-spoiler" {at}')
    if tag == "a":
        return {"url": attributes.get("href", "")}
    if tag == "tg-emoji":
        return {"custom_emoji_id": attributes.get("emoji-id", "")}
    return {}


def _close(
    opened: list[tuple[str, str, dict[str, Any]]], name: str, at: str
) -> tuple[str, str, dict[str, Any]]:
    if not opened:
        raise EntityError(f"Unexpected end tag {at}")
    start = opened.pop()
    if name.lower() not in ("", start[0]):
        raise EntityError(f'Unmatched end tag {at}, expected "</{start[0]}>", found "</{name}>"')
    return start
