"""The files that commands write, or the standard output in their place."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from bot.errors import CommandError

STANDARD_STREAM = "-"
"""Stands for standard input or output where a file is named."""


def write_file(name: str, pieces: Iterable[str]) -> None:
    """Write text into a file, or to standard output for "-"; line ends stay as they are.

    Raises:
        CommandError: the file cannot be written.
    """
    if name == STANDARD_STREAM:
        sys.stdout.writelines(pieces)
        return
    try:
        with Path(name).open("w", encoding="utf-8", newline="") as file:
            file.writelines(pieces)
    except OSError as error:
        raise CommandError(
            f"{name} cannot be written: {error.strerror}; choose another path."
        ) from None
