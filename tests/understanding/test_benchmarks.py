"""Public benchmarks are read, learned from and scored: a small one of three intents."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.understanding.benchmarks import (
    SHOTS,
    Benchmark,
    BenchmarkError,
    Example,
    chosen_examples,
    read_banking77,
    read_clinc150,
    run,
    score_of,
)

THINGS = {"card": "my bank card", "weather": "the weather of today", "music": "a song to sing"}
LEARNED = [
    Example(f"{verb} {thing}", intent)
    for intent, thing in THINGS.items()
    for verb in ("tell me about", "what of", "I ask for", "how is", "and", "please,")
]
TESTED = [Example(f"something on {thing}", intent) for intent, thing in THINGS.items()]
OUTSIDE = [
    Example(f"{verb} the {noun}", "oos") for verb in ("sell", "paint") for noun in ("car", "cow")
]


def write_csv(path: Path, examples: list[Example]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([("text", "category"), *((it.text, it.intent) for it in examples)])
    return path


def write_clinc150(path: Path, **parts: list[Example]) -> Path:
    content = {name: [(it.text, it.intent) for it in part] for name, part in parts.items()}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_banking77_is_a_folder_with_two_files(tmp_path: Path) -> None:
    quoted = Example('a "quoted" text,\nof two lines', "card")
    write_csv(tmp_path / "train.csv", LEARNED)
    write_csv(tmp_path / "test.csv", [quoted, *TESTED])

    benchmark = read_banking77(tmp_path)

    assert benchmark == Benchmark("BANKING77", tuple(LEARNED), (quoted, *TESTED))


def test_banking77_may_be_one_file(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "all.csv", LEARNED)
    assert read_banking77(path) == Benchmark("BANKING77", tuple(LEARNED))


def test_clinc150_is_one_file_of_many_parts(tmp_path: Path) -> None:
    first, second = OUTSIDE[:2], OUTSIDE[2:]
    path = write_clinc150(
        tmp_path / "data_full.json",
        train=LEARNED,
        val=[],
        test=TESTED,
        oos_train=first,
        oos_val=[],
        oos_test=second,
    )

    benchmark = read_clinc150(path)

    assert benchmark == Benchmark("CLINC150", (*LEARNED, *first), (*TESTED, *second))


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", "\ufefftext"])
def test_a_file_that_is_no_banking77_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BenchmarkError, match=r"x\.csv has no columns text and category"):
        read_banking77(path)


@pytest.mark.parametrize("content", ["", "[]", "{}", "text,category\n", '{"train": [1]}'])
def test_a_file_that_is_no_clinc150_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BenchmarkError, match=r"x\.json is not CLINC150's data_full\.json"):
        read_clinc150(path)


@pytest.mark.parametrize("read", [read_banking77, read_clinc150])
def test_a_file_that_is_missing_or_not_text_is_named(
    tmp_path: Path, read: Callable[[Path], Benchmark]
) -> None:
    with pytest.raises(BenchmarkError, match=r"none\.csv cannot be read: No such file"):
        read(tmp_path / "none.csv")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\xff")
    with pytest.raises(BenchmarkError, match=r"picture\.png cannot be read: it is not UTF-8"):
        read(tmp_path / "picture.png")


def test_ten_examples_of_each_intent_are_learned_from_and_all_outside_of_them() -> None:
    pool = [Example(str(number), intent) for intent in ("a", "b", "oos") for number in range(30)]
    first, again, other = (chosen_examples(pool, seed) for seed in (1, 1, 2))

    assert first == again != other
    assert [sum(it.intent == intent for it in first) for intent in ("a", "b", "oos")] == [
        SHOTS,
        SHOTS,
        30,
    ]
    assert len(set(first)) == len(first)


def test_a_score_tells_inside_and_outside_apart() -> None:
    probabilities = np.array([[0.8, 0.1, 0.1], [0.6, 0.3, 0.1], [0.4, 0.1, 0.5], [0.5, 0.1, 0.4]])
    score = score_of(probabilities, ["a", "b", "oos"], ["a", "b", "oos", "oos"])

    assert score.accuracy == 0.5
    assert score.outside_recall == 0.5
    assert score.outside_auroc == 1.0


def test_a_benchmark_is_learned_by_the_pipelines_own_classifiers() -> None:
    score = run(Benchmark("small", tuple(LEARNED), tuple(TESTED)))

    assert score.accuracy == 1.0
    assert math.isnan(score.outside_recall)


def test_what_was_learned_from_is_not_tested() -> None:
    twice = [Example(f"{it.text} {number}", it.intent) for it in LEARNED for number in "12"]
    outside = [Example(f"{it.text} {number}", it.intent) for it in OUTSIDE for number in "12"]

    score = run(Benchmark("small", (*twice, *outside), (*TESTED, *OUTSIDE)))

    assert score.accuracy == 1.0
    assert score.outside_auroc > 0.9
