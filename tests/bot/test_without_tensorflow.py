"""The assistant runs without TensorFlow, and Rasa is as it was when that was tried."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

import pytest

from bot.settings import ROOT
from bot.without_tensorflow import _LEFT_OUT


def test_the_assistant_is_imported_without_tensorflow() -> None:
    program = (
        "import sys; from bot.without_tensorflow import leave_out_tensorflow as leave_out;"
        "leave_out(); import bot.assistant, bot.telegram.service;"
        "print('tensorflow' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False"]


@pytest.mark.parametrize("module", _LEFT_OUT)
def test_what_is_left_out_has_the_classes_that_stand_in_its_place(module: str) -> None:
    file = Path(str(distribution("rasa").locate_file(f"{module.replace('.', '/')}.py")))
    content = ast.parse(file.read_text(encoding="utf-8"))
    classes = {it.name for it in content.body if isinstance(it, ast.ClassDef)}
    assert set(_LEFT_OUT[module]) <= classes


def test_who_tries_to_train_without_it_is_told() -> None:
    program = (
        "from bot.without_tensorflow import leave_out_tensorflow as leave_out; leave_out();"
        "from rasa.utils.tensorflow.callback import RasaTrainingLogger as it; it(1, silent=True)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "TensorFlow was left out of this process" in done.stderr
