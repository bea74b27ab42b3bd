"""Conversations in Spanish about messages of healing that people leave, with the real assistant."""

from __future__ import annotations

import pytest
from sqlalchemy.engine import Engine

from actions.healing_map.drafts import MessageDraft
from tests.conversation import Conversation, Talk, spanish, text_of
from tests.hosting import (
    approve_in,
    code_in,
    filled_until,
    message_in,
    number_sent,
    question_in,
    says_all,
    status_in,
)

WORDS = "Somos una sola ciudad y juntos crecemos mejor."
ANSWERS = {"text": WORDS, "author": "Lupita", "area": "La Villita", "consent": "sí"}
"""What is typed at each question, in their order."""


def asked_for(talk: Talk, asking: str) -> Conversation:
    """Begin a message, and answer step by step until something is asked for."""
    return filled_until(
        asking, talk(language_hint="es"), "quiero dejar un mensaje de sanación", ANSWERS
    )


def test_a_message_typed_step_by_step_takes_six_turns(talk: Talk, healing_map: Engine) -> None:
    vecina = talk(language_hint="es")
    typed = {
        "quiero dejar un mensaje de sanación": "text",
        WORDS: "author",
        "Lupita": "area",
        "La Villita": "consent",
        "sí": "confirm",
    }
    assert [vecina.types(said).asking for said in typed] == list(typed.values())
    answer = vecina.types("enviar")
    assert len(typed) + 1 == 6
    assert answer.form is None
    assert message_in(healing_map, code_in(answer)) == MessageDraft(
        text=WORDS, language="es", author_name="Lupita", area="South Lawndale"
    )


def test_a_rich_first_sentence_leaves_five_turns(talk: Talk, healing_map: Engine) -> None:
    vecina = talk(language_hint="es")
    answer = vecina.types(f"quiero dejar un mensaje: {WORDS}")
    assert says_all(answer, spanish("message_intro_rich", facts=WORDS))
    steps = [
        answer,
        vecina.types("anónimo"),
        vecina.taps("Omitir"),
        vecina.taps("Sí, muéstralo"),
    ]
    assert [step.asking for step in steps] == ["author", "area", "consent", "confirm"]
    answer = vecina.taps("Enviar")
    assert len(steps) + 1 == 5
    assert message_in(healing_map, code_in(answer)) == MessageDraft(text=WORDS, language="es")


def test_a_message_waits_for_review_before_anyone_reads_it(talk: Talk, healing_map: Engine) -> None:
    vecina, neighbor = asked_for(talk, "confirm"), talk(language_hint="es")
    answer = vecina.taps("Enviar")
    code = code_in(answer)
    assert text_of(answer) == spanish("message_submitted", code=code)
    assert status_in(healing_map, code) == "pending"
    near = "mensajes de sanación en South Lawndale"
    assert WORDS not in text_of(neighbor.types(near))
    approve_in(healing_map, code)
    assert f'"{WORDS}"\nLupita, South Lawndale' in text_of(neighbor.types(near))


def test_the_summary_shows_all_that_was_said(talk: Talk) -> None:
    answer = asked_for(talk, "consent").types("sí")
    assert text_of(answer) == (
        f"“{WORDS}”\nNombre: Lupita\nZona: South Lawndale\n\n{spanish('message_confirm_ask')}"
    )


@pytest.mark.parametrize(
    "typed",
    [
        "Mataron a mi primo en la calle 26. Perdono y pido paz para todos.",
        "A mi papá lo deportaron. Nos dolió mucho, pero los vecinos nos dieron de comer.",
        "Me llamaron de todo por hablar español en el tren. Hoy enseño a mis hijos a estar"
        " orgullosos.",
        "Crecí con miedo a la policía. Quiero que mis nietos crezcan sin miedo.",
        "¿Por qué no nos queremos más? ¿Qué esperamos?",
        "Abuela, descansa en paz.",
        "Ayúdense. Paren la violencia. Empiecen de nuevo cada día.",
    ],
)
def test_words_of_pain_and_of_hope_are_taken_as_the_message(
    talk: Talk, healing_map: Engine, typed: str
) -> None:
    vecina = asked_for(talk, "text")
    assert vecina.types(typed).asking == "author"
    for said in ("anónimo", "omitir", "sí"):
        vecina.types(said)
    assert message_in(healing_map, code_in(vecina.types("enviar"))).text == typed


@pytest.mark.parametrize("agreement", ["úsalo", "envíalo"])
def test_a_story_that_sounds_like_a_crisis_is_answered_as_one_and_is_not_lost(
    talk: Talk, healing_map: Engine, agreement: str
) -> None:
    story = "Ya no quiero vivir en este dolor, me quiero matar. Quemaron nuestra casa."
    vecina = asked_for(talk, "text")
    crisis, waits = vecina.types(story).replies
    assert crisis.full_text == spanish("crisis")
    assert waits.full_text == spanish("form_waits")
    assert vecina.types(agreement).asking == "author"
    for said in ("anónimo", "omitir", "sí"):
        vecina.types(said)
    assert message_in(healing_map, code_in(vecina.types("enviar"))).text == story


@pytest.mark.parametrize("asking", ["text", "author", "area", "consent", "confirm"])
def test_a_crisis_is_met_as_such_and_then_the_form_waits(talk: Talk, asking: str) -> None:
    vecina = asked_for(talk, asking)
    answer = vecina.types("ya no quiero vivir, me quiero matar")
    assert answer.replies[0].full_text == spanish("crisis")
    assert vecina.taps("Seguir").asking == asking


