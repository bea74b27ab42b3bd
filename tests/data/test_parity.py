"""What the assistant knows and says: complete, the same in both languages, and within limits."""

from __future__ import annotations

import os
import re
import string
import subprocess
import sys
from collections import Counter
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest
import yaml
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.core.constants import DEFAULT_INTENTS, RULE_SNIPPET_ACTION_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.training_data.structures import StoryStep
from rasa.shared.importers.importer import TrainingDataImporter

from actions.clock import set_now
from actions.faq import TOPICS, ActionBrowseFaq, ActionFaq, ActionOffer, ActionOutOfScope
from actions.knowledge import PHASES, questions, titles
from actions.language import ActionChangeLanguage
from actions.session import ActionPrivacy
from actions.small_talk import ActionGreet
from actions.submissions import ActionMySubmissions
from actions.tasks import ActionAboutAssistant
from actions.texts import DATA, LANGUAGES, text, texts
from bot.settings import ROOT
from bot.telegram.profile import commands_in
from bot.turns import COMMANDS, MAX_PAYLOAD_BYTES, Tap, meaning_of
from nlu.normalizer import fold, normalize
from tests.actions.doing import do

FACTS = yaml.safe_load((Path(__file__).parent / "faq_facts.yml").read_text(encoding="utf-8"))

DAY_OF_PHASE = {
    "before": datetime(2020, 11, 20),
    "during": datetime(2020, 12, 8),
    "after": datetime(2021, 2, 20),
}

LONGEST_ANSWER = 600
FEWEST_FAQ_EXAMPLES = {"en": 40, "es": 20}
FEWEST_EXAMPLES = {"en": 15, "es": 8}

BAD_NEWS = (
    "crisis",
    "failure",
    "delayed",
    "out_of_scope",
    "stale_button",
    "empty_message",
    "send_media",
    "unknown_command",
    "feedback_negative",
    "offer",
    "none_of_these_reply",
    "nothing_to_cancel",
    "nothing_to_go_back_to",
    "nothing_to_skip",
    "place_unknown",
    "place_outside",
    "location_outside",
    "found_nothing",
    "found_nothing_at_all",
    "no_messages",
    "unclear_time",
    "event_gone",
    "submission_unknown",
    "submission_rejected",
    "submission_withdrawn",
    "withdraw_question",
    "withdrawn",
    "contact_human_unknown",
    "language_unavailable",
    "delete_question",
    "delete_question_published",
    "delete_done",
    "delete_done_nameless",
    "delete_failed",
    "review_failed",
    "review_gone",
    "review_changed_since",
    "review_already_withdrawn",
    "review_reason_misfit",
    "decision_rejected_event",
    "decision_rejected_message",
    "decision_reason",
    "group_only_words",
)

# What holds no word, or one that both languages have.
SAME_IN_BOTH = {
    *("miles", "away", "event_line", "event_details", "message_line", "moment_words"),
    *("accessible_not_accessible", "event_accessibility_not_accessible"),
    *("message_consent_no", "no_button"),
}

# Rasa's own steering intents, which nobody can type: they have neither examples nor rules.
STEERING_OF_RASA = {"restart", "back", "session_start"}

every_language = pytest.mark.parametrize("language", LANGUAGES)
every_phase = pytest.mark.parametrize("phase", PHASES)
every_question = pytest.mark.parametrize("intent", FACTS)
with_a_map = pytest.mark.usefixtures("healing_map")


def placeholders(content: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(content) if name is not None}


def names_in_file(language: str) -> list[str]:
    content = (DATA / "texts" / f"{language}.yml").read_text(encoding="utf-8")
    return re.findall(r"^(\w+):", content, re.MULTILINE)


@cache
def examples(language: str) -> dict[str, list[str]]:
    """Return the training examples by intent."""
    found: dict[str, list[str]] = {}
    for path in sorted((DATA / "nlu" / language).glob("*.yml")):
        for entry in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)["nlu"]:
            lines = entry["examples"].splitlines()
            found.setdefault(entry["intent"], []).extend(line[2:] for line in lines)
    return found


@pytest.fixture(scope="module")
def importer() -> TrainingDataImporter:
    """Rasa's view of the project, with the FAQ in it."""
    return TrainingDataImporter.load_from_config(
        str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(ROOT / "data")]
    )


@pytest.fixture(scope="module")
def domain(importer: TrainingDataImporter) -> Domain:
    return importer.get_domain()


@pytest.fixture(scope="module")
def action_of(importer: TrainingDataImporter) -> dict[str, str]:
    """By intent, the action that its rule runs."""
    steps_by_rule: dict[str, list[StoryStep]] = {}
    for step in importer.get_stories().story_steps:
        steps_by_rule.setdefault(step.block_name, []).append(step)
    return {
        intent: action
        for steps in steps_by_rule.values()
        for intent, action in answers_in(steps).items()
    }


