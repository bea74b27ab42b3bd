"""Which language the conversation follows."""

from __future__ import annotations

from typing import Any

_ENOUGH_WORDS = 3
_SURE = 0.9
_SURE_AT_FIRST = 0.6


def follow_language(current: str | None, was_chosen: bool, written: dict[str, Any]) -> str | None:
    """Return the language to change to, or None to stay.

    A language that the person chose stays. Otherwise the conversation follows what they write,
    but not for a word or two; only where no language is known yet, little is enough.

    Args:
        current: the conversation's language, "en" or "es"; None when nothing told it yet.
        was_chosen: whether the person chose it.
        written: the evidence in the text: "language", "probability" and "words".
    """
    language = written["language"]
    if was_chosen or language is None or language == current:
        return None
    if current is None:
        return language if written["probability"] >= _SURE_AT_FIRST else None
    is_clear = written["words"] >= _ENOUGH_WORDS and written["probability"] >= _SURE
    return language if is_clear else None
