"""Who somebody is: one person, whether they write in a private chat or in a group."""

from __future__ import annotations

_TELEGRAM_GROUP = "telegram:-"


def is_group(conversation: str) -> bool:
    """Tell whether others read along in a conversation, as "telegram:-100:55"."""
    return conversation.startswith(_TELEGRAM_GROUP)


def person_of(conversation: str) -> str:
    """Return the person of a conversation, as their private chat is called: "telegram:55"."""
    if not is_group(conversation):
        return conversation
    return f"telegram:{conversation.rpartition(':')[2]}"
