"""The held-back texts, and how near the training data comes to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from sklearn.feature_extraction.text import CountVectorizer

from nlu.normalizer import fold, normalize

HERE = Path(__file__).parent
TRAINING_DATA = HERE.parents[1] / "data" / "nlu"
LANGUAGES = ("en", "es")

NEAR = 0.8
"""From this similarity on, a text is a training example in other clothes."""

_LETTERS_IN_A_ROW = 3
_CLOSED_SETS = frozenset(
    {
        *("affirm", "deny", "greet", "thanks", "goodbye", "skip", "cancel", "go_back", "help"),
        "submit",
    }
)
"""Everybody says these in the same few words, and the model is to know them by heart."""
_MOST_WORDS_OF_A_CLOSED_SET = 2


@dataclass(frozen=True)
class Utterance:
    """What somebody types outside of any form.

    Attributes:
        language: "en" or "es".
        intent: the one that is right.
        text: as it is typed.
    """

    language: str
    intent: str
    text: str


@dataclass(frozen=True)
class FormUtterance:
    """What somebody types while a form asks for something.

    Attributes:
        language: "en" or "es".
        asking: the field that is asked for, as `twh chat --json` names it.
        text: as it is typed.
        means: "answer", "correction", "crisis", a step such as "skip", or an interruption:
            "question:<intent>", "task:<intent>" or "help".
        field: which field a correction is about; "" for anything else.
        untuned: whether it was written after what forms make of texts was tuned on the others.
    """

    language: str
    asking: str
    text: str
    means: str
    field: str = ""
    untuned: bool = False


def read_held_back() -> list[Utterance]:
    """Return the texts of en.yml and es.yml."""
    return [
        Utterance(language, intent, text)
        for language in LANGUAGES
        for intent, texts in _content(HERE / f"{language}.yml").items()
        for text in texts
    ]


def read_form_time() -> list[FormUtterance]:
    """Return the texts of forms_en.yml and forms_es.yml."""
    return [
        FormUtterance(language, **entry)
        for language in LANGUAGES
        for entry in _content(HERE / f"forms_{language}.yml")
    ]


def folded_examples() -> frozenset[str]:
    """Return every training example, folded."""
    return frozenset(
        folded(line.removeprefix("- "))
        for path in TRAINING_DATA.rglob("*.yml")
        for entry in _content(path)["nlu"]
        for line in entry["examples"].splitlines()
    )


def folded(text: str) -> str:
    """Return a text without what does not matter for telling texts apart."""
    return fold(normalize(text))


def may_repeat_an_example(intent: str, text: str) -> bool:
    """Tell whether a text is one of the few short words for a meaning, as "yes" or "hola"."""
    return intent in _CLOSED_SETS and len(folded(text).split()) <= _MOST_WORDS_OF_A_CLOSED_SET


def near_duplicates(texts: Iterable[str], examples: Iterable[str]) -> list[str]:
    """Return the texts that repeat a folded example, or are nearly the same."""
    own, others = list(texts), sorted(examples)
    similarities = _highest_similarities([folded(text) for text in own], others)
    known = set(others)
    return [
        text
        for text, similarity in zip(own, similarities, strict=True)
        if similarity >= NEAR or folded(text) in known
    ]


def _highest_similarities(texts: Sequence[str], examples: Sequence[str]) -> np.ndarray:
    """Return for each text its highest similarity to an example.

    It is the Jaccard similarity of the two sets of three letters in a row, where the beginning and
    the end count as a letter: 0 to 1.
    """
    ours, theirs = ([f" {it} " for it in some] for some in (texts, examples))
    size = (_LETTERS_IN_A_ROW, _LETTERS_IN_A_ROW)
    counter = CountVectorizer(analyzer="char", ngram_range=size, binary=True, dtype=np.float32)
    grams = counter.fit_transform([*ours, *theirs])
    own, others = grams[: len(ours)], grams[len(ours) :]
    common = (own @ others.T).toarray()
    either = np.asarray(own.sum(axis=1)) + np.asarray(others.sum(axis=1)).T - common
    return (common / np.maximum(either, 1)).max(axis=1)


def _content(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
