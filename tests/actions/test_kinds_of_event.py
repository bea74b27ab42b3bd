"""Each kind of event can be shown, said, asked for and understood."""

from __future__ import annotations

import pytest

from actions.event_words import DOTS
from actions.forms.answers import Fit
from actions.forms.event import EVENT_FORM
from actions.forms.reading import KIND_OF_QUESTION
from actions.healing_map.models import KINDS
from actions.healing_map.picture_style import KIND_COLOURS
from actions.healing_map.query import kinds_in
from actions.knowledge import questions
from actions.texts import LANGUAGES, text
from tests.actions.forms.filling import field_of, read


def test_each_kind_and_no_other_has_a_colour_and_a_dot_of_its_own() -> None:
    for table in (KIND_COLOURS, DOTS):
        assert set(table) == set(KINDS)
        assert len(set(table.values())) == len(KINDS)


def test_each_kind_and_no_other_is_what_a_question_of_the_faq_is_about() -> None:
    assert sorted(KIND_OF_QUESTION.values()) == sorted(KINDS)
    assert set(KIND_OF_QUESTION) <= set(questions(LANGUAGES[0]))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_understood_by_its_name(kind: str, language: str) -> None:
    name = text(f"kind_{kind}", language)
    assert kinds_in(name) == (kind,)
    assert read(field_of(EVENT_FORM, "kind"), name) == Fit({"kind": kind})
