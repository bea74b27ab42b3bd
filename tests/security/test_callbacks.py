"""Forged taps: any data that a changed Telegram client may send in the place of a button's."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import yaml
from sqlalchemy.engine import Engine

from actions.healing_map.models import sessions
from actions.healing_map.review import find
from actions.texts import text
from bot.settings import ROOT
from bot.turns import Tap
from tests.conversation import Talk, everything_in, text_of
from tests.map_entries import HIDDEN_HOUSE, HIDDEN_WORDS, event_on, message_on
from tests.security.hostile import CODES, is_answered, stored_in

INTENTS = sorted(
    next(iter(it)) if isinstance(it, dict) else it
    for it in yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"]
)
VICTIM = "telegram:4711"
"""Somebody else, whose pending event every test of this module tries to reach."""

OWN_WISHES = ("show", "change", "copy", "withdraw", "withdrawn")
HOSTILE_CHOICES = ("\ud800", "\x00", "at:²", "more:-1", "kind:'", "deleted:", "show:", ":", "")


@pytest.fixture
def pending(healing_map: Engine) -> Iterator[str]:
    """The code of the victim's event, which nobody has reviewed yet."""
    with event_on(healing_map, "pending", submitter=VICTIM, **HIDDEN_HOUSE) as code:
        yield code


def tap_of(intent: str, choice: str) -> Tap:
    return Tap(f"/{intent}" + json.dumps({"choice": choice}))


def tells_nothing(words: str) -> bool:
    """Whether an answer holds nothing of the victim's event."""
    return not any(word in words for word in (HIDDEN_HOUSE["title"], *HIDDEN_WORDS))


@pytest.mark.parametrize("wish", OWN_WISHES)
def test_somebody_elses_submission_is_neither_shown_nor_changed(
    talk: Talk, healing_map: Engine, pending: str, wish: str
) -> None:
    before = stored_in(healing_map)
    answer = talk().does(tap_of("my_submissions", f"{wish}:{pending}"))
    assert text_of(answer) == text("submission_unknown", "en")
    assert answer.form is None
    assert stored_in(healing_map) == before


@pytest.mark.parametrize("wish", ["show", "at", "map", "more", "place"])
def test_what_nobody_approved_is_not_found_by_its_code(talk: Talk, pending: str, wish: str) -> None:
    answer = talk().does(tap_of("find_nearby", f"{wish}:{pending}"))
    assert is_answered(answer)
    assert tells_nothing(everything_in(answer))


@pytest.mark.parametrize("action", ["approve", "reject", "unfit", "write", "back"])
def test_the_staffs_buttons_do_nothing_in_a_residents_chat(
    talk: Talk, healing_map: Engine, pending: str, action: str
) -> None:
    before = stored_in(healing_map)
    answer = talk().does(Tap(f"review:{action}:{pending}:1"))
    assert answer.intent == {"name": "stale_button", "confidence": 1.0}
    assert stored_in(healing_map) == before


@pytest.mark.parametrize("choice", ["approve", "approved", "status:approved"])
@pytest.mark.parametrize("intent", ["submit", "change", "inform", "affirm", "my_submissions"])
def test_no_intent_approves(
    talk: Talk, healing_map: Engine, pending: str, intent: str, choice: str
) -> None:
    talk().does(tap_of(intent, f"{choice}:{pending}"))
    with sessions(healing_map)() as session:
        assert find(session, pending).status == "pending"


@pytest.mark.parametrize("intent", INTENTS)
def test_every_intent_with_any_choice_is_answered_and_changes_nothing(
    talk: Talk, healing_map: Engine, intent: str
) -> None:
    """No form is open, and nothing was asked: what these taps answer was never there."""
    before = stored_in(healing_map)
    for choice in HOSTILE_CHOICES:
        assert is_answered(talk().does(tap_of(intent, choice))), choice
    assert stored_in(healing_map) == before


def test_what_is_no_code_is_unknown(talk: Talk, healing_map: Engine) -> None:
    before = stored_in(healing_map)
    somebody = talk()
    for code in CODES:
        for intent in ("my_submissions", "find_nearby"):
            assert is_answered(somebody.does(tap_of(intent, f"show:{code}")))
    assert stored_in(healing_map) == before


def test_a_deleted_conversation_takes_nothing_of_others_along(
    talk: Talk, healing_map: Engine, pending: str
) -> None:
    with message_on(healing_map, "Peace", submitter=VICTIM):
        before = stored_in(healing_map)
        for way in ("deleted", "deleted:remove", "deleted:anonymize"):
            talk().does(tap_of("privacy", way))
        assert stored_in(healing_map) == before


def test_what_another_was_asked_in_a_group_deletes_nothing_of_who_taps_it(
    talk: Talk, healing_map: Engine
) -> None:
    ana, ben = talk(), talk()
    ana.id, ben.id = "telegram:-100:7", "telegram:-100:8"
    with message_on(healing_map, "Peace", submitter="telegram:8"):
        before = stored_in(healing_map)
        ben.sends("/privacy")
        ana.sends("/delete")
        yes = text("delete_confirm_button", "en")
        assert text_of(ben.does(Tap(ana.buttons[yes]))) == text("delete_not_asked", "en")
        assert stored_in(healing_map) == before
        assert text_of(ana.taps(yes)) == text("delete_done", "en")
