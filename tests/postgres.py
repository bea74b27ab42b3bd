"""A PostgreSQL server of the tests' own, from the binaries that the machine has installed."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.processes import free_port

_FOLDERS = "/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/pgsql-*/bin"
_UNPRIVILEGED = "postgres", "nobody"
"""PostgreSQL refuses to run as root; then one of these users runs it."""


def binaries() -> Path | None:
    """Return the folder of initdb and postgres, of the newest version; None without any."""
    found = [Path(path).parent for path in [shutil.which("initdb")] if path]
    for pattern in _FOLDERS:
        found += sorted(Path("/").glob(pattern.lstrip("/")), key=_version, reverse=True)
    return next((folder for folder in found if (folder / "postgres").exists()), None)


def _version(folder: Path) -> int:
    digits = "".join(character for character in folder.parent.name if character.isdigit())
    return int(digits or 0)


@contextmanager
def postgres() -> Iterator[str]:
    """Run a new, empty server on 127.0.0.1 and give its URL; nothing of it stays.

    It does not wait for the disk, so it is as fast as a server with a good one.
    Where PostgreSQL is not installed, the test that asks for it is skipped.
    """
    folder = binaries()
    if folder is None:
        pytest.skip("PostgreSQL is not installed (on Debian: apt-get install postgresql)")
    with tempfile.TemporaryDirectory(prefix="twh-postgres-") as home:
        user = _user()
        if user is not None:
            shutil.chown(home, user)
        data = str(Path(home) / "data")
        run = [str(folder / "initdb"), "-D", data, "-U", "twh", "-A", "trust", "-E", "UTF8"]
        subprocess.run(
            [*run, "--locale=C", "--no-sync"],
            **_as(user, home),
            check=True,
            stdout=subprocess.DEVNULL,
        )
        port = free_port()
        control = [str(folder / "pg_ctl"), "-D", data, "-w", "-s"]
        options = f"-h 127.0.0.1 -p {port} -k {home} -F"
        log = str(Path(home) / "log")
        subprocess.run([*control, "-l", log, "-o", options, "start"], **_as(user, home), check=True)
        try:
            yield f"postgresql://twh@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], **_as(user, home), check=True)


def _user() -> str | None:
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in _UNPRIVILEGED if name in known)


def _as(user: str | None, home: str) -> dict[str, Any]:
    """Return the options that run a command in the server's folder, as the given user."""
    return {"cwd": home} if user is None else {"cwd": home, "user": user}