def test_more_than_1000_characters_are_too_many(talk: Talk) -> None:
    vecina = asked_for(talk, "text")
    values = {"length": "1,001", "most": "1,000"}
    long = "paz y " * 166 + "amor."
    assert text_of(vecina.types(long)) == spanish("message_text_misfit", **values)
    assert text_of(vecina.types(long)) == spanish("message_text_misfit_again", **values)
    assert vecina.types(long[:-1]).asking == "author"


@pytest.mark.parametrize(
    "typed",
    ["anónimo", "anónima", "sin nombre", "en el anonimato", "omitir", "no", "prefiero no decir"],
)
def test_a_message_may_be_anonymous(talk: Talk, typed: str) -> None:
    vecina = asked_for(talk, "author")
    assert vecina.types(typed).asking == "area"
    vecina.types("Pilsen")
    assert says_all(vecina.types("sí"), "Nombre: Anónimo")


@pytest.mark.parametrize(
    ("typed", "name"), [("me llamo Lupita", "Lupita"), ("soy Ray de la 63", "Ray de la 63")]
)
def test_a_name_is_taken_without_what_leads_up_to_it(talk: Talk, typed: str, name: str) -> None:
    vecina = asked_for(talk, "author")
    assert vecina.types(typed).asking == "area"
    vecina.types("Pilsen")
    assert says_all(vecina.types("sí"), f"Nombre: {name}\n")


def test_an_area_outside_or_unknown_is_said_to_be_so(talk: Talk) -> None:
    vecina = asked_for(talk, "area")
    assert text_of(vecina.types("Milwaukee")) == spanish("message_area_outside", place="Milwaukee")
    assert vecina.types("60623").asking == "consent"


@pytest.mark.parametrize("typed", ["omitir", "no", "prefiero no decir", "ninguna"])
def test_the_area_may_be_skipped(talk: Talk, typed: str) -> None:
    vecina = asked_for(talk, "area")
    assert vecina.types(typed).asking == "consent"
    assert says_all(vecina.types("sí"), "Zona: sin indicar")


def test_without_consent_nothing_is_sent(talk: Talk, healing_map: Engine) -> None:
    vecina = asked_for(talk, "consent")
    assert text_of(vecina.taps("No")) == spanish("message_consent_refused")
    assert text_of(vecina.types("no")) == spanish("message_consent_refused")
    assert number_sent(healing_map, vecina) == 0
    assert vecina.types("bueno, sí").asking == "confirm"
    code_in(vecina.taps("Enviar"))
    assert number_sent(healing_map, vecina) == 1


def test_a_change_at_the_summary_leads_back_to_the_summary(talk: Talk, healing_map: Engine) -> None:
    vecina = asked_for(talk, "confirm")
    vecina.taps("Cambiar")
    assert vecina.taps("Nombre").asking == "author"
    assert vecina.types("Ray").asking == "confirm"
    for said in ("cambia la zona a Pilsen", "quita mi nombre", "el mensaje es: Una ciudad."):
        assert vecina.types(said).asking == "confirm"
    assert message_in(healing_map, code_in(vecina.types("envíalo"))) == MessageDraft(
        text="Una ciudad.", language="es", area="Lower West Side"
    )


@pytest.mark.parametrize(
    ("typed", "noted"),
    [
        ("no, mejor anónimo", "Nombre: Anónimo"),
        ("el nombre debe ser Ramón", "Ramón"),
        ("cambia mi mensaje a: Una ciudad.", "Una ciudad."),
        ("cambia la zona a Pilsen", "Lower West Side"),
    ],
)
def test_an_earlier_answer_is_corrected_while_consent_is_asked_for(
    talk: Talk, typed: str, noted: str
) -> None:
    answer = asked_for(talk, "consent").types(typed)
    assert text_of(answer) == f"Anotado: {noted}\n\n{spanish('message_consent_ask')}"


def test_at_every_step_the_reason_is_told_and_a_question_is_answered(talk: Talk) -> None:
    vecina = talk(language_hint="es")
    answer = vecina.types("quiero dejar un mensaje de sanación")
    for asking, typed in ANSWERS.items():
        assert answer.asking == asking
        why = vecina.types("¿por qué preguntas eso?")
        assert says_all(why, spanish(f"message_{asking}_why"))
        answer = vecina.types("¿qué es la sanación racial?")
        assert answer.intent and answer.intent["name"] == "faq_racial_healing"
        assert says_all(answer, spanish("back_to_form", thing="mensaje de sanación"))
        assert question_in(answer) == question_in(why)
        assert (why.asking, answer.asking) == (asking, asking)
        answer = vecina.types(typed)
    assert says_all(vecina.types("¿por qué preguntas eso?"), spanish("message_confirm_why"))
    assert vecina.types("¿qué es la sanación racial?").asking == "confirm"


def test_back_skip_and_start_over_get_around(talk: Talk) -> None:
    vecina = asked_for(talk, "consent")
    assert vecina.types("atrás").asking == "area"
    assert vecina.taps("Atrás").asking == "author"
    assert vecina.types("déjalo así").asking == "consent"
    assert says_all(vecina.types("omitir"), spanish("cannot_skip"))
    assert vecina.types("empezar de nuevo").asking == "text"
    assert vecina.taps("Recuperar lo que tenía").asking == "consent"
