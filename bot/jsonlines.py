"""The JSON lines that other programs drive the assistant by: conversations and single texts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, TextIO

from bot.assistant import Answer, Assistant
from bot.replies import Reply
from bot.turns import Command, Content, Location, Tap, Turn, Typed
from nlu.outcome import OFFER, outside_of_forms

_CHAT = re.compile(r"[^\x00-\x1f\ud800-\udfff]{1,100}")
_CONTENT_KEYS = ("text", "tap", "location")


class InputError(ValueError):
    """A line is no valid input; the text says what is wrong with it."""


class JsonConversations:
    """Answers JSON lines, each in the conversation that it names."""

    def __init__(self, assistant: Assistant, language_hint: str | None) -> None:
        self._assistant = assistant
        self._language_hint = language_hint
        self._buttons: dict[str, dict[str, str]] = {}

    async def answer_line(self, line: str) -> dict[str, Any]:
        """Return the output for one line of input: an answer, or {"error": ...}."""
        try:
            turn = self._turn_from(_object_from(line))
        except InputError as error:
            return {"error": str(error)}
        answer = await self._assistant.handle(turn)
        self._buttons[turn.conversation] = _payloads_by_title(answer.replies)
        return _output(answer)

    def _turn_from(self, values: dict[str, Any]) -> Turn:
        chat = values.get("chat", "me")
        hint = values.get("language_code", self._language_hint)
        if not isinstance(chat, str) or not _CHAT.fullmatch(chat):
            raise InputError('"chat" should be a text of 1 to 100 characters')
        if hint is not None and not isinstance(hint, str):
            raise InputError('"language_code" should be a text like "es"')
        conversation = f"terminal:{chat}"
        return Turn(conversation, self._content_from(values, conversation), hint)

    def _content_from(self, values: dict[str, Any], conversation: str) -> Content:
        given = [key for key in _CONTENT_KEYS if key in values]
        if len(given) != 1:
            raise InputError('exactly one of "text", "tap" and "location" is needed')
        value = values[given[0]]
        if given == ["location"]:
            return _location_from(value)
        if not isinstance(value, str):
            raise InputError(f'"{given[0]}" should be a text')
        if given == ["tap"]:
            return Tap(self._buttons.get(conversation, {}).get(value, value))
        return content_of_text(value)


def content_of_text(typed: str) -> Typed | Command:
    """Return what a typed line is: a command when it begins with "/", as in Telegram."""
    if not typed.startswith("/"):
        return Typed(typed)
    name, _, argument = typed[1:].partition(" ")
    return Command(name, argument.strip())


def _object_from(line: str) -> dict[str, Any]:
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        raise InputError("this line is no JSON") from None
    if not isinstance(values, dict):
        raise InputError("a line should be a JSON object")
    return values


def _location_from(value: Any) -> Location:
    try:
        latitude, longitude = float(value["latitude"]), float(value["longitude"])
    except (KeyError, TypeError, ValueError, OverflowError):
        raise InputError('"location" needs numbers as "latitude" and "longitude"') from None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise InputError('"location" is off the globe')
    return Location(latitude, longitude)


def _payloads_by_title(replies: Iterable[Reply]) -> dict[str, str]:
    return {
        button.title: button.payload for reply in replies for row in reply.buttons for button in row
    }


def _output(answer: Answer) -> dict[str, Any]:
    return {
        "replies": [_reply_output(reply) for reply in answer.replies],
        "intent": answer.intent,
        "form": answer.form,
        "asking": answer.asking,
        "language": answer.language,
    }


def _reply_output(reply: Reply) -> dict[str, Any]:
    output: dict[str, Any] = {}
    if reply.full_text:
        output["text"] = reply.full_text
    if reply.buttons:
        output["buttons"] = [[vars(button) for button in row] for row in reply.buttons]
    if reply.pin:
        output["pin"] = vars(reply.pin)
    if reply.picture:
        picture = reply.picture
        output["picture"] = {"caption": picture.caption, "bytes": len(picture.content)}
    if reply.file:
        output["file"] = vars(reply.file)
    return output


async def converse(
    assistant: Assistant, source: Iterable[str], sink: TextIO, language_hint: str | None
) -> None:
    """Answer each line of the source, in order; blank lines are skipped."""
    conversations = JsonConversations(assistant, language_hint)
    for line in source:
        if line.strip():
            _write(sink, await conversations.answer_line(line))


def parse_lines(assistant: Assistant, source: Iterable[str], sink: TextIO) -> None:
    """Say for each line what the model understands, as one JSON object a line."""
    for line in source:
        typed = line.rstrip("\r\n")
        parse = assistant.understand(typed)
        language = parse["written_language"]["language"] or "en"
        _write(sink, {"text": typed, "language": language} | _understanding(parse))


def _understanding(parse: dict[str, Any]) -> dict[str, Any]:
    ranking = outside_of_forms(parse["intent_ranking"])[:5]
    understood = ranking[0] if parse["decision"] == OFFER else parse["intent"]
    return {
        "intent": understood["name"],
        "confidence": understood["confidence"],
        "ranking": ranking,
        "decision": parse["decision"],
        "offers": parse["offers"],
    }


def _write(sink: TextIO, values: dict[str, Any]) -> None:
    sink.write(json.dumps(values, ensure_ascii=False) + "\n")
    sink.flush()
