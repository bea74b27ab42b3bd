"""Hypothesis' strategies for what people do on Telegram, and for updates that nobody would send."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from telegram import MessageEntity

from tests.fakes.html_entities import utf16_length
from tests.fakes.methods import Json
from tests.fakes.people import MEDIA, Chat, User

Fields = st.SearchStrategy[Json]

ME: Json = {"id": 123, "is_bot": True, "first_name": "Test bot", "username": "test_bot"}
EVA = User(9, "Eva").to_json()


@dataclass(frozen=True)
class Deed:
    """Something that a person does.

    Attributes:
        kind: of the update that tells of it.
        fields: what the update says beside who does it and where.
        where: "private", "supergroup" or "channel".
        asks: whether an answer is owed.
    """

    kind: str
    fields: Json
    where: str
    asks: bool

    def update(self, number: int, user: User, group: Chat) -> Json:
        """Return the update, without its own number, by which Telegram tells of it."""
        places = {"private": user.private_chat(), "supergroup": vars(group)}
        place = places.get(self.where, {"id": -5, "type": "channel", "title": "News"})
        fields: Json = {"from": user.to_json(), **copy.deepcopy(self.fields)}
        if self.kind == "callback_query":
            fields |= {"id": str(number), "chat_instance": "1"}
        else:
            fields = {"message_id": number, "date": 0, "chat": place, **fields}
        for other in ("message", "reply_to_message", "pinned_message"):
            if other in fields:
                fields[other]["chat"] = place
        return {self.kind: fields}


def together(*parts: Fields) -> Fields:
    """The fields of all of them."""
    return st.tuples(*parts).map(lambda them: {k: v for it in them for k, v in it.items()})


def optional(**fields: st.SearchStrategy) -> Fields:
    """Some of these fields."""
    return st.fixed_dictionaries({}, optional=fields)


def always(**fields: Any) -> Fields:
    """These fields."""
    return st.just(fields)


def _deed(kind: str, where: str, fields: Fields, asks: bool = True) -> st.SearchStrategy[Deed]:
    return st.builds(Deed, st.just(kind), fields, st.just(where), st.just(asks))


# What is in a message

_CHARACTERS = st.characters(blacklist_categories=["Cs"])  # half of one cannot be sent
_SENTENCES = st.sampled_from(
    [
        "hi",
        "What is racial healing?",
        "¿Qué hay cerca de mí este fin de semana?",
        "I want to host a book club on Dec 12 at 3 pm",
        "Quiero dejar un mensaje",
        "yes",
        "submit",
        "delete my data",
    ]
)
_TEXTS = _SENTENCES | st.text(_CHARACTERS, min_size=1, max_size=300)
_WORDS = (_SENTENCES | st.text(_CHARACTERS, max_size=20)).filter(
    lambda words: not words.startswith("/") and "@" not in words
)
_PEOPLE = st.fixed_dictionaries(
    {"id": st.integers(1, 2**52), "is_bot": st.booleans(), "first_name": _WORDS},
    optional={"username": _WORDS, "language_code": _WORDS},
)
_ENTITIES = st.lists(
    st.fixed_dictionaries(
        {
            "type": st.sampled_from([*MessageEntity.ALL_TYPES, "hologram"]),
            "offset": st.integers(0, 500),
            "length": st.integers(0, 500),
        },
        optional={"user": _PEOPLE, "url": _WORDS, "language": _WORDS, "custom_emoji_id": _WORDS},
    ),
    max_size=4,
)
_PLACES = st.fixed_dictionaries(
    {"latitude": st.floats(-90, 90), "longitude": st.floats(-180, 180)},
    optional={"horizontal_accuracy": st.floats(0, 1500), "live_period": st.integers(60, 86_400)},
)
_TYPED = st.fixed_dictionaries({"text": _TEXTS}, optional={"entities": _ENTITIES})
_HARMLESS = _WORDS.map(lambda words: {"text": words})
_COMMANDS = st.sampled_from(["/start", "/host", "/mine", "/delete", "/faq@test_bot", "/x@y", "/"])
_SENT = st.one_of(
    together(
        st.sampled_from([{kind: example} for kind, example in MEDIA.items()]),
        optional(caption=_TEXTS, caption_entities=_ENTITIES),
    ),
    _PLACES.map(lambda place: {"location": place}),
    st.builds(
        lambda place, words: {"venue": {"location": place, "title": words, "address": words}},
        _PLACES,
        _WORDS,
    ),
    always(hologram={"of": "a kind that nobody knows yet"}),
    always(),
)
_BESIDE = optional(
    via_bot=_PEOPLE,
    forward_origin=st.just({"type": "hidden_user", "date": 0, "sender_user_name": "Eva"}),
    media_group_id=_WORDS,
    has_protected_content=st.just(True),
    quote=st.fixed_dictionaries({"text": _TEXTS, "position": st.integers(0, 500)}),
    effect_id=_WORDS,
)
_SERVICE = st.sampled_from(
    [
        {"new_chat_title": "Neighbors"},
        {"new_chat_members": [EVA]},
        {"left_chat_member": EVA},
        {"forum_topic_created": {"name": "Peace", "icon_color": 0}},
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86_400}},
        {"write_access_allowed": {}},
        {"pinned_message": {"message_id": 4, "date": 0}},
    ]
)
_DATA = st.one_of(
    st.sampled_from(["/faq_dates", "/submit", "/privacy", "review:approve:N7KFT6:1", "{}"]),
    st.builds(
        lambda intent, choice: f"/{intent}" + json.dumps({"choice": choice}),
        st.sampled_from(["find_nearby", "my_submissions", "privacy", "browse_faq"]),
        st.sampled_from(["show:N7KFT6", "more:1", "kind:learning", "delete"]) | st.text(max_size=9),
    ),
    st.text(_CHARACTERS, min_size=1, max_size=64),
)
_UNDER = st.sampled_from(
    [
        {"message": {"message_id": 1, "date": 0}},  # too old to be seen
        {"message": {"message_id": 1, "date": 1, "from": ME, "text": "Hello"}},
    ]
)


def _mention(before: str, behind: str) -> Json:
    at = {"offset": utf16_length(before), "length": len("@test_bot")}
    return {"text": f"{before}@test_bot{behind}", "entities": [{"type": "mention", **at}]}


def _membership(status: str) -> Json:
    statuses = {"old_chat_member": "left", "new_chat_member": status}
    until = {"until_date": 0} if status == "kicked" else {}
    return {name: {"user": ME, "status": it, **until} for name, it in statuses.items()}


# What people do

_IN_PRIVATE = st.one_of(
    _deed("message", "private", together(_TYPED | _SENT, _BESIDE)),
    _deed("message", "private", _COMMANDS.map(lambda command: {"text": command})),
    _deed("edited_message", "private", together(_TYPED, _BESIDE, always(edit_date=1))),
)
_IN_GROUPS = st.one_of(
    _deed("message", "supergroup", st.builds(_mention, _WORDS, _WORDS)),
    _deed(
        "message",
        "supergroup",
        together(
            _HARMLESS | _SENT,
            _BESIDE,
            always(reply_to_message={"message_id": 1, "date": 0, "from": ME}),
        ),
    ),
    _deed("message", "supergroup", st.sampled_from([{"text": "/help"}, {"text": "/x@Test_Bot"}])),
    _deed("my_chat_member", "supergroup", st.just(_membership("member"))),
)
_TAPS = st.one_of(
    *[
        _deed("callback_query", where, together(_UNDER, _DATA.map(lambda data: {"data": data})))
        for where in ("private", "supergroup")
    ]
)
_UNASKED = st.one_of(
    _deed("message", "supergroup", together(_HARMLESS | _SENT, _BESIDE), asks=False),
    _deed("message", "supergroup", always(text="/help@other_bot"), asks=False),
    _deed("message", "supergroup", _SERVICE, asks=False),
    _deed("message", "private", _SERVICE, asks=False),
    _deed("message", "private", together(_TYPED, always(**{"from": None})), asks=False),
    _deed("message", "private", together(_TYPED, always(**{"from": ME})), asks=False),
    _deed("edited_message", "private", st.builds(dict, location=_PLACES), asks=False),
    _deed("callback_query", "private", always(inline_message_id="1", data="/help"), asks=False),
    _deed("my_chat_member", "private", st.just(_membership("kicked")), asks=False),
    _deed("channel_post", "channel", _TYPED, asks=False),
)
DEEDS = st.one_of(_IN_PRIVATE, _IN_GROUPS, _TAPS, _UNASKED)
"""Anything that Telegram may tell of."""

# What nobody does

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@st.composite
def broken(draw: Callable[[Any], Any], updates: st.SearchStrategy[Json]) -> Json:
    """An update of which something is gone, or is something else."""
    update: Json = copy.deepcopy(draw(updates))
    for _ in range(draw(st.integers(1, 3))):
        holder, key = draw(st.sampled_from(list(_places_in(update))))
        if draw(st.booleans()):
            del holder[key]
        else:
            holder[key] = draw(ANY_JSON)
        if not update:
            break
    return update


def _places_in(value: Any) -> Iterator[tuple[Any, Any]]:
    """Everything in a value that could be replaced: what holds it, and under which key."""
    keys = list(value) if isinstance(value, dict) else range(len(value))
    for key in keys:
        yield value, key
        if isinstance(value[key], (dict, list)):
            yield from _places_in(value[key])
