"""Which language the conversation follows."""

from __future__ import annotations

from typing import Any

from actions.texts import LANGUAGES

_ENOUGH_WORDS = 3
_SURE = 0.9
_LIKELY = 0.6


def language_of_hint(hint: str | None) -> str | None:
    """Return the language that a channel's hint such as "es-MX" names, if it is one of ours."""
    language = (hint or "").split("-")[0].lower()
    return language if language in LANGUAGES else None


def language_to_begin(hint: str | None) -> str:
    """Return the language to begin in with somebody whose channel gives this hint."""
    return language_of_hint(hint) or LANGUAGES[0]


def language_to_follow(
    current: str | None, was_chosen: bool, written: dict[str, Any], is_crisis: bool
) -> str | None:
    """Return the language to change to, or None to stay.

    A language that the person chose stays. Otherwise the conversation follows what they write,
    but not for a word or two; little is enough only where no language is known yet, and in a
    crisis, where help must be understood at once.

    Args:
        current: the conversation's language, "en" or "es"; None when nothing told it yet.
        was_chosen: whether the person chose it.
        written: the evidence in the text: "language", "probability" and "words".
        is_crisis: whether the text tells of a crisis.
    """
    language = written["language"]
    if language is None or language == current or (was_chosen and not is_crisis):
        return None
    if current is None or is_crisis:
        return language if written["probability"] >= _LIKELY else None
    is_clear = written["words"] >= _ENOUGH_WORDS and written["probability"] >= _SURE
    return language if is_clear else None
