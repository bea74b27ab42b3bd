"""docs/threats.md: every threat in it has a test, and that test is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.settings import ROOT

TESTS = ROOT / "tests"
_PAGE = (ROOT / "docs" / "threats.md").read_text(encoding="utf-8")
_TABLE = _PAGE.partition("## What is tried")[2].partition("\n## ")[0]
THREATS = re.findall(r"^\| (?!---|threat \|)([^|]+) \| ([^|]*) ?\|$", _TABLE, re.MULTILINE)
"""What stands in the two columns; a heading has no test."""

NAMED = [test.strip() for _, test in THREATS if test.strip()]


def test_every_threat_names_its_test() -> None:
    assert [name for name, test in THREATS if not test.strip() and not name.startswith("**")] == []
    assert len(NAMED) > 60


@pytest.mark.parametrize("named", NAMED)
def test_the_test_of_a_threat_exists(named: str) -> None:
    path, _, function = named.partition("::")
    source = (TESTS / path).read_text(encoding="utf-8")
    assert re.search(rf"^(async )?def {function}\(", source, re.MULTILINE), named


def test_every_module_of_this_folder_stands_in_the_table() -> None:
    modules = {path.name for path in Path(__file__).parent.glob("test_*.py")}
    named = {Path(it.partition("::")[0]).name for it in NAMED if it.startswith("security/")}
    assert modules - {Path(__file__).name} == named
