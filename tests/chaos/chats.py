"""What the people of a run do: ten updates each, from which loss, doubling and disorder show.

Every answer names the step that it belongs to. So it shows in what was sent whether an update was
lost, and whether the updates of a chat took effect in their order: an answer of a form that comes
to another question than its own ends up in another field.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from actions.knowledge import titles
from actions.texts import text

STEPS = 10
"""Of each chat: fewer than make the assistant slow somebody down (see bot/telegram/floods.py)."""

EVENT_DAY = date.today() + timedelta(days=20)
CAMPAIGN = {
    "TWH_CAMPAIGN_START": (EVENT_DAY - timedelta(days=30)).isoformat(),
    "TWH_CAMPAIGN_END": (EVENT_DAY + timedelta(days=30)).isoformat(),
}
"""The settings under which an event on EVENT_DAY needs no further question."""

_QUESTIONS = (
    *("faq_twh_about", "faq_celebrate", "faq_healing_illinois", "faq_event_kinds"),
    *("faq_promote_dialogue", "faq_encourage_collaboration", "faq_facilitate_learning"),
    *("faq_seed_connections", "faq_racial_healing", "faq_trht", "faq_oerj_about", "faq_oerj_work"),
    *("faq_oerj_leader", "faq_oerj_established", "faq_take_part", "faq_healing_map"),
    *("faq_partners", "faq_ambassadors", "faq_anchors"),
)


@dataclass(frozen=True)
class Step:
    """One update.

    Attributes:
        says: what is typed, or the data of the button that is tapped.
        answer: words that the answer has, and the answers before and after it have not.
        on: words of the message whose button is tapped; empty where something is typed.
    """

    says: str
    answer: str
    on: str = ""


@dataclass(frozen=True)
class Script:
    """What one person does.

    Attributes:
        steps: in order.
        table: "events" or "messages", if something is submitted.
        submitted: what is stored of it then, by field; the first field is nobody else's.
    """

    steps: tuple[Step, ...]
    table: str = ""
    submitted: dict[str, str] = field(default_factory=dict)


def scripts(number: int, random: Random) -> list[Script]:
    """Return what so many people do, a mixture of all kinds."""
    kinds: list[Callable[[int, Random], Script]] = [
        *(_sends_by_taps, _corrects, _asks, _sends_by_taps, _hosts),
        *(_corrects, _taps, _sends_by_taps, _asks, _corrects),
    ]
    made = [kinds[place % len(kinds)](place, random) for place in range(number)]
    assert all(len(script.steps) == STEPS for script in made)
    return made


def _said(name: str, /, **values: str) -> str:
    """Return the first line of what the assistant says."""
    return text(name, "en", **values).splitlines()[0]


def _message(number: int) -> str:
    return f"We grow better together, says neighbor {number}."


def _sends_by_taps(number: int, random: Random) -> Script:
    """A message of healing; Submit is tapped twice, because nothing seems to happen."""
    words, name = _message(number), f"Neighbor {number}"
    summary = f"“{words}”\nName: {name}\n"
    steps = (
        Step("/start", _said("welcome")),
        Step("I want to leave a message of healing", _said("message_text_ask", most="1,000")),
        Step(words, _said("message_author_ask")),
        Step(name, _said("message_area_ask")),
        Step("Englewood", _said("message_consent_ask")),
        Step("yes", summary),
        Step("/submit", "Thank you for your words.", on=summary),
        Step("/submit", _said("nothing_to_submit"), on=summary),
        Step("/help", _said("help")),
        Step("/about", _said("about_assistant")),
    )
    return Script(steps, "messages", {"text": words, "author_name": name, "area": "Englewood"})


def _corrects(number: int, random: Random) -> Script:
    """A message of healing whose name is changed again and again; nothing is waited for."""
    words, name = _message(number), f"Neighbor {number}"
    names = [f"{name}-{change}" for change in range(1, 6)]
    steps = (
        Step(f"I want to leave a message: {words}", _said("message_author_ask")),
        Step(name, _said("message_area_ask")),
        Step("skip", _said("message_consent_ask")),
        Step("yes", f"Name: {name}\n"),
        *[Step(f"change the name to {it}", f"Name: {it}\n") for it in names],
        Step("submit", "Thank you for your words."),
    )
    return Script(steps, "messages", {"text": words, "author_name": names[-1], "area": ""})


def _hosts(number: int, random: Random) -> Script:
    """An event, typed to its end."""
    day = f"{EVENT_DAY:%B} {EVENT_DAY.day}"
    title, host = f"Circle {number}", f"Black Oak Readers {number}"
    description = f"We read together in circle {number}. Everyone is welcome."
    steps = (
        Step(f"I'm hosting a book club at the Woodson library on {day} at 3pm", "I understood"),
        Step(title, _said("event_description_ask")),
        Step(description, _said("event_host_ask")),
        Step(host, _said("event_host_check", name=host)),
        Step("organization", _said("event_contact_ask")),
        Step(f"host{number}@example.org", _said("event_accessibility_ask")),
        Step("yes", "How exactly may the map show the place?"),
        Step("the exact place", title),
        Step("submit", "Your event is in."),
        Step("/help", _said("help")),
    )
    stored = {"title": title, "description": description, "host_name": host}
    return Script(steps, "events", stored)


def _asks(number: int, random: Random) -> Script:
    """Questions and commands in an order that only this person has."""
    commands = (
        Step("/start", _said("welcome")),
        Step("/help", _said("help")),
        Step("/about", _said("about_assistant")),
        Step("/privacy", _said("privacy")),
    )
    questions = [titles("en")[it] for it in random.sample(_QUESTIONS, STEPS - len(commands))]
    asked = [Step(question, f"{question}\n") for question in questions]
    return Script(tuple(random.sample([*commands, *asked], STEPS)))


def _taps(number: int, random: Random) -> Script:
    """Questions that are tapped, all of them on the first answer."""
    topics = _said("browse_topics")
    intents = random.sample(_QUESTIONS, STEPS - 1)
    taps = [Step(f"/{intent}", f"{titles('en')[intent]}\n", on=topics) for intent in intents]
    return Script((Step("/faq", topics), *taps))
