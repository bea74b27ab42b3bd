"""What the assistant says, in each language: data/texts/<language>.yml."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

import yaml

LANGUAGES = ("en", "es")
"""The languages of the assistant, the default first."""

DATA = Path(__file__).resolve().parent.parent / "data"


class UnreadableData(Exception):
    """A file that people edit cannot be read; the text names it and says in one line why."""


def file_name(path: Path) -> str:
    """Return how people name a file of the program: its path from the program's folder."""
    return os.path.relpath(path, DATA.parent)


def read_yaml(path: Path) -> Any:
    """Return what a file below data/ holds.

    Raises:
        UnreadableData: there is no such file, or it is no YAML.
    """
    name = file_name(path)
    try:
        return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    except OSError as error:
        raise UnreadableData(f"{name} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise UnreadableData(f"{name} is not UTF-8; save it with that encoding.") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise UnreadableData(f"{name}, near line {line}: {error.problem}.") from None
    except yaml.YAMLError:
        raise UnreadableData(f"{name} has characters that YAML does not take.") from None


@cache
def texts(language: str) -> dict[str, str]:
    """Return every text of a language by its name.

    Raises:
        UnreadableData: the language's file cannot be read, or holds what is no text.
    """
    path = DATA / "texts" / f"{language}.yml"
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise UnreadableData(f"{file_name(path)} has no lines like `name: text`.")
    for name, words in content.items():
        if not isinstance(words, str):
            raise UnreadableData(
                f"{file_name(path)}: {name} is no text; put it between quotation marks."
            )
    return {name: words.strip() for name, words in content.items()}


def text(name: str, language: str, /, **values: str) -> str:
    """Return the named text with its open words filled in.

    Raises:
        KeyError: there is no such text, or a value for one of its open words is missing.
    """
    return texts(language)[name].format(**values)