def answers_in(steps: list[StoryStep]) -> dict[str, str]:
    """Return the intents of one rule, which may be many, with its only action."""
    events = [event for step in steps for event in step.events]
    (action,) = (
        event.action_name
        for event in events
        if isinstance(event, ActionExecuted) and event.action_name != RULE_SNIPPET_ACTION_NAME
    )
    return {event.intent_name: action for event in events if isinstance(event, UserUttered)}


@cache
def payloads(language: str) -> frozenset[str]:
    """Return what all buttons of the actions can carry."""
    done = [
        do(ActionBrowseFaq(), "browse_faq", language=language),
        *(do(ActionBrowseFaq(), "browse_faq", language=language, choice=it) for it in TOPICS),
        *(do(ActionFaq(), intent, language=language) for intent in questions(language)),
        do(ActionOffer(), "nlu_fallback", language=language, offers=tuple(titles(language))),
        do(ActionOutOfScope(), "out_of_scope", "weather", language=language),
        do(ActionChangeLanguage(), "change_language", language=language),
        do(ActionPrivacy(), "privacy", language=language),
        do(ActionPrivacy(), "privacy", language=language, choice="delete"),
        do(ActionGreet(), "greet", language=language, command="start"),
        do(ActionMySubmissions(), "my_submissions", language=language),
        do(ActionAboutAssistant(), "about_assistant", language=language),
    ]
    return frozenset(payload for it in done for payload in it.payloads)


# Texts


def test_every_text_exists_in_both_languages_in_the_same_order() -> None:
    assert names_in_file("en") == names_in_file("es")


@every_language
def test_no_text_is_written_twice_or_left_empty(language: str) -> None:
    names = names_in_file(language)
    assert len(names) == len(set(names)) == len(texts(language))
    assert all(texts(language).values())


@pytest.mark.parametrize("name", texts("en"))
def test_a_text_has_the_same_open_words_in_both_languages(name: str) -> None:
    english, spanish = (texts(language)[name] for language in LANGUAGES)
    assert placeholders(english) == placeholders(spanish)


@pytest.mark.parametrize("name", sorted(set(texts("en")) - SAME_IN_BOTH))
def test_a_text_was_translated(name: str) -> None:
    assert texts("en")[name] != texts("es")[name]


@every_language
def test_the_crisis_text_names_the_lines_that_help(language: str) -> None:
    assert "988" in text("crisis", language)
    assert "911" in text("crisis", language)


@every_language
@pytest.mark.parametrize("name", BAD_NEWS)
def test_bad_news_carries_no_exclamation_mark(name: str, language: str) -> None:
    assert not set("!¡") & set(texts(language)[name])


# Telegram's limits


@every_language
def test_every_command_has_a_description_that_telegram_takes(language: str) -> None:
    commands = commands_in(language)
    assert [command.command for command in commands] == list(COMMANDS)
    for command in commands:
        assert 1 <= len(command.description) <= 256
        assert re.fullmatch(r"[a-z0-9_]{1,32}", command.command)


@every_language
def test_the_bots_descriptions_fit(language: str) -> None:
    assert 1 <= len(text("bot_description", language)) <= 512
    assert 1 <= len(text("bot_short_description", language)) <= 120


@with_a_map
@every_language
def test_every_payload_fits_into_a_button(language: str) -> None:
    too_long = [it for it in payloads(language) if len(it.encode()) > MAX_PAYLOAD_BYTES]
    assert not too_long


@with_a_map
@every_language
def test_every_button_is_understood_when_it_is_tapped(language: str, domain: Domain) -> None:
    intents = frozenset(domain.intents)
    for payload in payloads(language):
        meaning = meaning_of(Tap(payload), intents)
        assert meaning.intent == re.split(r"[/{]", payload)[1], payload


@with_a_map
def test_every_title_topic_language_and_choice_was_among_the_buttons() -> None:
    for language in LANGUAGES:
        expected = {f"/{intent}" for intent in titles(language)}
        expected |= {f'/browse_faq{{"choice": "{topic}"}}' for topic in TOPICS}
        expected |= {f'/change_language{{"choice": "{it}"}}' for it in LANGUAGES}
        expected |= {f'/privacy{{"choice": "{it}"}}' for it in ("delete", "deleted", "kept")}
        assert expected <= payloads(language)


# The FAQ


@every_language
def test_the_faq_is_all_that_the_citys_text_answers_and_its_facts_are_known(language: str) -> None:
    assert len(FACTS) >= 35
    assert set(questions(language)) == set(FACTS)


@every_question
def test_both_languages_are_checked_for_the_same_number_of_facts(intent: str) -> None:
    assert 0 < len(FACTS[intent]["en"]) == len(FACTS[intent]["es"])


