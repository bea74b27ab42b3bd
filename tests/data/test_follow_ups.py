"""The words and answers of follow-ups: both languages have the same, and every answer exists."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest
import yaml

from actions.faq import TOPICS
from actions.knowledge import questions
from actions.texts import DATA, LANGUAGES

FAQ = questions(LANGUAGES[0])
GROUPS = ("asks", "finds", "details")


@cache
def file(name: str) -> dict[str, Any]:
    content = (DATA / "follow_ups" / f"{name}.yml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.load(content, yaml.CSafeLoader)
    return loaded


def patterns(language: str) -> dict[str, str]:
    """Every pattern of a language by its name."""
    words = file(language)
    found = {f"{group} {name}": it for group in GROUPS for name, it in words[group].items()}
    found |= {f"number {i}": it for i, it in enumerate(words["numbers"])}
    return found | {name: it for name, it in words.items() if isinstance(it, str)}


def test_both_languages_have_words_for_the_same() -> None:
    assert list(patterns("en")) == list(patterns("es"))
    assert list(file("en")) == list(file("es"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_pattern_is_written_as_texts_are_folded(language: str) -> None:
    for name, pattern in patterns(language).items():
        re.compile(pattern)
        letters = re.sub(r"[^\w\s]|IT|\\d", "", pattern)
        assert re.fullmatch("[a-z0-9 ]*", letters), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_pattern_matches_nothing(language: str) -> None:
    for name, pattern in patterns(language).items():
        assert not re.fullmatch(pattern, ""), name


def test_every_topic_has_answers_and_every_one_is_a_question() -> None:
    topics, answers = file("answers")["topics"], file("answers")["answers"]
    assert set(topics) == set(TOPICS)
    assert set(answers) <= set(FAQ)
    for answered in (*topics.values(), *answers.values()):
        assert set(answered) <= set(file("en")["asks"])
        assert set(answered.values()) <= set(FAQ)


def test_nothing_is_said_twice_for_a_question() -> None:
    topics = file("answers")["topics"]
    for answered, answers in file("answers")["answers"].items():
        of_topic = topics[FAQ[answered].topic]
        assert not [asked for asked, it in answers.items() if of_topic.get(asked) == it], answered
