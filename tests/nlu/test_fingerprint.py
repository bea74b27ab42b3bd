"""Rasa's training cache depends on what a component reads beside its input."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.fingerprint import fingerprint_of
from nlu.language import LanguageIdentifier
from nlu.outcome import OutcomeDecider


def test_a_changed_file_changes_the_fingerprint(tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("one", encoding="utf-8")
    before = fingerprint_of(tmp_path)
    (tmp_path / "words.txt").write_text("two", encoding="utf-8")
    assert fingerprint_of(tmp_path) != before


@pytest.mark.parametrize("component", [LanguageIdentifier, OutcomeDecider])
def test_a_cached_component_is_asked_without_its_config(
    component: type[LanguageIdentifier | OutcomeDecider],
) -> None:
    assert component.fingerprint_addon({"output": "cached"})


@pytest.mark.parametrize(
    ("component", "key"),
    [(LanguageIdentifier, "examples"), (OutcomeDecider, "crisis_words")],
)
def test_what_a_component_reads_is_part_of_its_fingerprint(
    tmp_path: Path, component: type[LanguageIdentifier | OutcomeDecider], key: str
) -> None:
    words = tmp_path / "words.txt"
    words.write_text("one", encoding="utf-8")
    before = component.fingerprint_addon({key: str(tmp_path)})
    words.write_text("two", encoding="utf-8")
    assert component.fingerprint_addon({key: str(tmp_path)}) != before
