"""What the tests of the forms share: people who fill them in, in both languages."""

from __future__ import annotations

import pytest
from sqlalchemy.engine import Engine

from actions.forms.message import MESSAGE_FORM
from actions.texts import LANGUAGES
from tests.actions.forms.filling import Person


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    """The conversation's language: the test runs in each."""
    chosen: str = request.param
    return chosen


@pytest.fixture
def host(own_map: Engine, language: str) -> Person:
    """Somebody with an event to put on an empty map."""
    return Person(language=language)


@pytest.fixture
def writer(own_map: Engine, language: str) -> Person:
    """Somebody with a message of healing for an empty map."""
    return Person(MESSAGE_FORM, language)
