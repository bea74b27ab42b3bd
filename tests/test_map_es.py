"""Conversations in Spanish about what is near, with the real assistant over the sample map."""

from __future__ import annotations

import pytest
from sqlalchemy.engine import Engine

from bot.assistant import Answer
from bot.turns import Tap
from tests.conversation import Conversation, Talk, everything_in, says_in, spanish, text_of
from tests.map_entries import HIDDEN_HOUSE, HIDDEN_WORDS, event_on

says = says_in("es")


@pytest.fixture
def vecina(talk: Talk) -> Conversation:
    """Somebody whose phone speaks Spanish."""
    return talk(language_hint="es")


def heading(answer: Answer) -> str:
    return answer.replies[-1].heading


def asks_for_a_place(answer: Answer) -> bool:
    return answer.replies[-1].location_request == spanish("share_location")


def test_one_sentence_says_what_where_and_when(vecina: Conversation) -> None:
    answer = vecina.types("eventos cerca de la 26 y Pulaski este fin de semana")
    assert heading(answer) == (
        "26th St & Pulaski Rd: primero lo más cercano · a menos de 5 mi · "
        "del sábado 12 de diciembre al domingo 13 de diciembre"
    )
    assert text_of(answer).split("\n\n")[1] == (
        "2. Charla: memoria y sanación en el barrio (ejemplo)\n"
        "🟠 Aprendizaje · domingo 13 de diciembre, de 5:30 p. m. a 7:00 p. m.\n"
        "National Museum of Mexican Art, 1852 W. 19th St. · 2.8 mi"
    )


def test_near_me_asks_for_a_place_which_is_then_typed(vecina: Conversation) -> None:
    answer = vecina.types("¿qué hay cerca de mí este fin de semana?")
    assert says(answer, "ask_place") and asks_for_a_place(answer)
    answer = vecina.types("La Villita")
    assert heading(answer).startswith("En Little Village · del sábado 12 de diciembre")


@pytest.mark.parametrize("typed", ["Toda la ciudad", "toda la ciudad"])
def test_the_whole_city_is_an_answer_too(vecina: Conversation, typed: str) -> None:
    vecina.types("¿qué eventos hay cerca de mí?")
    assert heading(vecina.types(typed)) == "En todo Chicago"


def test_a_question_in_between_is_answered_and_the_place_still_taken(
    vecina: Conversation,
) -> None:
    vecina.types("¿qué eventos hay cerca de mí?")
    answer = vecina.types("¿Qué es la sanación racial?")
    assert answer.intent and answer.intent["name"] == "faq_racial_healing"
    assert heading(vecina.types("Pilsen")) == "En Pilsen"


def test_near_an_area_that_is_called_like_a_person(vecina: Conversation) -> None:
    assert heading(vecina.types("círculos de sanación cerca de Austin")).startswith("En Austin")


def test_two_matches_are_asked_about_and_one_is_chosen(vecina: Conversation) -> None:
    assert says(vecina.types("eventos cerca de 1200 Clark"), "which_place")
    assert heading(vecina.taps("1200 N Clark St")).startswith("1200 N Clark St: primero")


def test_a_place_outside_or_unknown_is_said_to_be_so(vecina: Conversation) -> None:
    answer = vecina.types("eventos en Cicero, Illinois")
    assert text_of(answer) == spanish("place_outside", place="Cicero")
    assert says(vecina.types("blorpolandia"), "place_unknown")
    assert heading(vecina.types("Pilsen")) == "En Pilsen"


def test_a_shared_place_is_searched_around_in_the_city_only(vecina: Conversation) -> None:
    assert heading(vecina.shares(41.845, -87.703)).startswith("Tu ubicación: primero")
    for outside in ((42.05, -87.69), (41.9, -87.5)):
        answer = vecina.shares(*outside)
        assert says(answer, "location_outside") and asks_for_a_place(answer)


def test_the_label_of_the_location_button_is_understood_as_text(vecina: Conversation) -> None:
    vecina.types("¿qué eventos hay cerca de mí?")
    assert says(vecina.types("Compartir mi ubicación"), "ask_place_typed")


