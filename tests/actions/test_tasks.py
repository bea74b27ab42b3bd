"""The way to a person, and who is behind the assistant."""

from __future__ import annotations

import pytest

from actions.knowledge import titles
from actions.tasks import ActionAboutAssistant, ActionContactHuman
from actions.texts import LANGUAGES, text
from tests.actions.doing import do


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
