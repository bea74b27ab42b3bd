"""What the assistant says, in each language: data/texts/<language>.yml."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

LANGUAGES = ("en", "es")
"""The languages of the assistant, the default first."""

DATA = Path(__file__).resolve().parent.parent / "data"


@cache
def texts(language: str) -> dict[str, str]:
    """Return every text of a language by its name."""
    content = (DATA / "texts" / f"{language}.yml").read_text(encoding="utf-8")
    return {name: text.strip() for name, text in yaml.load(content, yaml.CSafeLoader).items()}


def text(name: str, language: str, /, **values: str) -> str:
    """Return the named text with its open words filled in.

    Raises:
        KeyError: there is no such text, or a value for one of its open words is missing.
    """
    return texts(language)[name].format(**values)