def test_more_kinds_days_online_past_wider_and_map_by_button(vecina: Conversation) -> None:
    vecina.types("eventos cerca de 60623")
    assert text_of(vecina.taps("Más")).splitlines()[1].startswith("6. ")
    assert says(vecina.taps("Otros tipos"), "choose_kind")
    assert heading(vecina.taps("🟣 Diálogo")).endswith("a menos de 5 mi · Diálogo")
    assert heading(vecina.taps("Buscar más lejos")).endswith("a menos de 10 mi · Diálogo")
    assert says(vecina.taps("Otros días"), "choose_days")
    assert "Walk and talk in the park" in text_of(vecina.taps("Eventos pasados"))
    vecina.taps("Otros días")
    vecina.taps("Cualquier día")
    vecina.taps("Otros días")
    assert heading(vecina.taps("Solo en línea")).endswith("Diálogo · En línea")
    [reply] = vecina.taps("Mapa").replies
    assert reply.picture and reply.picture.caption.startswith("Eventos en el mapa: 1 ")


def test_details_hold_the_whole_event_a_pin_and_a_calendar_entry(vecina: Conversation) -> None:
    vecina.types("eventos en Pilsen")
    words, pin, file = vecina.types("1").replies
    assert words.heading == "Charla: memoria y sanación en el barrio (ejemplo)"
    assert "🟠 Aprendizaje, En persona" in words.text
    assert "Organiza: Grupo de Vecinos de Muestra" in words.text
    assert "Accesible en silla de ruedas: sí" in words.text
    assert "Cómo llegar: https://" in words.text
    assert pin.pin and file.file


def test_a_hidden_place_is_nowhere_in_what_is_shown(
    vecina: Conversation, healing_map: Engine
) -> None:
    with event_on(healing_map, **HIDDEN_HOUSE) as code:
        answers = [
            vecina.types("eventos cerca de Austin"),
            vecina.taps("Mapa"),
            vecina.does(Tap(f'/find_nearby{{"choice": "show:{code}"}}')),
        ]
    everything = "\n".join(map(everything_in, answers))
    assert "Austin (quien organiza da el lugar exacto)" in everything
    assert not [secret for secret in HIDDEN_WORDS if secret in everything]


def test_virtual_events_appear_with_their_area(vecina: Conversation) -> None:
    answer = vecina.types("eventos virtuales mañana")
    assert heading(answer) == "En todo Chicago · En línea · miércoles 9 de diciembre"
    assert text_of(answer).endswith("En línea, para Chatham")


def test_nothing_near_names_the_nearest_and_invites_to_host(vecina: Conversation) -> None:
    vecina.types("eventos en Pilsen")
    vecina.taps("Otros tipos")
    answer = vecina.taps("🔴 Conexiones")
    assert spanish("found_nothing") in text_of(answer)
    assert "Lo más cercano está a 1.9 mi:\n1. Story circle" in text_of(answer)
    assert text_of(answer).endswith(spanish("invite_to_host"))
    assert "Registrar un evento" in vecina.buttons


def test_messages_of_an_area_are_read_by_sentence_or_button(vecina: Conversation) -> None:
    answer = vecina.types("mensajes de sanación en Englewood")
    assert heading(answer) == "Mensajes de sanación · En Englewood"
    assert text_of(answer).endswith("Renee, Englewood")
    vecina.types("eventos en Pilsen")
    assert "Anónimo, Lower West Side" in text_of(vecina.taps("Mensajes"))


@pytest.mark.parametrize("typed", ["enséñame el mapa de sanación", "¿cómo va todo?"])
def test_the_whole_map_is_shown_with_its_counts(vecina: Conversation, typed: str) -> None:
    [reply] = vecina.types(typed).replies
    assert reply.picture and reply.picture.caption == (
        "Eventos hasta ahora: 68. Mensajes de sanación: 42.\n"
        "Diálogo: 17, Colaboración: 16, Aprendizaje: 16, Conexiones: 19\n"
        "Donde hay más eventos: Loop (5), Armour Square (2), Austin (2)."
    )


@pytest.mark.parametrize("time", ["el 32 de diciembre", "de 4 a 2"])
def test_a_time_that_cannot_be_is_said_to_be_so(vecina: Conversation, time: str) -> None:
    unclear, found = vecina.types(f"eventos en Pilsen {time}").replies
    assert unclear.text == spanish("unclear_time")
    assert found.heading == "En Pilsen"
