"""When the model is trained anew: for another example, not for another wording of an answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot import training
from bot.training import model_path

QUESTION = """\
version: "3.1"
nlu:
- intent: faq_dates
  metadata:
    title: When is it?
    answer: In December.
    next: [faq_after]
  examples: |
    - when is it
    - what are the dates
"""
FILES = {
    "config.yml": "pipeline: []\n",
    "domain.yml": "intents: []\n",
    "data/nlu/en/faq_campaign.yml": QUESTION,
    "data/nlu/es/faq_campaign.yml": QUESTION,
    "data/rules/help.yml": "rules: []\n",
    "data/crisis/en.txt": "kill myself\n",
    "data/texts/en.yml": "greet: Hello\n",
    "nlu/outcome.py": "SURE = 0.45\n",
    "actions/faq.py": "TOPICS = ()\n",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project to train."""
    monkeypatch.setattr(training, "ROOT", tmp_path)
    for name, content in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return tmp_path


Change = Callable[[str, str, str], bool]


@pytest.fixture
def needs_training(project: Path) -> Change:
    """needs_training(file, old, new): whether this change of a file asks for a new model."""

    def change(name: str, old: str, new: str) -> bool:
        before = model_path()
        path = project / name
        content = path.read_text(encoding="utf-8")
        assert old in content
        path.write_text(content.replace(old, new), encoding="utf-8")
        return model_path() != before

    return change


def test_the_same_project_has_the_same_model(project: Path) -> None:
    assert model_path() == model_path()
    assert model_path().name.endswith(".tar.gz")


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("data/nlu/en/faq_campaign.yml", "- when is it", "- when does it start"),
        ("data/nlu/es/faq_campaign.yml", "    - when is it\n", ""),
        ("data/nlu/en/faq_campaign.yml", "intent: faq_dates", "intent: faq_when"),
        ("data/nlu/en/faq_campaign.yml", "    title: When is it?\n", ""),
        ("config.yml", "[]", "[x]"),
        ("domain.yml", "[]", "[greet]"),
        ("data/rules/help.yml", "[]", "[x]"),
        ("data/crisis/en.txt", "kill myself", "kill"),
        ("nlu/outcome.py", "0.45", "0.5"),
    ],
)
def test_what_training_learns_from_asks_for_a_new_model(
    needs_training: Change, name: str, old: str, new: str
) -> None:
    assert needs_training(name, old, new)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("data/nlu/en/faq_campaign.yml", "In December.", "In December and January."),
        ("data/nlu/en/faq_campaign.yml", "When is it?", "When does it take place?"),
        ("data/nlu/en/faq_campaign.yml", "[faq_after]", "[faq_celebrate]"),
        ("data/nlu/en/faq_campaign.yml", "version:", "# a remark\nversion:"),
        ("data/texts/en.yml", "Hello", "Good day"),
        ("actions/faq.py", "()", "('campaign',)"),
    ],
)
def test_what_is_only_said_asks_for_no_new_model(
    needs_training: Change, name: str, old: str, new: str
) -> None:
    assert not needs_training(name, old, new)


def test_a_new_file_of_examples_asks_for_a_new_model(project: Path) -> None:
    before = model_path()
    (project / "data/nlu/en/faq_office.yml").write_text(QUESTION, encoding="utf-8")
    assert model_path() != before
