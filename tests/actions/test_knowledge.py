"""The FAQ as it is read from the training data, and its answers as the date has them."""

from __future__ import annotations

from datetime import datetime

import pytest

from actions.clock import set_now
from actions.knowledge import PHASES, questions, titles
from actions.texts import LANGUAGES

BEFORE, DURING, AFTER = datetime(2020, 11, 30), datetime(2020, 12, 8), datetime(2021, 2, 1)


def answer_on(moment: datetime, intent: str, language: str) -> str:
    set_now(moment)
    return questions(language)[intent].answer(language)


def test_a_question_is_the_same_in_both_languages_but_for_its_words() -> None:
    english, spanish = (questions(language)["faq_dates"] for language in LANGUAGES)
    assert (english.intent, english.topic, english.next) == (
        spanish.intent,
        spanish.topic,
        spanish.next,
    )
    assert (english.title, spanish.title) == ("When does it take place?", "¿Cuándo es?")


def test_the_questions_stand_in_the_same_order_in_both_languages() -> None:
    english, spanish = (list(questions(language)) for language in LANGUAGES)
    assert english == spanish


def test_the_topic_of_a_question_is_told_by_its_file() -> None:
    topics = {intent: question.topic for intent, question in questions("en").items()}
    assert topics["faq_dates"] == "campaign"
    assert topics["faq_racial_healing"] == "healing"
    assert topics["faq_partners"] == "taking_part"
    assert topics["faq_seed_connections"] == "events"
    assert topics["faq_oerj_leader"] == "office"


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_questions_of_the_faq_are_questions(language: str) -> None:
    assert all(intent.startswith("faq_") for intent in questions(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_tasks_can_be_offered_and_small_talk_cannot(language: str) -> None:
    assert {"submit_event", "privacy", "faq_dates"} <= set(titles(language))
    assert not {"greet", "affirm", "crisis", "out_of_scope"} & set(titles(language))


def test_an_answer_about_the_dates_speaks_of_the_future_the_present_and_the_past() -> None:
    assert "launches at the beginning of December 2020" in answer_on(BEFORE, "faq_dates", "en")
    assert "runs through the end of January 2021" in answer_on(DURING, "faq_dates", "en")
    assert "ran through the end of January 2021" in answer_on(AFTER, "faq_dates", "en")
    assert "empieza a principios de diciembre de 2020" in answer_on(BEFORE, "faq_dates", "es")
    assert "sigue hasta finales de enero de 2021" in answer_on(DURING, "faq_dates", "es")
    assert "siguió hasta finales de enero de 2021" in answer_on(AFTER, "faq_dates", "es")


def test_the_last_evening_in_chicago_is_still_the_campaign() -> None:
    evening = datetime.fromisoformat("2021-02-01T05:59:00+00:00")
    assert "there is still time to join in" in answer_on(evening, "faq_after", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_without_phases_is_always_the_same(language: str) -> None:
    answers = {answer_on(day, "faq_trht", language) for day in (BEFORE, DURING, AFTER)}
    assert len(answers) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_has_an_answer_for_every_phase(language: str) -> None:
    for question in questions(language).values():
        assert set(question.answers) == set(PHASES), question.intent


def test_the_answers_follow_the_campaigns_dates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWH_CAMPAIGN_END", "2021-03-15")
    assert "runs through the middle of March 2021" in answer_on(AFTER, "faq_dates", "en")
    assert "hasta mediados de marzo de 2021" in answer_on(AFTER, "faq_dates", "es")
