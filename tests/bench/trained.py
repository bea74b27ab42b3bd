"""Copies of the program that learned from a share of the training examples only.

Training is dear, so a model is kept, with the time that it took, until what it learns from changes.
"""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.settings import ROOT

_PARTS = ("bot", "nlu", "actions", "data", "config.yml", "domain.yml", "endpoints.yml")
_FEWEST = 2
"""Examples of an intent that stay: the classifiers compare with the nearest two."""

_NAME_OF_MODEL = "from bot.training import model_path; print(model_path().name)"


@dataclass(frozen=True)
class Training:
    """What a training took.

    Attributes:
        examples: how many were learned from.
        seconds: from the command to its end.
        processor_seconds: of all cores together.
    """

    examples: int
    seconds: float
    processor_seconds: float


def copy_program(folder: Path, share: float) -> int:
    """Copy the program, with a share of the examples of each intent, and return their number."""
    folder.mkdir(parents=True)
    for part in _PARTS:
        if (ROOT / part).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / part, folder / part, ignore=ignored)
        else:
            shutil.copy(ROOT / part, folder)
    chance = random.Random(1)
    return sum(_thin_out(path, share, chance) for path in _examples_in(folder))


def _examples_in(folder: Path) -> list[Path]:
    return sorted((folder / "data" / "nlu").rglob("*.yml"))


def _thin_out(path: Path, share: float, chance: random.Random) -> int:
    content: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    kept = 0
    for entry in content["nlu"]:
        lines = entry["examples"].splitlines()
        number = min(len(lines), max(_FEWEST, round(len(lines) * share)))
        chosen = sorted(chance.sample(range(len(lines)), number))
        entry["examples"] = "".join(f"{lines[index]}\n" for index in chosen)
        kept += number
    if share < 1:
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return kept


def train(program: Path, examples: int, kept: Path) -> Training:
    """Give a copy of the program its model.

    Args:
        program: the copy's folder.
        examples: how many it has.
        kept: the folder of the model that was trained before; a new one takes its place.

    Returns:
        what the training took, this time or then.

    Raises:
        subprocess.CalledProcessError: it could not be trained; its own lines say why.
    """
    command = [sys.executable, "-c", _NAME_OF_MODEL]
    named = subprocess.run(command, cwd=program, check=True, capture_output=True, text=True)
    name = named.stdout.strip()
    model, times = program / "models" / name, kept / f"{name}.json"
    model.parent.mkdir()
    if not times.exists():
        training = _train_from_nothing(program, examples)
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir(parents=True)
        shutil.copy(model, kept / name)
        times.write_text(json.dumps(asdict(training)), encoding="utf-8")
    else:
        shutil.copy(kept / name, model)
    return Training(**json.loads(times.read_text(encoding="utf-8")))


def _train_from_nothing(program: Path, examples: int) -> Training:
    """Train with a cache of the copy's own, which is empty: what Rasa kept would falsify it."""
    environment = os.environ | {"RASA_CACHE_DIRECTORY": str(program / "cache")}
    began, used = time.monotonic(), _processor_seconds_of_children()
    command = [sys.executable, "-m", "bot.cli", "train"]
    subprocess.run(command, cwd=program, env=environment, check=True)
    seconds = time.monotonic() - began
    return Training(examples, seconds, _processor_seconds_of_children() - used)


def _processor_seconds_of_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
