"""Tells Rasa's training cache what a component depends on beside its class and its input."""

from __future__ import annotations

import hashlib
from pathlib import Path


def fingerprint_of(*paths: str | Path) -> str:
    """Return a hash of the contents of files, and of all files in folders."""
    digest = hashlib.sha256()
    for path in map(Path, paths):
        files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
        for file in files:
            digest.update(file.read_bytes())
    return digest.hexdigest()
