"""The words by which forms understand short answers and corrections."""

from __future__ import annotations

import re

import pytest
import yaml

from actions.forms.event import EVENT_FORM
from actions.forms.form import Form
from actions.forms.message import MESSAGE_FORM
from actions.forms.words import (
    choice_in,
    field_names,
    has_words,
    is_words,
    mended,
    number_in,
)
from actions.healing_map.models import (
    ACCESSIBILITIES,
    ADDRESS_VISIBILITIES,
    FORMATS,
    HOST_TYPES,
)
from actions.healing_map.query import plain_letters
from actions.texts import DATA, LANGUAGES, text
from tests.actions.forms.filling import field_of

CHOICES = {
    "format": FORMATS,
    "accessibility": ACCESSIBILITIES,
    "visibility": ADDRESS_VISIBILITIES,
    "host": HOST_TYPES,
}
FILE = yaml.safe_load((DATA / "forms" / "words.yml").read_text(encoding="utf-8"))
PATTERNS = [
    *FILE["field_names"].values(),
    *(words for choices in FILE["choices"].values() for words in choices.values()),
    *(words for words in FILE.values() if isinstance(words, str)),
]


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern[:30])
def test_every_pattern_compiles_and_is_in_small_letters_without_accents(pattern: str) -> None:
    assert re.compile(pattern)
    assert plain_letters(pattern) == pattern


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern[:30])
def test_no_pattern_matches_nothing(pattern: str) -> None:
    assert not re.fullmatch(pattern, "")


@pytest.mark.parametrize("form", [EVENT_FORM, MESSAGE_FORM], ids=lambda form: form.name)
def test_every_field_has_a_name_by_which_it_can_be_changed(form: Form) -> None:
    assert {field.name for field in form.fields} <= set(field_names())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("form", "field"),
    [(form, field.name) for form in (EVENT_FORM, MESSAGE_FORM) for field in form.fields],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_a_field_is_known_by_the_name_on_its_button(form: Form, field: str, language: str) -> None:
    title = plain_letters(text(f"{form.thing}_{field}_name", language))
    assert re.search(rf"\b({field_names()[field]})\b", title)


def test_the_file_names_every_choice_and_no_other() -> None:
    assert {field: set(choices) for field, choices in FILE["choices"].items()} == {
        field: set(choices) for field, choices in CHOICES.items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("field", "choice"),
    [
        (field, choice)
        for field, choices in CHOICES.items()
        for choice in choices
        # Yes and no to the question of wheelchairs are understood before (see its reader).
        if (field, choice) not in {("accessibility", it) for it in ACCESSIBILITIES[:2]}
    ],
)
def test_a_choice_can_be_typed_as_its_button_says_it(
    field: str, choice: str, language: str
) -> None:
    assert choice_in(field, text(f"event_{field}_{choice}", language)) == choice


@pytest.mark.parametrize(
    ("field", "typed", "choice"),
    [
        ("format", "not in the office, ONLINE", "virtual"),
        ("accessibility", "No sé si hay rampa", "unknown"),
        ("accessibility", "there is no ramp", "not_accessible"),
        ("visibility", "just the neighborhood", "area_only"),
        ("host", "Somos un grupo", "organization"),
        ("host", "just me", "individual"),
        ("format", "online-ish? rampart, onlinely", "virtual"),
    ],
)
def test_a_choice_is_found_inside_of_a_sentence(field: str, typed: str, choice: str) -> None:
    assert choice_in(field, typed) == choice


@pytest.mark.parametrize(
    ("field", "typed", "choice"),
    [
        ("format", "virtualy", "virtual"),
        ("format", "in preson", "in_person"),
        ("format", "some come and others dial in by zoom", "hybrid"),
        ("format", "on a conference call", "virtual"),
        ("format", "por videollamada", "virtual"),
        ("accessibility", "theres an elevater", "accessible"),
        ("visibility", "just put Kenwood", "area_only"),
        ("visibility", "without the house number", "area_only"),
        ("visibility", "keep my street off of it", "area_only"),
        ("visibility", "just put the whole address", "public"),
        ("visibility", "solo di el barrio, sin la calle", "area_only"),
        ("visibility", "con la dirección completa", "public"),
    ],
)
def test_a_choice_is_known_in_other_words_and_with_typing_errors(
    field: str, typed: str, choice: str
) -> None:
    assert choice_in(field, typed) == choice


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("2", 2),
        ("number 2", 2),
        ("option 3 please", 3),
        ("the third option", 3),
        ("la opción 4", 4),
        ("el primer botón, por favor", 1),
        ("second one", 2),
        ("the second street", None),
        ("number", None),
        ("2020", None),
    ],
)
def test_a_choice_is_named_by_its_place(typed: str, number: int | None) -> None:
    assert number_in(typed) == number


def test_only_words_of_choices_are_mended_and_only_in_short_texts() -> None:
    assert mended("a dialoge with neighbors") == "a dialogue with neighbors"
    assert mended("dialoge " * 20) == "dialoge " * 20
    assert mended("a garden") == "a garden"


@pytest.mark.parametrize(
    ("field", "typed"),
    [("format", "webbing"), ("accessibility", "rampart"), ("kind", "learning"), ("x", "y")],
)
def test_a_part_of_a_word_names_no_choice(field: str, typed: str) -> None:
    assert choice_in(field, typed) is None


def test_words_stand_in_a_text_or_are_all_of_it() -> None:
    assert has_words("all_day", "It lasts ALL DAY long")
    assert not has_words("all_day", "overall daylight")
    assert is_words("nothing", "¡Ninguno!")
    assert not is_words("nothing", "nothing to hide")


def test_every_field_of_choices_of_the_event_form_has_words() -> None:
    by_words = {field for field in CHOICES if field_of(EVENT_FORM, field).choices}
    assert by_words == {
        field.name for field in EVENT_FORM.fields if field.choices and field.name != "kind"
    }
