"""The tasks that are still to come, the way to a person, and who is behind the assistant."""

from __future__ import annotations

import pytest

from actions.knowledge import questions, titles
from actions.tasks import ActionAboutAssistant, ActionContactHuman, ActionTaskToCome
from actions.texts import LANGUAGES, text
from tests.actions.doing import do

TASKS = ["submit_event", "submit_message", "my_submissions"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("task", TASKS)
def test_a_task_to_come_is_declined_honestly_with_questions_that_help(
    task: str, language: str
) -> None:
    done = do(ActionTaskToCome(), task, "i want to", language=language)
    assert done.text == text(task, language)
    offered = [payload.lstrip("/") for payload in done.payloads]
    assert 2 <= len(offered) <= 3
    assert set(offered) <= set(questions(language))
    assert done.titles == [titles(language)[intent] for intent in offered]
    assert done.events == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_way_to_a_person_is_given_where_the_city_named_one(
    monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("TWH_CONTACT", "oerj@example.org {room 1} <3rd floor>")
    done = do(ActionContactHuman(), "contact_human", language=language)
    assert done.text == text(
        "contact_human", language, contact="oerj@example.org {room 1} <3rd floor>"
    )
    assert "oerj@example.org {room 1} <3rd floor>" in done.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_way_to_a_person_is_invented(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    for value in (None, ""):
        if value is None:
            monkeypatch.delenv("TWH_CONTACT", raising=False)
        else:
            monkeypatch.setenv("TWH_CONTACT", value)
        done = do(ActionContactHuman(), "contact_human", language=language)
        assert done.text == text("contact_human_unknown", language)
        assert not any(character.isdigit() or character == "@" for character in done.text)


def test_about_carries_the_citys_disclaimer() -> None:
    said = do(ActionAboutAssistant(), "about_assistant", language="en").text
    assert (
        "uses data that has been modified for use from its original source, "
        "www.cityofchicago.org, the official website of the City of Chicago. The City of Chicago "
        "makes no claims as to the content, accuracy, timeliness, or completeness of any of the "
        "data. The data is subject to change at any time and is used at one's own risk."
    ) in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_about_leads_to_the_campaigns_makers_and_to_privacy(language: str) -> None:
    done = do(ActionAboutAssistant(), "about_assistant", language=language)
    assert "www.cityofchicago.org" in done.text
    assert done.payloads == ["/faq_twh_oerj", "/privacy"]
    assert done.titles == [
        titles(language)["faq_twh_oerj"],
        text("privacy_button", language),
    ]
