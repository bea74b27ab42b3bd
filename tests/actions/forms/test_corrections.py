"""Corrections of earlier answers, found in what people type in the middle of a form."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.forms.corrections import Correction, find_correction
from actions.forms.draft import CONFIRM, Draft
from actions.forms.event import EVENT_FORM
from actions.forms.form import Form
from actions.forms.message import MESSAGE_FORM
from tests.actions.forms.filling import EVENT, MESSAGE, NOW, PILSEN

HYBRID: dict[str, Any] = {
    **EVENT,
    "format": "hybrid",
    "link": "https://zoom.us/j/1",
    "place": PILSEN,
}
NASTY = (
    *("no ", "no, ", "please ", "wait, ", "actually ", "sorry sorry, ", "my ", "the ", "change "),
    *("change the ", "can i ", "please please can we ", "go back and ", "lo de ", "the date "),
    *(
        "date: ",
        "until ",
        "it's not ",
        " not ",
        " instead of ",
        "we moved it to ",
        "call it ",
        "put ",
        " as ",
        "i said ",
        "to ",
        "at 4 ",
        "a.",
        "a@",
        "a@a.",
        "www.",
        "1-",
        "a/",
        "a.a/",
        "https://",
    ),
    *("x", "1", "-", "?", "¿", "(", ",", "\t", "e-mail ", "name of my ", "the date is ", "oh\n"),
)
"""Words of which corrections are made, to be repeated for as long as a message can be."""


def correction(
    typed: str,
    *,
    form: Form = EVENT_FORM,
    asked: str = "description",
    answers: dict[str, Any] | None = None,
    needs_sign: bool = True,
) -> Correction | None:
    answers = (HYBRID if form is EVENT_FORM else MESSAGE) if answers is None else answers
    draft = Draft(answers=answers, asked=asked)
    return find_correction(typed, form, draft, NOW, needs_sign=needs_sign)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ("change the date", "when"),
        ("change the time, please", "when"),
        ("can you please change the format again", "format"),
        ("can you edit my title", "title"),
        ("please let me fix the description", "description"),
        ("wait, I need to change the address", "place"),
        ("go back and change the host", "host"),
        ("the date is wrong", "when"),
        ("update our zoom link!", "link"),
        ("cambia la fecha", "when"),
        ("quiero cambiar el título", "title"),
        ("perdón, hay que corregir la dirección", "place"),
        ("la hora está mal", "when"),
        ("cambiar lo de la silla de ruedas", "accessibility"),
    ],
)
def test_a_field_that_is_named_is_asked_once_more(typed: str, field: str) -> None:
    assert correction(typed, asked=CONFIRM) == Correction(field)


@pytest.mark.parametrize(
    ("typed", "field", "value"),
    [
        ("change the date to the 14th", "when", "the 14th"),
        ("change the title to: Peace circle", "title", "Peace circle"),
        ("The title should be Peace circle", "title", "Peace circle"),
        ("Title: Peace Circle", "title", "Peace Circle"),
        ("change the host to Ana Reyes", "host", "Ana Reyes"),
        ("update the location to 60637", "place", "60637"),
        ("cambia el título a Círculo de Paz", "title", "Círculo de Paz"),
        ("el anfitrión debe ser Ana", "host", "Ana"),
        ("pon la hora para las 4", "when", "las 4"),
    ],
)
def test_a_new_answer_behind_the_name_is_kept_as_it_was_typed(
    typed: str, field: str, value: str
) -> None:
    assert correction(typed, asked=CONFIRM) == Correction(field, value)


def test_a_new_answer_may_have_several_lines() -> None:
    found = correction("Change the description to:\nWe read.\nTogether.", asked=CONFIRM)
    assert found == Correction("description", "We read.\nTogether.")


@pytest.mark.parametrize(
    ("typed", "field", "value"),
    [
        ("actually it's at 4", "when", "at 4"),
        ("no wait, Sunday the 13th", "when", "Sunday the 13th"),
        ("make it 4pm", "when", "4pm"),
        ("Sorry, it is on Dec 14", "when", "on Dec 14"),
        ("until 6", "when", "until 6"),
        ("mejor el domingo", "when", "el domingo"),
        ("perdón, es a las 4", "when", "a las 4"),
        ("digo, el 14", "when", "el 14"),
        ("actually, Hyde Park", "place", "Hyde Park"),
        ("No, it's in Hyde Park", "place", "in Hyde Park"),
        ("make it online", "format", "online"),
        ("mejor presencial", "format", "presencial"),
        ("sorry, my e-mail is ben@example.org", "contact", "ben@example.org"),
        ("wait, https://meet.example.org/x", "link", "https://meet.example.org/x"),
    ],
)
def test_a_sign_and_a_value_correct_the_answer_that_the_value_fits(
    typed: str, field: str, value: str
) -> None:
    assert correction(typed) == Correction(field, value)


@pytest.mark.parametrize("typed", ["Sunday the 13th", "Hyde Park", "online", "www.example.org"])
def test_without_a_sign_a_value_may_be_the_answer_to_the_open_question(typed: str) -> None:
    assert correction(typed) is None
    assert correction(typed, needs_sign=False) is not None


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "actually",
        "no",
        "title",
        "what is the date?",
        "The date that changed us",
        "A day of healing: together",
        "Changing the day: a book club",
        "Actually, we meet on Sunday because everybody has time then",
        "We change the city. Title to come.",
        "sorry for everything that happened in Hyde Park that summer",
        "no place like home, they say",
        "Please bring a place mat",
        "No date yet for healing",
        "mejor juntos que separados",
        "Cambiar la ciudad empieza por el barrio",
    ],
)
def test_what_only_sounds_like_a_correction_is_none(typed: str) -> None:
    assert correction(typed) is None


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ("remove the link", "link"),
        ("please delete my e-mail", "contact"),
        ("quita el enlace", "link"),
    ],
)
def test_what_may_be_empty_can_be_taken_away(typed: str, field: str) -> None:
    assert correction(typed, asked=CONFIRM) == Correction(field, "none")


@pytest.mark.parametrize("typed", ["remove the title", "quita la fecha", "delete the host"])
def test_what_an_event_cannot_be_without_stays(typed: str) -> None:
    assert correction(typed, asked=CONFIRM) is None


@pytest.mark.parametrize(
    ("typed", "field"),
    [("the date", "when"), ("Title", "title"), ("la descripción", "description")],
)
def test_at_the_summary_a_field_can_be_named_alone(typed: str, field: str) -> None:
    assert correction(typed, asked=CONFIRM) == Correction(field)
    assert correction(typed, asked="host") is None


@pytest.mark.parametrize(
    ("typed", "value"),
    [("sorry, the title is Peace circle", "Peace circle"), ("wait, el título es Paz", "Paz")],
)
def test_a_sign_and_a_name_say_a_new_answer(typed: str, value: str) -> None:
    assert correction(typed) == Correction("title", value)


def test_a_name_with_a_colon_is_a_part_of_what_is_written_where_it_has_no_answer_yet() -> None:
    assert correction("Date: Dec 14. Place: Pilsen", answers={"kind": "learning"}) is None


def test_the_open_question_itself_is_answered_and_not_corrected() -> None:
    for typed in ("actually it's at 4", "date: Dec 14", "change the date to Dec 14"):
        assert correction(typed, asked="when") is None
    assert correction("actually it's at 4", asked="when_check") is None


@pytest.mark.parametrize("typed", ["actually it's at 4", "make it online", "no, ben@example.org"])
def test_what_was_not_answered_yet_cannot_be_corrected_by_a_value(typed: str) -> None:
    assert correction(typed, answers={"kind": "learning"}) is None


def test_a_wish_may_have_the_value_right_behind_the_name() -> None:
    assert correction("set the date Sunday the 13th", asked=CONFIRM) == Correction(
        "when", "Sunday the 13th"
    )
    assert correction("pon el lugar Pilsen", asked=CONFIRM) == Correction("place", "Pilsen")
    assert correction("change the date whenever you like", asked=CONFIRM) is None


@pytest.mark.parametrize(
    ("typed", "field", "value"),
    [
        ("they moved us to Sunday the 13th", "when", "Sunday the 13th"),
        ("we had to switch it to the 21st", "when", "the 21st"),
        ("I put 3 but it's 5:30", "when", "5:30"),
        ("it's not at 3, it's at 5", "when", "at 5"),
        ("make that Friday, not Saturday", "when", "Friday"),
        ("lo movimos al 21", "when", "el 21"),
        ("no es a las 3 sino a las 5", "when", "a las 5"),
        ("it's going to be in Hyde Park instead of Pilsen", "place", "in Hyde Park"),
        ("we moved it to the Uptown branch", "place", "the Uptown branch"),
        ("ahora va a ser en Hyde Park", "place", "en Hyde Park"),
        ("sorry, it is only online now", "format", "only online"),
        ("I just found out there is no ramp", "accessibility", "there is no ramp"),
        ("no wait, only the neighborhood, not my street", "visibility", "only the neighborhood"),
        ("mejor que salga solo el barrio", "visibility", "solo el barrio"),
        ("it is more of a dialogue than a class", "kind", "a dialogue"),
    ],
)
def test_beside_a_choice_the_value_is_found_in_whole_sentences(
    typed: str, field: str, value: str
) -> None:
    found = correction(typed, asked=CONFIRM, needs_sign=False)
    assert found == Correction(field, value)


@pytest.mark.parametrize(
    ("typed", "field", "value"),
    [
        ("the event's name has to be Peace Night", "title", "Peace Night"),
        ("I'd like the title to be Peace Night", "title", "Peace Night"),
        ("the title isn't Piece Night, it's Peace Night", "title", "Peace Night"),
        ("call it Peace Night", "title", "Peace Night"),
        ("rename it Peace Night instead of War Night", "title", "Peace Night"),
        ("call it Peace, not war", "title", "Peace, not war"),
        ("ponle de título Noche de Paz", "title", "Noche de Paz"),
        ("llámalo Noche de Paz", "title", "Noche de Paz"),
        ("it's hosted by the Block Club, not me", "host", "the Block Club"),
        ("lo organiza el club de la cuadra", "host", "el club de la cuadra"),
        ("put Ana Reyes as the host", "host", "Ana Reyes"),
        ("the venue is now Trinity Hall", "place", "Trinity Hall"),
        ("make the place Trinity Hall", "place", "Trinity Hall"),
        ("la hora ya es a las 5", "when", "a las 5"),
    ],
)
def test_beside_a_choice_a_field_is_named_in_many_ways(typed: str, field: str, value: str) -> None:
    found = correction(typed, asked="contact", needs_sign=False)
    assert found == Correction(field, value)


def test_what_is_left_out_of_a_name_is_like_the_one_before() -> None:
    answers = {**HYBRID, "title": "Open Door"}
    found = correction("call it Open Doors, not Open Door", answers=answers, needs_sign=False)
    assert found == Correction("title", "Open Doors")


@pytest.mark.parametrize(("typed", "name"), [("sign it Lou", "Lou"), ("firma como Lou", "Lou")])
def test_a_message_is_signed_anew(typed: str, name: str) -> None:
    found = correction(typed, form=MESSAGE_FORM, asked="consent", needs_sign=False)
    assert found == Correction("author", name)
    assert correction(typed, form=MESSAGE_FORM, asked="text") is None


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ("the day you show is not what I typed", "when"),
        ("I gave you the wrong date", "when"),
        ("te puse mal la hora", "when"),
        ("I want to rename the event", "title"),
        ("can I rewrite what I wrote", "description"),
        ("can I fix the place I gave you?", "place"),
        ("¿puedo corregir la fecha que te di?", "when"),
    ],
)
def test_what_is_wrong_is_asked_once_more(typed: str, field: str) -> None:
    assert correction(typed, asked="contact", needs_sign=False) == Correction(field)


@pytest.mark.parametrize(
    "typed",
    [
        "We moved to Pilsen in 1968",
        "It is not a march but a walk in Pilsen",
        "Now it is online",
        "Call it home",
        "They told me no ramp",
        "lo movimos a Pilsen",
        "Lo organiza mi abuela",
        "It starts at 4",
        "call it a day",
        "Bridges, not walls",
        "the title is all of us",
    ],
)
def test_a_story_is_no_correction(typed: str) -> None:
    assert correction(typed, asked="description") is None


@pytest.mark.parametrize("typed", ["the date is right", "the title is fine, thanks"])
def test_praise_is_no_correction(typed: str) -> None:
    assert correction(typed, asked=CONFIRM, needs_sign=False) is None


def test_a_choices_word_alone_is_not_sure() -> None:
    by_word = correction("everyone may see it", asked=CONFIRM, needs_sign=False)
    by_name = correction("visibility: just the area", asked=CONFIRM, needs_sign=False)
    assert by_word is not None
    assert not by_word.is_sure
    assert by_name is not None
    assert by_name.is_sure


def test_a_message_can_become_anonymous() -> None:
    found = correction("actually, anonymous", form=MESSAGE_FORM, asked=CONFIRM)
    assert found == Correction("author", "anonymous")


def test_a_message_form_knows_its_own_fields() -> None:
    assert correction("change my name to Ben", form=MESSAGE_FORM, asked=CONFIRM) == Correction(
        "author", "Ben"
    )
    assert correction("actually, Hyde Park", form=MESSAGE_FORM, asked=CONFIRM) == Correction(
        "area", "Hyde Park"
    )
    assert correction("change the date", form=MESSAGE_FORM, asked=CONFIRM) is None
    assert correction("cambia el mensaje", form=MESSAGE_FORM, asked=CONFIRM) == Correction("text")


@pytest.mark.parametrize("needs_sign", [True, False])
@pytest.mark.parametrize("end", ["", "\n!"], ids=["", "ends otherwise"])
@pytest.mark.parametrize("words", NASTY)
def test_4000_characters_of_nasty_words_are_read_in_no_time(
    words: str, end: str, needs_sign: bool
) -> None:
    typed = (words * 4000)[: 4000 - len(end)] + end
    correction(typed, needs_sign=needs_sign)
    # Of the processor, because other programs run beside the tests.
    took = []
    for _ in range(3):
        began = time.thread_time()
        correction(typed, needs_sign=needs_sign)
        took.append(time.thread_time() - began)
    assert min(took) < 0.05


pieces = st.sampled_from([*NASTY, "4", "Dec 14", "Pilsen", "online", "wrong", "to", ": ", "sunday"])


@settings(deadline=None)
@given(
    st.text(max_size=60) | st.lists(pieces, max_size=8).map(" ".join),
    st.sampled_from([EVENT_FORM, MESSAGE_FORM]),
    st.booleans(),
)
def test_no_text_breaks_the_search_for_corrections(
    typed: str, form: Form, needs_sign: bool
) -> None:
    found = correction(typed, form=form, asked=CONFIRM, needs_sign=needs_sign)
    if found is not None:
        assert form.field(found.field) is not None
        assert found.value in (None, "none") or str(found.value) in typed