@every_phase
@every_language
@every_question
def test_an_answer_carries_its_facts(intent: str, language: str, phase: str) -> None:
    set_now(DAY_OF_PHASE[phase])
    answer = questions(language)[intent].answer(language).casefold()
    missing = [
        fact
        for fact in FACTS[intent][language]
        if not any(wording.casefold() in answer for wording in fact.split("|"))
    ]
    assert not missing


@every_phase
@every_language
@every_question
def test_an_answer_is_short_and_has_no_open_words(intent: str, language: str, phase: str) -> None:
    set_now(DAY_OF_PHASE[phase])
    answer = questions(language)[intent].answer(language)
    assert len(answer) <= LONGEST_ANSWER
    assert not set("{}") & set(answer)


@every_language
def test_most_answers_are_read_without_scrolling(language: str) -> None:
    lengths = [len(question.answer(language)) for question in questions(language).values()]
    assert sum(length <= 500 for length in lengths) >= 0.8 * len(lengths)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", r"launches|runs through|from now|on now|happening now|not over|not begun"),
        ("es", r"empieza a|sigue hasta|desde ahora|en marcha|es ahora|no ha terminado|arranca"),
    ],
)
def test_after_the_campaign_no_answer_speaks_as_if_it_went_on(language: str, words: str) -> None:
    set_now(DAY_OF_PHASE["after"])
    for question in questions(language).values():
        assert not re.search(words, question.answer(language), re.IGNORECASE), question.intent


@every_question
def test_the_phases_of_an_answer_are_told_apart_in_both_languages_or_in_neither(
    intent: str,
) -> None:
    english, spanish = (
        {phase: questions(language)[intent].answers[phase] for phase in PHASES}
        for language in LANGUAGES
    )
    assert len(set(english.values())) == len(set(spanish.values()))


@every_question
def test_what_comes_next_has_a_title_and_is_something_else(intent: str) -> None:
    following = questions("en")[intent].next
    assert 2 <= len(following) <= 3
    assert intent not in following
    assert len(set(following)) == len(following)
    for language in LANGUAGES:
        assert set(following) <= set(titles(language))


# Intents, rules and training examples


def test_every_intent_has_a_title_in_both_languages_or_in_neither() -> None:
    assert set(titles("en")) == set(titles("es"))


@every_language
def test_no_two_buttons_have_the_same_title(language: str) -> None:
    assert len(set(titles(language).values())) == len(titles(language))


def test_the_faq_is_in_the_domain(domain: Domain) -> None:
    assert set(FACTS) <= set(domain.intents)


def test_every_intent_has_a_rule(domain: Domain, action_of: dict[str, str]) -> None:
    assert set(action_of) == set(domain.intents) - STEERING_OF_RASA
    assert set(action_of.values()) <= set(domain.action_names_or_texts)
    assert {action_of[intent] for intent in FACTS} == {"action_faq"}


@every_language
def test_every_intent_has_training_examples(language: str, domain: Domain) -> None:
    untaught = STEERING_OF_RASA | {DEFAULT_NLU_FALLBACK_INTENT_NAME}
    assert untaught <= set(DEFAULT_INTENTS)
    assert set(examples(language)) == set(domain.intents) - untaught


def test_rasa_reads_the_same_examples(importer: TrainingDataImporter) -> None:
    ours = Counter(
        it for language in LANGUAGES for its in examples(language).values() for it in its
    )
    read = importer.get_nlu_data().intent_examples
    assert Counter(example.get("text") for example in read) == ours


@every_language
def test_every_intent_has_enough_examples_that_truly_differ(language: str) -> None:
    for intent, its in examples(language).items():
        fewest = FEWEST_FAQ_EXAMPLES if intent in FACTS else FEWEST_EXAMPLES
        different = {fold(normalize(example)) for example in its}
        assert len(different) >= fewest[language], intent


def test_no_example_stands_twice() -> None:
    places: dict[str, list[str]] = {}
    for language in LANGUAGES:
        for intent, its in examples(language).items():
            for example in its:
                place = f"{language} {intent}: {example}"
                places.setdefault(fold(normalize(example)), []).append(place)
    twice = [" | ".join(its) for its in places.values() if len(its) > 1]
    assert not twice, "\n".join(twice)


def test_rasas_own_validation_finds_nothing() -> None:
    # As a newcomer types it: without what the tests set to keep libraries quiet.
    kept = ("PATH", "HOME", "LANG", "VIRTUAL_ENV")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "rasa", "data", "validate", "--fail-on-warnings"],
        cwd=ROOT,
        env={**environment, "RASA_TELEMETRY_ENABLED": "false"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    output = done.stdout + done.stderr
    assert done.returncode == 0, output
    assert "No story structure conflicts found" in output
    assert "UserWarning" not in output
