"""Who writes to the bot, where, and what they may send."""

from dataclasses import dataclass
from typing import Any

from tests.fakes.html_entities import typed_entities
from tests.fakes.methods import Json

# What users may send beside texts and places.
_FILE = {"file_id": "from-user", "file_unique_id": "u", "file_size": 1000}
_SHAPE = {"type": "regular", "is_animated": False, "is_video": False}
_ANSWERS = [{"persistent_id": text, "text": text, "voter_count": 0} for text in ("Now", "Later")]
_OPEN = {"is_closed": False, "is_anonymous": True, "allows_multiple_answers": False}
MEDIA: dict[str, Any] = {
    "photo": [{**_FILE, "width": 800, "height": 600}],
    "voice": {**_FILE, "duration": 3, "mime_type": "audio/ogg"},
    "video": {**_FILE, "duration": 3, "width": 640, "height": 480},
    "document": {**_FILE, "file_name": "flyer.pdf", "mime_type": "application/pdf"},
    "sticker": {**_FILE, **_SHAPE, "width": 512, "height": 512, "emoji": "👍"},
    "contact": {"phone_number": "+13125550100", "first_name": "Ana"},
    "dice": {"emoji": "🎲", "value": 4},
    "poll": {"id": "1", "question": "When?", "type": "regular", "options": _ANSWERS, **_OPEN}
    | {"total_voter_count": 0, "allows_revoting": True, "members_only": False},
}


@dataclass(frozen=True)
class User:
    """Somebody who writes to the bot; the private chat has the same id."""

    id: int = 7
    first_name: str = "Ana"
    language_code: str | None = "en"
    username: str | None = None

    def to_json(self) -> Json:
        """The User object of the Bot API."""
        known = {name: value for name, value in vars(self).items() if value is not None}
        return {"is_bot": False, **known}

    def private_chat(self) -> Json:
        """The Chat object of the private chat with the bot."""
        names = {"first_name": self.first_name, "username": self.username}
        known = {name: value for name, value in names.items() if value is not None}
        return {"id": self.id, "type": "private", **known}


@dataclass(frozen=True)
class Chat:
    """A group, supergroup or channel."""

    id: int = -1001
    title: str = "Neighbors"
    type: str = "supergroup"


def with_entities(text: str) -> Json:
    """The fields of a message in which somebody typed this text."""
    entities = typed_entities(text)
    return {"text": text, **({"entities": entities} if entities else {})}
