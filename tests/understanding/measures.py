"""What the real pipeline makes of the held-back texts, as figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.assistant import Assistant
from nlu.outcome import ANSWER, CRISIS, OFFER, OUT_OF_SCOPE, outside_of_forms
from tests.understanding.held_back import Utterance

ACCURACY = "likeliest meaning is right"
RIGHT, RIGHT_OR_OFFERED = "right at once", "right at once or offered"
RIGHT_INSIDE, RIGHT_OR_OFFERED_INSIDE = f"{RIGHT}, inside", f"{RIGHT_OR_OFFERED}, inside"
WRONG = "wrong answers"
OUTSIDE_ANSWERED = "outside answered as inside"
CRISIS_CAUGHT, FALSE_ALARMS = "crisis caught", "crisis false alarms"

INSIDE, OUTSIDE, IN_CRISIS = "inside", "outside", "crisis"
GROUPS = (INSIDE, OUTSIDE, IN_CRISIS)
"""The held-back texts by what is to become of them."""

RIGHT_ANSWER, WRONG_ANSWER = "right answer", "wrong answer"
RIGHT_OFFER, WRONG_OFFER = "right one offered", "wrong ones offered"
OUTCOMES = (RIGHT_ANSWER, WRONG_ANSWER, RIGHT_OFFER, WRONG_OFFER, OUT_OF_SCOPE, CRISIS)
"""The four decisions; an answer and an offer can be right or wrong."""


@dataclass(frozen=True)
class Reading:
    """What the assistant makes of a held-back text.

    Attributes:
        utterance: the text, with its right intent.
        likeliest: the intent that the pipeline holds most likely, however unsure it is; "crisis"
            or "out_of_scope" where it decided for that.
        decision: "answer", "offer", "out_of_scope" or "crisis".
        offers: the intents that one tap leads to.
    """

    utterance: Utterance
    likeliest: str
    decision: str
    offers: tuple[str, ...] = ()

    @property
    def group(self) -> str:
        """Whether the text lies inside or outside of what is known, or is a crisis."""
        return {OUT_OF_SCOPE: OUTSIDE, CRISIS: IN_CRISIS}.get(self.utterance.intent, INSIDE)

    @property
    def is_likeliest(self) -> bool:
        """Whether the right meaning is held most likely."""
        return self.likeliest == self.utterance.intent

    @property
    def is_right(self) -> bool:
        """Whether the right answer is given at once."""
        return self.is_likeliest and self.decision != OFFER

    @property
    def is_offered(self) -> bool:
        """Whether the right answer is one tap away."""
        return self.utterance.intent in self.offers

    @property
    def outcome(self) -> str:
        """The decision; for an answer and an offer, whether it is right."""
        if self.decision == ANSWER:
            return RIGHT_ANSWER if self.is_right else WRONG_ANSWER
        if self.decision == OFFER:
            return RIGHT_OFFER if self.is_offered else WRONG_OFFER
        return self.decision


@dataclass(frozen=True)
class Confusion:
    """Two meanings, and how often the first was taken for the second."""

    meant: str
    taken_for: str
    times: int


def read_all(assistant: Assistant, utterances: Iterable[Utterance]) -> list[Reading]:
    """Return what the assistant makes of each text, without a conversation; 10 to 50 ms a text."""
    return [_read(assistant, utterance) for utterance in utterances]


def _read(assistant: Assistant, utterance: Utterance) -> Reading:
    parse = assistant.understand(utterance.text)
    decision = parse["decision"]
    likeliest = parse["intent"]["name"]
    if decision == OFFER:
        likeliest = outside_of_forms(parse["intent_ranking"])[0]["name"]
    return Reading(utterance, likeliest, decision, tuple(parse["offers"]))


def shares(readings: Sequence[Reading]) -> dict[str, float]:
    """Return every measure by its name: a share of the texts that it is about, 0 to 1."""
    inside = [it for it in readings if it.group == INSIDE]
    outside = [it for it in readings if it.group == OUTSIDE]
    in_crisis = [it for it in readings if it.group == IN_CRISIS]
    calm = inside + outside
    return {
        ACCURACY: share(readings, lambda it: it.is_likeliest),
        RIGHT: share(readings, lambda it: it.is_right),
        RIGHT_OR_OFFERED: share(readings, lambda it: it.is_right or it.is_offered),
        RIGHT_INSIDE: share(inside, lambda it: it.is_right),
        RIGHT_OR_OFFERED_INSIDE: share(inside, lambda it: it.is_right or it.is_offered),
        WRONG: share(inside, lambda it: it.outcome == WRONG_ANSWER),
        OUTSIDE_ANSWERED: share(outside, lambda it: it.decision == ANSWER),
        CRISIS_CAUGHT: share(in_crisis, lambda it: it.decision == CRISIS),
        FALSE_ALARMS: share(calm, lambda it: it.decision == CRISIS),
    }


def share(readings: Sequence[Reading], holds: Callable[[Reading], bool]) -> float:
    """Return for which share of the readings something holds; 0 for none at all."""
    return sum(map(holds, readings)) / len(readings) if readings else 0.0


def outcome_shares(readings: Sequence[Reading]) -> dict[str, float]:
    """Return the share of each outcome."""
    times = Counter(it.outcome for it in readings)
    return {outcome: times[outcome] / max(len(readings), 1) for outcome in OUTCOMES}


def f1_by_intent(readings: Sequence[Reading]) -> dict[str, float]:
    """Return the F1 of the likeliest meaning for each intent that is meant, in their order."""
    meant = Counter(it.utterance.intent for it in readings)
    taken = Counter(it.likeliest for it in readings)
    hits = Counter(it.likeliest for it in readings if it.is_likeliest)
    return {intent: 2 * hits[intent] / (meant[intent] + taken[intent]) for intent in meant}


def confusions(readings: Sequence[Reading]) -> list[Confusion]:
    """Return which meanings were held likelier than the right one, the most frequent first."""
    pairs = Counter((it.utterance.intent, it.likeliest) for it in readings if not it.is_likeliest)
    found = [Confusion(meant, taken, times) for (meant, taken), times in pairs.items()]
    return sorted(found, key=lambda it: (-it.times, it.meant, it.taken_for))
