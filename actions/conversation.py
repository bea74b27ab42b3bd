"""What every action does: know the language, read what was tapped, say a text with buttons."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.knowledge import titles
from actions.texts import LANGUAGES, text

Button = dict[str, str]


def language_of(tracker: Tracker) -> str:
    """Return the language of the conversation; Rasa's own tracker will do as well."""
    return tracker.get_slot("language") or LANGUAGES[0]


def entity_of(tracker: Tracker, name: str) -> str | None:
    """Return what the latest turn carried under this name: "choice" or "command"."""
    return next(tracker.get_latest_entity_values(name), None)


def location_of(tracker: Tracker) -> tuple[float, float] | None:
    """Return the place that the latest turn shared: latitude and longitude, in degrees."""
    location = entity_of(tracker, "location")
    if location is None:
        return None
    latitude, longitude = location.split(",")
    return float(latitude), float(longitude)


def typed_text(tracker: Tracker) -> str:
    """Return what the latest turn typed; "" where it tapped or sent something else.

    A tap, a command or a place comes as "/intent", and a typed text never begins with "/": Rasa
    takes that away (see TurnProcessor.understand).
    """
    typed = tracker.latest_message.get("text") or ""
    return "" if typed.startswith("/") else typed


def intent_of(tracker: Tracker) -> str:
    """Return the intent of the latest turn."""
    intent: str = tracker.latest_message["intent"]["name"]
    return intent


def payload(intent: str, choice: str | None = None) -> str:
    """Return what a button sends: an intent, and what was chosen."""
    return f"/{intent}" + (json.dumps({"choice": choice}) if choice is not None else "")


def button(title: str, intent: str, choice: str | None = None) -> Button:
    """Return a button."""
    return {"title": title, "payload": payload(intent, choice)}


def intent_buttons(intents: Iterable[str], language: str) -> list[Button]:
    """Return a button for each intent, under the title that it has in the training data."""
    return [button(titles(language)[intent], intent) for intent in intents]


def say(
    dispatcher: CollectingDispatcher,
    language: str,
    name: str,
    buttons: list[Button] | None = None,
    **values: Any,
) -> None:
    """Say the named text, with buttons under it."""
    utter(dispatcher, text(name, language, **values), buttons)


def utter(
    dispatcher: CollectingDispatcher,
    words: str = "",
    buttons: list[Button] | None = None,
    *,
    heading: str = "",
    last_row: int = 0,
    location_request: str = "",
    pin: dict[str, Any] | None = None,
    picture: dict[str, Any] | None = None,
    file: dict[str, str] | None = None,
) -> None:
    """Say words with what belongs to them; bot/replies.py makes a reply of it.

    Args:
        dispatcher: collects what is said.
        words: may be empty beside a pin, a picture or a file.
        buttons: under the words.
        heading: stands above the words.
        last_row: how many of the buttons, at the end, lead around: they get rows of their own.
        location_request: the label of a button that shares the person's place.
        pin: a place to show: latitude, longitude, title and address.
        picture: as actions/pictures.py describes it.
        file: a text file to hand over: name, mime and content.
    """
    beside = {
        "heading": heading,
        "last_row": last_row,
        "location_request": location_request,
        "pin": pin,
        "picture": picture,
        "file": file,
    }
    custom = {name: it for name, it in beside.items() if it}
    dispatcher.utter_message(text=words, buttons=buttons, json_message=custom)
