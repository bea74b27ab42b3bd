"""The FAQ: questions and answers, kept beside their training examples in data/nlu/<language>."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from actions.campaign import Campaign
from actions.clock import now
from actions.texts import DATA, LANGUAGES

_FAQ_PREFIX = "faq_"
PHASES = ("before", "during", "after")


@dataclass(frozen=True)
class Question:
    """A question of the FAQ in one language.

    Attributes:
        intent: its name, the same in every language.
        topic: the part of the FAQ that it belongs to, as "campaign".
        title: the question as a button or a heading shows it.
        answers: by phase of the campaign, the texts with {start} and {end} left open.
        next: the intents that come naturally after it.
    """

    intent: str
    topic: str
    title: str
    answers: Mapping[str, str]
    next: tuple[str, ...]

    def answer(self, language: str) -> str:
        """Return the answer as it is right today."""
        campaign = Campaign.from_environment()
        answer = self.answers[campaign.phase(now().date())]
        return answer.format(**campaign.words(language)).strip()


@cache
def _entries(language: str) -> list[tuple[Path, dict[str, Any]]]:
    """Return every intent's entry in the training data, with the file that it stands in."""
    return [
        (path, entry)
        for path in sorted((DATA / "nlu" / language).glob("*.yml"))
        for entry in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)["nlu"]
    ]


@cache
def titles(language: str) -> dict[str, str]:
    """Return the button title of each intent that can be offered."""
    return {
        entry["intent"]: entry["metadata"]["title"]
        for _, entry in _entries(language)
        if "title" in entry.get("metadata", {})
    }


@cache
def questions(language: str) -> dict[str, Question]:
    """Return the FAQ by intent, in the order of its files."""
    following = {e["intent"]: tuple(e["metadata"]["next"]) for _, e in _faq(LANGUAGES[0])}
    return {
        entry["intent"]: Question(
            intent=entry["intent"],
            topic=path.stem[len(_FAQ_PREFIX) :],
            title=entry["metadata"]["title"],
            answers=_by_phase(entry["metadata"]["answer"]),
            next=following[entry["intent"]],
        )
        for path, entry in _faq(language)
    }


def _faq(language: str) -> list[tuple[Path, dict[str, Any]]]:
    return [(p, entry) for p, entry in _entries(language) if p.stem.startswith(_FAQ_PREFIX)]


def _by_phase(answer: str | dict[str, str]) -> dict[str, str]:
    return dict.fromkeys(PHASES, answer) if isinstance(answer, str) else answer
