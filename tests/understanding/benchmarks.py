"""How well the pipeline's classifiers learn public benchmarks from ten examples an intent.

BANKING77 (Casanueva et al. 2020) and CLINC150 (Larson et al. 2019) are not shipped: their files are
given by path.
"""

from __future__ import annotations

import csv
import json
import math
import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score
from tqdm import tqdm

from nlu.ensemble import Ensemble
from nlu.normalizer import normalize

SHOTS = 10
SEEDS = (1, 2, 3)
"""Which examples are learned from is left to chance, so it is done three times."""

OUTSIDE = "oos"
"""CLINC150's name for what belongs to no intent."""

_THREADS = 2


class BenchmarkError(Exception):
    """A benchmark's files cannot be used; the text is the one line that says why."""


@dataclass(frozen=True)
class Example:
    """A text with its intent."""

    text: str
    intent: str


@dataclass(frozen=True)
class Benchmark:
    """A public benchmark.

    Attributes:
        name: as it is known.
        pool: the examples to choose from for learning.
        test: the examples to be understood; where there are none, all of the pool that was not
            learned from.
    """

    name: str
    pool: tuple[Example, ...]
    test: tuple[Example, ...] = ()


@dataclass(frozen=True)
class Score:
    """How well a benchmark was learned, 0 to 1.

    Attributes:
        accuracy: the share of the texts inside of the intents that were understood.
        outside_recall: the share of the texts outside that were taken for such; not a number
            where the benchmark has none.
        outside_auroc: how well the two are told apart: the area under the ROC curve of the
            probability of "outside" less that of the likeliest intent; or not a number.
    """

    accuracy: float
    outside_recall: float = math.nan
    outside_auroc: float = math.nan


def read_banking77(path: Path) -> Benchmark:
    """Read BANKING77: a folder with train.csv and test.csv, or one file with "text,category".

    Raises:
        BenchmarkError: it is not there, or not in this form.
    """
    if path.is_dir():
        pool, test = _read_csv(path / "train.csv"), _read_csv(path / "test.csv")
        return Benchmark("BANKING77", pool, test)
    return Benchmark("BANKING77", _read_csv(path))


def read_clinc150(path: Path) -> Benchmark:
    """Read CLINC150's data_full.json.

    Raises:
        BenchmarkError: it is not there, or not in this form.
    """
    try:
        data = json.loads(_content(path))
        parts = {name: [Example(*pair) for pair in pairs] for name, pairs in data.items()}
        pool = (*parts["train"], *parts["oos_train"])
        return Benchmark("CLINC150", pool, (*parts["test"], *parts["oos_test"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BenchmarkError(f"{path} is not CLINC150's data_full.json.") from None


def _read_csv(path: Path) -> tuple[Example, ...]:
    rows = csv.DictReader(_content(path).splitlines(keepends=True))
    if not {"text", "category"} <= set(rows.fieldnames or ()):
        raise BenchmarkError(f"{path} has no columns text and category, as BANKING77 has.")
    return tuple(Example(row["text"], row["category"]) for row in rows)


def _content(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise BenchmarkError(f"{path} cannot be read: {reason}.") from None


def run(benchmark: Benchmark) -> Score:
    """Learn a benchmark three times from other examples, and return the mean scores.

    It takes many minutes, because thousands of texts are encoded.
    """
    scores = [_score(benchmark, seed) for seed in SEEDS]
    return Score(*map(float, np.mean([astuple(it) for it in scores], axis=0)))


def _split(benchmark: Benchmark, seed: int) -> tuple[list[Example], list[Example]]:
    """Return what is learned from, and what is to be understood."""
    learned = chosen_examples(benchmark.pool, seed)
    return learned, list(benchmark.test) or [it for it in benchmark.pool if it not in learned]


def chosen_examples(pool: Sequence[Example], seed: int) -> list[Example]:
    """Return ten examples of each intent by chance, and all that lie outside of the intents.

    Of the latter there are as many as the benchmark gives, because the pipeline has many, too.
    """
    by_intent: dict[str, list[Example]] = {}
    for it in pool:
        by_intent.setdefault(it.intent, []).append(it)
    chance = random.Random(seed)
    return [
        it
        for intent, examples in sorted(by_intent.items())
        for it in (examples if intent == OUTSIDE else _sample(chance, examples))
    ]


def _sample(chance: random.Random, examples: list[Example]) -> list[Example]:
    return chance.sample(examples, min(SHOTS, len(examples)))


def _score(benchmark: Benchmark, seed: int) -> Score:
    learned, tested = _split(benchmark, seed)
    ensemble = Ensemble.fit([normalize(it.text) for it in learned], [it.intent for it in learned])
    texts = [normalize(it.text) for it in tested]
    with ThreadPoolExecutor(_THREADS) as threads:
        rows = threads.map(ensemble.probabilities, texts)
        title = f"{benchmark.name}, seed {seed}"
        probabilities = np.stack(list(tqdm(rows, title, total=len(texts))))
    return score_of(probabilities, ensemble.intents, [it.intent for it in tested])


def score_of(probabilities: np.ndarray, intents: list[str], meant: Sequence[str]) -> Score:
    """Return the score of a row of probabilities over the intents for each text."""
    taken = np.array(intents)[probabilities.argmax(axis=1)]
    is_hit, is_outside = taken == np.array(meant), np.array(meant) == OUTSIDE
    accuracy = float(is_hit[~is_outside].mean())
    if not is_outside.any():
        return Score(accuracy)
    outside = intents.index(OUTSIDE)
    likeliest = np.delete(probabilities, outside, axis=1).max(axis=1)
    auroc = roc_auc_score(is_outside, probabilities[:, outside] - likeliest)
    return Score(accuracy, float(is_hit[is_outside].mean()), float(auroc))
