"""`make audit`: what it passes over, and what it says when nobody can be asked."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from bot.settings import ROOT

EXPLAINED = re.findall(
    r"^\| ((?:CVE|GHSA|PYSEC)-[\w-]+) \| (\S+) (\S+) \| [^|]+ \| [^|]+ \| ([^|]+) \| ([^|]+) \|$",
    (ROOT / "docs" / "audit.md").read_text(encoding="utf-8"),
    re.MULTILINE,
)
"""The table's ids, packages, versions, reasons, and where they were read."""


def audit(tmp_path: Path, script: str) -> tuple[int, str, list[str]]:
    """Run it with another program in uv's place; return code, errors and uv's arguments."""
    uv = tmp_path / "uv"
    arguments = tmp_path / "arguments"
    uv.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {arguments}\n{script}\n', encoding="utf-8")
    uv.chmod(0o755)
    done = subprocess.run([ROOT / ".ci" / "audit", uv], capture_output=True, text=True, check=False)
    return done.returncode, done.stderr, arguments.read_text(encoding="utf-8").splitlines()


def test_what_is_explained_is_passed_over_and_nothing_else(tmp_path: Path) -> None:
    code, said, arguments = audit(tmp_path, "echo 'No known vulnerabilities found' >&2")
    ignored = [arguments[n + 1] for n, it in enumerate(arguments) if it == "--ignore-vuln"]
    assert (code, said) == (0, "No known vulnerabilities found\n")
    assert ignored == [number for number, *_ in EXPLAINED]
    assert {"--strict", "--require-hashes"} <= set(arguments)


def test_a_vulnerability_that_is_not_explained_fails_it(tmp_path: Path) -> None:
    found = "Found 1 known vulnerability in 1 package"
    code, said, _ = audit(tmp_path, f"echo '{found}' >&2; exit 1")
    assert (code, said) == (1, f"{found}\n")


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("echo 'ERROR:x: Dependency not found and could not be audited' >&2; exit 1", "not found"),
        ("printf 'error: no route\\n\\nhint: offline\\n' >&2; exit 2", "hint: offline"),
        ("exit 0", ""),
    ],
)
def test_when_nobody_can_be_asked_it_says_so_in_one_line(
    tmp_path: Path, script: str, reason: str
) -> None:
    code, said, _ = audit(tmp_path, script)
    assert code == 2
    assert said.startswith("Nothing was audited, so nothing is known: ") and said.count("\n") == 1
    assert reason in said


@pytest.mark.parametrize(("number", "package", "version", "reason", "source"), EXPLAINED)
def test_an_explanation_is_of_a_version_that_is_pinned(
    number: str, package: str, version: str, reason: str, source: str
) -> None:
    """Once a fixed version is pinned, its line has to go."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert f"\n{package}=={version} " in lock, f"{number} may be fixed"
    assert len(reason.split()) > 1 and source.strip()
