"""Decides what becomes of a typed text: answer, offer, out of scope, or crisis.

The one place for these decisions and their thresholds, which were chosen by cross-validation on the
training data (tests/understanding measures them on held-back texts).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.fingerprint import fingerprint_of
from nlu.intent_classifier import INTENT_RANKING
from nlu.normalizer import NORMALIZED, fold
from nlu.trained_component import TrainedComponent

ANSWER, OFFER, OUT_OF_SCOPE, CRISIS = "answer", "offer", "out_of_scope", "crisis"
INFORM = "inform"
"""The intent of a text that reads like an answer to a form's question: nothing by itself, and many
a long question reads a little like it."""
INFORM_COUNTS = 0.5
ONLY_IN_FORMS = frozenset({"submit", "change", "start_over", "explain"})
"""The intents that mean something only while a form is open, where its state tells (see
actions/forms/reading.py); elsewhere they must be likely not to stand in the way of others."""
LIKELY_STEP = 0.5
UNSURE_INTENT = "nlu_fallback"
"""The intent of a text whose meaning is asked back (Rasa's own name for it)."""

ANSWER_LEAD = 0.1  # how much likelier than the second meaning and "out of scope" together
OUT_OF_SCOPE_LEAD = 0.05  # a meaning must be this much likelier than "out of scope"
CRISIS_SUSPICION = 0.25  # low, because missing a crisis is worse than a false alarm ...
CRISIS_SHARE = 0.5  # ... but not where another meaning is more than twice as likely
SURE_LEAD = 0.5  # below this, what else may be meant stands under an answer ...
ELSE_SHARE = 0.15  # ... if it is at least so likely, beside what was decided
MOST_OFFERS = 3

_OFFERABLE_FILE, _CRISIS_FILE = "offerable.txt", "crisis_words.txt"


@dataclass(frozen=True)
class Outcome:
    """What becomes of a text.

    Attributes:
        decision: "answer", "offer", "out_of_scope" or "crisis".
        intent: the intent that the conversation goes on with.
        confidence: 0 to 1, of that intent.
        offers: the intents to choose from; beside an answer that is not sure, or "out of scope",
            what may have been meant instead.
    """

    decision: str
    intent: str
    confidence: float
    offers: tuple[str, ...] = ()


def decide(
    ranking: Sequence[dict[str, Any]], has_crisis_words: bool, offerable: frozenset[str]
) -> Outcome:
    """Return what becomes of a text.

    Args:
        ranking: {"name", "confidence"} of every intent, the most probable first; not empty.
        has_crisis_words: whether the text has words that always mean a crisis.
        offerable: the intents that can stand on a button.
    """
    ranking = outside_of_forms(ranking)
    probability = {entry["name"]: entry["confidence"] for entry in ranking}
    suspicion = probability.get(CRISIS, 0.0)
    likeliest = ranking[0]["confidence"]
    is_suspect = suspicion >= max(CRISIS_SUSPICION, CRISIS_SHARE * likeliest)
    if has_crisis_words or is_suspect:
        return Outcome(CRISIS, CRISIS, 1.0 if has_crisis_words else suspicion)
    meanings = [it for it in ranking if it["name"] not in (OUT_OF_SCOPE, CRISIS)]
    outside = probability.get(OUT_OF_SCOPE, 0.0)
    if not meanings or meanings[0]["confidence"] - outside < OUT_OF_SCOPE_LEAD:
        return Outcome(OUT_OF_SCOPE, OUT_OF_SCOPE, outside, _others(meanings, outside, offerable))
    best = meanings[0]
    second = meanings[1]["confidence"] if len(meanings) > 1 else 0.0
    lead = best["confidence"] - second - outside
    if lead >= ANSWER_LEAD:
        others = () if lead >= SURE_LEAD else _others(meanings[1:], best["confidence"], offerable)
        return Outcome(ANSWER, best["name"], best["confidence"], others[: MOST_OFFERS - 1])
    offers = tuple(it["name"] for it in meanings if it["name"] in offerable)
    return Outcome(OFFER, UNSURE_INTENT, best["confidence"], offers[:MOST_OFFERS])


def _others(
    meanings: Sequence[dict[str, Any]], decided: float, offerable: frozenset[str]
) -> tuple[str, ...]:
    """Return what may have been meant beside what was decided, the likeliest first."""
    likely = (it["name"] for it in meanings if it["confidence"] >= ELSE_SHARE * decided)
    return tuple(name for name in likely if name in offerable)[:MOST_OFFERS]


def outside_of_forms(ranking: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a ranking whose probabilities are shared out among what can be meant without a form.

    What reads like an answer to a form's question is out of scope there.
    """
    likely = {it["name"]: it["confidence"] for it in ranking}
    inform = INFORM_COUNTS * likely.pop(INFORM, 0.0)
    if inform:
        likely[OUT_OF_SCOPE] = likely.get(OUT_OF_SCOPE, 0.0) + inform
    kept = {
        name: it for name, it in likely.items() if name not in ONLY_IN_FORMS or it >= LIKELY_STEP
    }
    if not any(kept.values()):
        return list(ranking)
    share = sum(it["confidence"] for it in ranking) / sum(kept.values())
    order = sorted(kept, key=lambda name: -kept[name])
    return [{"name": name, "confidence": kept[name] * share} for name in order]


def read_crisis_words(directory: Path) -> re.Pattern[str]:
    """Return one pattern of all the expressions in the directory's .txt files, in any language."""
    lines = [
        line
        for path in sorted(directory.glob("*.txt"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    return re.compile("|".join(f"(?:{line})" for line in lines if line and line[0] != "#"))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class OutcomeDecider(TrainedComponent):
    """Sets a message's decision, its offers and the intent that the rules see.

    An intent can be offered when its training data gives it a title for a button.
    """

    _crisis_words: re.Pattern[str]
    _offerable: frozenset[str]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Depend on the crisis words as well (see the parent class).

        Rasa asks again, without the config, about a component that it has cached.
        """
        words = fingerprint_of(config.get("crisis_words", __file__))
        return super().fingerprint_addon(config) + words

    def learn(self, training_data: TrainingData) -> None:
        """Learn the crisis words, and which intents have a title."""
        self._crisis_words = read_crisis_words(Path(self._config["crisis_words"]))
        self._offerable = frozenset(
            example.get(INTENT)
            for example in training_data.intent_examples
            if "title" in (example.get("metadata") or {}).get("intent", {})
        )

    def write(self, directory: Path) -> None:
        """Store both (see the parent class)."""
        names = "\n".join(sorted(self._offerable))
        (directory / _OFFERABLE_FILE).write_text(names, encoding="utf-8")
        (directory / _CRISIS_FILE).write_text(self._crisis_words.pattern, encoding="utf-8")

    def read(self, directory: Path) -> None:
        """Read both (see the parent class)."""
        names = (directory / _OFFERABLE_FILE).read_text(encoding="utf-8")
        self._offerable = frozenset(names.splitlines())
        words = (directory / _CRISIS_FILE).read_text(encoding="utf-8")
        self._crisis_words = re.compile(words)

    def process(self, messages: list[Message]) -> list[Message]:
        """Decide for each message."""
        for message in messages:
            self._process(message)
        return messages

    def _process(self, message: Message) -> None:
        text = message.get(NORMALIZED)
        ranking = message.get(INTENT_RANKING) or [{"name": OUT_OF_SCOPE, "confidence": 1.0}]
        has_crisis_words = bool(self._crisis_words.search(fold(text)))
        outcome = decide(ranking, has_crisis_words, self._offerable)
        intent = {"name": outcome.intent, "confidence": outcome.confidence}
        message.set(INTENT, intent, add_to_output=True)
        message.set("decision", outcome.decision, add_to_output=True)
        message.set("offers", list(outcome.offers), add_to_output=True)
