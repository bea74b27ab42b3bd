"""The copies of the program that learn from a share of the examples."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from bot.settings import ROOT
from tests.bench.trained import copy_program


def examples_in(program: Path) -> dict[tuple[str, str], list[str]]:
    entries: dict[tuple[str, str], list[str]] = {}
    for path in sorted((program / "data" / "nlu").rglob("*.yml")):
        content: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        for entry in content["nlu"]:
            key = (str(path.relative_to(program)), entry["intent"])
            entries.setdefault(key, []).extend(entry["examples"].splitlines())
    return entries


def test_a_share_of_the_examples_of_each_intent_stays_in_the_copy(tmp_path: Path) -> None:
    number = copy_program(tmp_path / "program", 0.25)
    whole, kept = examples_in(ROOT), examples_in(tmp_path / "program")
    assert kept.keys() == whole.keys()
    assert number == sum(map(len, kept.values()))
    for key, examples in kept.items():
        assert set(examples) <= set(whole[key])
        assert 2 <= len(examples) <= max(2, 0.3 * len(whole[key]) + 2)


def test_a_copy_with_all_examples_is_the_program_itself(tmp_path: Path) -> None:
    copy_program(tmp_path / "program", 1)
    for path in ("config.yml", "domain.yml", "nlu/outcome.py", "data/nlu/en/tasks.yml"):
        assert (tmp_path / "program" / path).read_bytes() == (ROOT / path).read_bytes()
