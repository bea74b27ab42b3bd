"""The documentation points to what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.settings import ROOT

PAGES = [ROOT / "README.md", ROOT / "nlu" / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\]\((?!https?:)(?P<target>[^)#]+)")
NAMED_FILE = re.compile(r"`(?P<path>(?:actions|bot|data|nlu|tests)/[\w/.]+)`")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file(page: Path) -> None:
    targets = [match["target"] for match in LINK.finditer(page.read_text(encoding="utf-8"))]
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_page_is_in_the_index() -> None:
    index = ROOT / "docs" / "README.md"
    linked = {match["target"] for match in LINK.finditer(index.read_text(encoding="utf-8"))}
    assert {page.name for page in index.parent.glob("*.md")} - {index.name} <= linked


def test_the_tour_names_files_that_are_there() -> None:
    tour = (ROOT / "docs" / "tour.md").read_text(encoding="utf-8")
    named = [match["path"] for match in NAMED_FILE.finditer(tour)]
    assert len(named) > 30
    assert [path for path in named if not (ROOT / path).exists()] == []
