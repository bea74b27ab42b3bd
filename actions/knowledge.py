"""The FAQ: questions and answers, kept beside their training examples in data/nlu/<language>."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from actions.campaign import Campaign
from actions.clock import now
from actions.texts import DATA, LANGUAGES, UnreadableData, file_name, read_yaml

_FAQ_PREFIX = "faq_"
"""How the files of the FAQ are called; the topic follows."""

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
def entries(language: str) -> list[tuple[Path, dict[str, Any]]]:
    """Return every intent's entry in the training data, with the file that it stands in.

    Raises:
        UnreadableData: a file cannot be read, or is no training data.
    """
    paths = sorted((DATA / "nlu" / language).glob("*.yml"))
    return [(path, entry) for path in paths for entry in entries_in(path)]


def faq_entries(language: str) -> list[tuple[Path, dict[str, Any]]]:
    """Return the entries of the FAQ's questions, with the file that each stands in.

    Raises:
        UnreadableData: a file cannot be read, or is no training data.
    """
    return [(p, entry) for p, entry in entries(language) if p.stem.startswith(_FAQ_PREFIX)]


def entries_in(path: Path) -> list[dict[str, Any]]:
    """Return the entries of one file of training data.

    Raises:
        UnreadableData: it cannot be read, or is no training data.
    """
    name, content = file_name(path), read_yaml(path)
    its: list[dict[str, Any]] | None = content.get("nlu") if isinstance(content, dict) else None
    if not isinstance(its, list):
        raise UnreadableData(f"{name} has no list of intents under `nlu:`.")
    for number, entry in enumerate(its, 1):
        if not isinstance(entry, dict) or not {"intent", "examples"} <= entry.keys():
            raise UnreadableData(f"{name}: entry {number} has no `intent:` or no `examples:`.")
    return its


@cache
def titles(language: str) -> dict[str, str]:
    """Return the button title of each intent that can be offered."""
    return {
        entry["intent"]: entry["metadata"]["title"]
        for _, entry in entries(language)
        if "title" in entry.get("metadata", {})
    }


@cache
def questions(language: str) -> dict[str, Question]:
    """Return the FAQ by intent, in the order of its files."""
    following = {
        entry["intent"]: tuple(entry["metadata"].get("next", ()))
        for _, entry in faq_entries(LANGUAGES[0])
    }
    return {
        entry["intent"]: Question(
            intent=entry["intent"],
            topic=path.stem[len(_FAQ_PREFIX) :],
            title=entry["metadata"]["title"],
            answers=_by_phase(entry["metadata"]["answer"]),
            next=following[entry["intent"]],
        )
        for path, entry in faq_entries(language)
    }


def _by_phase(answer: str | dict[str, str]) -> dict[str, str]:
    return dict.fromkeys(PHASES, answer) if isinstance(answer, str) else answer
