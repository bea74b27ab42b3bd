"""A question of the FAQ needs nothing but its training file."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.faq_importer import FAQ_ACTION, FaqImporter, faq_intents

DOMAIN = """
version: "3.1"
intents: [greet]
actions: [action_faq, action_greet]
"""
RULES = """
version: "3.1"
rules:
- rule: a greeting
  steps:
  - intent: greet
  - action: action_greet
"""
SMALL_TALK = """
version: "3.1"
nlu:
- intent: greet
  examples: |
    - hello
- intent: faq_misplaced
  examples: |
    - what am I doing in this file
"""
PARKING = """
version: "3.1"
nlu:
- intent: faq_parking
  examples: |
    - where can I park
- intent: ask_the_driver
  examples: |
    - who drives
"""
PARKING_IN_SPANISH = PARKING.replace("where can I park", "dónde puedo estacionar")
PARKING_INDENTED = """
version: "3.1"
nlu:
  - intent: faq_parking
    examples: |
      - where can I park
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that knows no question yet."""
    files = {
        "config.yml": "recipe: default.v1\nlanguage: en\n",
        "domain.yml": DOMAIN,
        "data/rules/small_talk.yml": RULES,
        "data/nlu/en/small_talk.yml": SMALL_TALK,
    }
    for name, content in files.items():
        write(tmp_path / name, content)
    return tmp_path


def write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


def importer_of(project: Path) -> FaqImporter:
    config, domain, data = (str(project / n) for n in ("config.yml", "domain.yml", "data"))
    return FaqImporter(config, domain, [data])


def rules_of(importer: FaqImporter) -> dict[str, list[str]]:
    """Return each rule's intents and actions."""
    return {
        step.block_name: [
            getattr(event, "action_name", None) or event.intent_name
            for event in step.events
            if type(event).__name__ in ("UserUttered", "ActionExecuted")
        ]
        for step in importer.get_stories().story_steps
    }


def test_without_a_question_nothing_is_added(project: Path) -> None:
    importer = importer_of(project)

    assert not [name for name in importer.get_domain().intents if name.startswith("faq_")]
    assert list(rules_of(importer)) == ["a greeting"]


def test_a_new_question_joins_the_domain_and_gets_its_rule(project: Path) -> None:
    write(project / "data/nlu/en/faq_parking.yml", PARKING)
    importer = importer_of(project)

    assert "faq_parking" in importer.get_domain().intents
    rule = rules_of(importer)["faq_parking"]
    assert [step for step in rule if step not in ("...", "action_listen")] == [
        "faq_parking",
        FAQ_ACTION,
    ]


def test_what_was_there_before_stays(project: Path) -> None:
    write(project / "data/nlu/en/faq_parking.yml", PARKING)
    importer = importer_of(project)

    assert {"greet", "faq_parking"} <= set(importer.get_domain().intents)
    assert set(importer.get_domain().action_names_or_texts) >= {"action_greet", FAQ_ACTION}
    assert set(rules_of(importer)) == {"a greeting", "faq_parking"}


def test_a_question_in_two_languages_gets_one_rule(project: Path) -> None:
    write(project / "data/nlu/en/faq_parking.yml", PARKING)
    write(project / "data/nlu/es/faq_parking.yml", PARKING_IN_SPANISH)
    importer = importer_of(project)

    names = [step.block_name for step in importer.get_stories().story_steps]
    assert sorted(names) == ["a greeting", "faq_parking"]
    assert importer.get_domain().intents.count("faq_parking") == 1


def test_only_faq_intents_in_faq_files_are_taken(project: Path) -> None:
    write(project / "data/nlu/en/faq_parking.yml", PARKING)
    files = [str(path) for path in (project / "data").rglob("*.yml")]

    assert faq_intents(files) == ["faq_parking"]


def test_a_question_is_found_however_its_file_is_indented(project: Path) -> None:
    write(project / "data/nlu/en/faq_parking.yml", PARKING_INDENTED)

    assert "faq_parking" in importer_of(project).get_domain().intents


def test_the_examples_come_along(project: Path) -> None:
    write(project / "data/nlu/en/faq_parking.yml", PARKING)
    examples = importer_of(project).get_nlu_data().intent_examples

    assert ("where can I park", "faq_parking") in [
        (example.get("text"), example.get("intent")) for example in examples
    ]


def test_the_questions_keep_their_rules_where_other_rules_are_left_out(project: Path) -> None:
    write(project / "data/nlu/en/faq_parking.yml", PARKING)
    stories = importer_of(project).get_stories(exclusion_percentage=99)

    assert [step.block_name for step in stories.story_steps] == ["faq_parking"]
