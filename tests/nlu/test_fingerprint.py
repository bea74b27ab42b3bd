"""Rasa's training cache depends on what a component reads beside its input."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu import intent_classifier, trained_component
from nlu.fingerprint import fingerprint_of
from nlu.intent_classifier import EnsembleClassifier
from nlu.language import LanguageIdentifier
from nlu.outcome import OutcomeDecider
from nlu.phrase_classifier import PhraseClassifier
from nlu.trained_component import TrainedComponent


def test_a_changed_file_changes_the_fingerprint(tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("one", encoding="utf-8")
    before = fingerprint_of(tmp_path)
    (tmp_path / "words.txt").write_text("two", encoding="utf-8")
    assert fingerprint_of(tmp_path) != before


each_component = pytest.mark.parametrize(
    "component", [LanguageIdentifier, PhraseClassifier, EnsembleClassifier, OutcomeDecider]
)


@each_component
def test_a_cached_component_is_asked_without_its_config(component: type[TrainedComponent]) -> None:
    assert component.fingerprint_addon({"output": "cached"})


@each_component
def test_what_every_component_uses_is_part_of_each_fingerprint(
    tmp_path: Path, component: type[TrainedComponent], monkeypatch: pytest.MonkeyPatch
) -> None:
    normalizer = tmp_path / "normalizer.py"
    normalizer.write_text("one", encoding="utf-8")
    monkeypatch.setattr(trained_component, "_USED_BY_ALL", (normalizer,))
    before = component.fingerprint_addon({})
    normalizer.write_text("two", encoding="utf-8")
    assert component.fingerprint_addon({}) != before


@pytest.mark.parametrize(
    ("component", "key"),
    [(LanguageIdentifier, "examples"), (OutcomeDecider, "crisis_words")],
)
def test_what_a_component_reads_is_part_of_its_fingerprint(
    tmp_path: Path, component: type[TrainedComponent], key: str
) -> None:
    words = tmp_path / "words.txt"
    words.write_text("one", encoding="utf-8")
    before = component.fingerprint_addon({key: str(tmp_path)})
    words.write_text("two", encoding="utf-8")
    assert component.fingerprint_addon({key: str(tmp_path)}) != before


@pytest.mark.parametrize("changed", ["intent_classifier.py", "ensemble.py", "encoders.py"])
def test_how_the_intents_are_learnt_is_part_of_the_fingerprint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    for name in ("intent_classifier.py", "ensemble.py", "encoders.py"):
        (tmp_path / name).write_text("one", encoding="utf-8")
    monkeypatch.setattr(intent_classifier, "__file__", str(tmp_path / "intent_classifier.py"))
    before = EnsembleClassifier.fingerprint_addon({})
    (tmp_path / changed).write_text("two", encoding="utf-8")
    assert EnsembleClassifier.fingerprint_addon({}) != before
