"""Conversations in Spanish in which somebody puts an event on the map, with the real assistant."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.engine import Engine

from actions.clock import set_now
from actions.healing_map.drafts import EventDraft
from actions.healing_map.places import find_places
from tests.conversation import Conversation, Talk, spanish, text_of
from tests.hosting import (
    EVANSTON,
    approve_in,
    code_in,
    event_in,
    filled_until,
    in_december,
    number_sent,
    question_in,
    says_all,
    status_in,
)
from tests.map_entries import LOOP

WOODSON = "Carter G. Woodson Regional Library"
RICH = (
    "Quiero organizar un club de lectura en la biblioteca Woodson el 12 de diciembre de 3 a 5 de"
    " la tarde"
)
BOOK_CLUB = EventDraft(
    kind="learning",
    title="Club de lectura",
    starts_at=in_december(12, 15),
    ends_at=in_december(12, 17),
    format="in_person",
    host_name="Red de Lectoras",
    host_type="organization",
    language="es",
    address_visibility="public",
    description="Leemos juntos.",
    address=WOODSON,
    latitude=find_places(WOODSON).matches[0].latitude,
    longitude=find_places(WOODSON).matches[0].longitude,
    area="Washington Heights",
    contact="",
    accessibility="accessible",
)
"""What is stored of the event that `at_the_summary` describes."""

ANSWERS = {
    "kind": "aprendizaje",
    "title": "Club de lectura",
    "when": "12 de diciembre, de 3 a 5 de la tarde",
    "format": "en persona",
    "place": "la biblioteca Woodson",
    "description": "Leemos juntos.",
    "host": "Red de Lectoras",
    "contact": "omitir",
    "accessibility": "sí",
    "visibility": "el lugar exacto",
}
"""What is typed at each question of an event in person, in their order."""


def asked_for(talk: Talk, asking: str, *, online: bool = False) -> Conversation:
    """Begin an event, and answer step by step until something is asked for."""
    answers = {**ANSWERS, "format": "en línea"} if online else ANSWERS
    return filled_until(asking, talk(language_hint="es"), "quiero registrar un evento", answers)


def at_the_summary(talk: Talk) -> Conversation:
    """Begin BOOK_CLUB with a rich sentence, and answer all that is asked then."""
    host = talk(language_hint="es")
    for said in (RICH, "Club de lectura", "Leemos juntos.", "Red de Lectoras", "omitir", "sí"):
        host.types(said)
    assert host.types("el lugar exacto").asking == "confirm"
    return host


# An event from the first word to the map.


def test_an_event_typed_step_by_step_takes_twelve_turns(talk: Talk, healing_map: Engine) -> None:
    host = talk(language_hint="es")
    typed = {
        "quiero registrar un evento": "kind",
        "aprendizaje": "title",
        "¿Qué es la sanación racial? Una noche con vecinos": "when",
        "12 de diciembre, de 3 a 5 de la tarde": "format",
        "en persona": "place",
        "la biblioteca Woodson, sala 2": "description",
        "Leemos una página en voz alta y platicamos de nuestra cuadra.": "host",
        "María López": "contact",
        "312 555 0147": "accessibility",
        "no": "visibility",
        "solo la zona": "confirm",
    }
    assert [host.types(said).asking for said in typed] == list(typed.values())
    answer = host.types("enviar")
    assert len(typed) + 1 == 12
    assert answer.form is None and answer.asking is None
    assert event_in(healing_map, code_in(answer)) == replace(
        BOOK_CLUB,
        title="¿Qué es la sanación racial? Una noche con vecinos",
        host_name="María López",
        host_type="individual",
        description="Leemos una página en voz alta y platicamos de nuestra cuadra.",
        address=f"{WOODSON}, sala 2",
        address_visibility="area_only",
        contact="312 555 0147",
        accessibility="not_accessible",
    )


def test_a_rich_first_sentence_leaves_eight_turns(talk: Talk, healing_map: Engine) -> None:
    host = talk(language_hint="es")
    answer = host.types(RICH)
    assert says_all(
        answer,
        spanish(
            "event_intro_rich",
            facts="🟠 Aprendizaje · sábado 12 de diciembre, de 3:00 p. m. a 5:00 p. m."
            f" · En persona · {WOODSON} (Washington Heights)",
        ),
    )
    steps = [
        answer,
        host.taps("Club de lectura"),
        host.types("Leemos juntos."),
        host.types("Red de Lectoras"),
        host.taps("Omitir"),
        host.taps("Sí"),
        host.taps("El lugar exacto"),
    ]
    assert [step.asking for step in steps] == [
        *("title", "description", "host", "contact", "accessibility", "visibility", "confirm")
    ]
    answer = host.taps("Enviar")
    assert len(steps) + 1 == 8
    assert event_in(healing_map, code_in(answer)) == BOOK_CLUB


def test_an_event_said_almost_whole_takes_five_turns(talk: Talk, healing_map: Engine) -> None:
    host = talk(language_hint="es")
    steps = [
        host.types(
            "Organizamos un círculo de paz «Descansen en paz» en línea el 20 de diciembre de 6 a 8"
            " de la noche para Englewood, https://zoom.us/j/55, escriban a circulo@example.org"
        ),
        host.taps("Descansen en paz"),
        host.types("Nos sentamos en círculo y escuchamos."),
        host.types("Centro de Paz de Englewood"),
    ]
    assert [step.asking for step in steps] == ["title", "description", "host", "confirm"]
    answer = host.taps("Enviar")
    assert len(steps) + 1 == 5
    stored = event_in(healing_map, code_in(answer))
    assert (stored.kind, stored.title) == ("connections", "Descansen en paz")
    assert (stored.starts_at, stored.ends_at) == (in_december(20, 18), in_december(20, 20))
    assert (stored.format, stored.area) == ("virtual", "Englewood")
    assert (stored.join_url, stored.contact) == ("https://zoom.us/j/55", "circulo@example.org")


def test_a_submitted_event_waits_for_review_before_anyone_sees_it(
    talk: Talk, healing_map: Engine
) -> None:
    host, neighbor = at_the_summary(talk), talk(language_hint="es")
    host.types("cambia el título a Páginas del porche")
    answer = host.taps("Enviar")
    code = code_in(answer)
    assert text_of(answer) == spanish("event_submitted", code=code)
    assert list(host.buttons) == [
        *("Mis envíos", "Dejar un mensaje de sanación", "Buscar eventos cerca de mí")
    ]
    assert status_in(healing_map, code) == "pending"
    near = "eventos cerca de la biblioteca Woodson"
    assert "Páginas del porche" not in text_of(neighbor.types(near))
    approve_in(healing_map, code)
    assert "Páginas del porche" in text_of(neighbor.types(near))


def test_the_summary_shows_all_that_was_said(talk: Talk) -> None:
    answer = asked_for(talk, "visibility").types("el lugar exacto")
    assert text_of(answer) == "\n".join(
        [
            "🟠 Aprendizaje · Club de lectura",
            "Cuándo: sábado 12 de diciembre, de 3:00 p. m. a 5:00 p. m.",
            "Cómo: En persona",
            f"Dónde: {WOODSON} (Washington Heights)",
            "Qué: Leemos juntos.",
            "Organiza: Red de Lectoras (organización)",
            "Contacto (no se muestra): sin indicar",
            "Acceso en silla de ruedas: Sí",
            "En el mapa: El lugar exacto",
            "",
            spanish("event_confirm_ask"),
        ]
    )


def test_a_whole_sentence_counts_after_a_tap_on_register_too(talk: Talk) -> None:
    host = talk(language_hint="es")
    host.types("hola")
    assert host.taps("Registrar un evento").asking == "kind"
    answer = host.types("un círculo de paz en Pilsen el sábado a las 6 de la tarde, en persona")
    assert says_all(answer, "🔴 Conexiones", "de 6:00 p. m. a 8:00 p. m.", "Pilsen")
    assert answer.asking == "title"
    assert "Círculo de paz" in host.buttons


def test_a_guessed_end_is_said_to_be_guessed_and_is_corrected_as_the_hint_says(talk: Talk) -> None:
    host = talk(language_hint="es")
    answer = host.types(
        "Quiero organizar un círculo de paz en Pilsen el sábado a las 6 de la tarde"
    )
    assert says_all(answer, "de 6:00 p. m. a 8:00 p. m.", spanish("end_guessed"))
    assert says_all(host.types("hasta las 8"), "Anotado: sábado 12 de diciembre, de 6:00 p. m. a 8")
    assert says_all(host.types("y hasta las 9:30"), "de 6:00 p. m. a 9:30 p. m.")


# Each question.


def test_help_with_the_kind_explains_all_four(talk: Talk) -> None:
    host = asked_for(talk, "kind")
    assert says_all(
        host.taps("Ayúdame a elegir"), spanish("event_kind_why"), spanish("event_kind_ask")
    )
    assert host.types("una plática de vecinos").asking == "title"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("¿Por qué marchamos?", "¿Por qué marchamos?"),
        ("Cancelar el odio: una noche de poesía", "Cancelar el odio: una noche de poesía"),
        ("se llama Noche de libros", "Noche de libros"),
        ("el título es «Noche de libros»", "Noche de libros"),
    ],
)
def test_a_title_is_taken_as_it_is_written(
    talk: Talk, healing_map: Engine, typed: str, stored: str
) -> None:
    host = asked_for(talk, "title")
    assert host.types(typed).asking == "when"
    for said in ("12 de diciembre a las 3", "en línea", "omitir", "Leemos.", "Ana Ruiz"):
        host.types(said)
    for said in ("omitir", "omitir"):
        host.types(said)
    assert event_in(healing_map, code_in(host.types("enviar"))).title == stored


def test_a_title_that_is_too_long_is_said_to_be_so_twice_in_other_words(talk: Talk) -> None:
    host = asked_for(talk, "title")
    long = "sanación " * 340
    values = {"length": f"{len(long) - 1:,}", "most": "120"}
    assert text_of(host.types(long)) == spanish("event_title_misfit", **values)
    assert text_of(host.types(long)) == spanish("event_title_misfit_again", **values)
    assert host.types("Sanación en la 26").asking == "when"


def test_a_day_is_asked_for_its_time(talk: Talk) -> None:
    host = asked_for(talk, "when")
    assert says_all(host.types("el sábado"), "sábado 12 de diciembre: ¿a qué hora?")
    assert says_all(host.types("de 3 a 5"), "de 3:00 p. m. a 5:00 p. m.")


def test_a_part_of_a_day_is_asked_for_its_hours(talk: Talk) -> None:
    host = asked_for(talk, "when")
    assert says_all(host.types("el viernes en la noche"), "viernes 11 de diciembre: ¿a qué hora?")
    assert says_all(host.types("8"), "viernes 11 de diciembre, de 8:00 p. m. a 10:00 p. m.")


def test_a_weekend_is_asked_for_its_day(talk: Talk) -> None:
    host = asked_for(talk, "when")
    assert text_of(host.types("este fin de semana")) == spanish("event_when_which_day")
    assert says_all(host.types("el domingo"), "domingo 13 de diciembre: ¿a qué hora?")
    assert says_all(host.types("todo el día"), "Anotado: domingo 13 de diciembre, todo el día")


def test_what_is_no_date_is_said_to_be_none_twice_in_other_words(talk: Talk) -> None:
    host = asked_for(talk, "when")
    assert text_of(host.types("después de la nieve")) == spanish("event_when_misfit")
    assert text_of(host.types("un día de estos")) == spanish("event_when_misfit_again")
    assert host.types("mañana a las 10 de la mañana").asking == "format"


def test_an_end_before_the_start_is_asked_for_again_without_the_day(talk: Talk) -> None:
    host = asked_for(talk, "when")
    answer = host.types("el 20 de diciembre de 5 a 3 de la tarde")
    assert text_of(answer) == spanish("event_when_order")
    answer = host.types("de 3 a 5 de la tarde")
    assert says_all(answer, "Anotado: domingo 20 de diciembre, de 3:00 p. m. a 5:00 p. m.")
    host.types("atrás")
    host.types("20 de diciembre, de 5 a 3 de la tarde")
    answer = host.types("el 12 de diciembre a las 3")
    assert says_all(answer, "Anotado: sábado 12 de diciembre, de 3:00 p. m. a 5:00 p. m.")


def test_a_past_event_is_welcome_after_one_question(talk: Talk, healing_map: Engine) -> None:
    host = talk(language_hint="es")
    answer = host.types("hicimos una limpieza en Douglass Park el sábado pasado de 9 a 11")
    assert answer.asking == "when_check"
    assert question_in(answer) == spanish(
        "event_when_check", when="sábado 5 de diciembre, de 9:00 a. m. a 11:00 a. m."
    )
    assert host.taps("Sí").asking == "title"
    for said in ("Limpieza", "Limpiamos todo.", "Ana Ruiz", "omitir", "omitir", "exacto"):
        host.types(said)
    stored = event_in(healing_map, code_in(host.types("enviar")))
    assert stored.starts_at == in_december(5, 9)


def test_a_past_date_by_mistake_is_asked_for_anew(talk: Talk) -> None:
    host = asked_for(talk, "when")
    assert host.types("1 de diciembre, de 3 a 5 de la tarde").asking == "when_check"
    assert host.taps("No").asking == "when"
    assert host.types("15 de diciembre, de 3 a 5 de la tarde").asking == "format"


@pytest.mark.parametrize("typed", ["cara a cara", "por zoom", "de las dos formas", "en linea", "2"])
def test_how_people_take_part_is_typed_in_any_way(talk: Talk, typed: str) -> None:
    assert asked_for(talk, "format").types(typed).asking == "place"


def test_a_place_instead_of_how_people_take_part_means_in_person(talk: Talk) -> None:
    host = asked_for(talk, "format")
    assert says_all(host.types("2714 s kedvale"), "Anotado: 2714 S Kedvale Ave (South Lawndale)")
    assert asked_for(talk, "format").types("en mi casa").asking == "place"


def test_an_online_event_stands_for_a_place_or_for_none(talk: Talk, healing_map: Engine) -> None:
    host = asked_for(talk, "place", online=True)
    assert text_of(host.types("¿para qué?")).endswith(spanish("event_place_ask_virtual"))
    assert host.taps("Omitir").asking == "description"
    for said in ("Leemos.", "Ana Ruiz", "omitir", "zoom.us/j/5"):
        host.types(said)
    stored = event_in(healing_map, code_in(host.taps("Enviar")))
    assert (stored.area, stored.address, stored.latitude) == ("", "", None)
    assert stored.join_url == "https://zoom.us/j/5"


def test_a_building_that_is_not_known_is_kept_beside_its_address(talk: Talk) -> None:
    host = asked_for(talk, "place")
    assert text_of(host.types("Parroquia San Pío")) == spanish("event_place_misfit")
    answer = host.types("1854 S Ashland, sótano")
    assert says_all(answer, "Anotado: Parroquia San Pío, 1854 S Ashland Ave, sótano")


def test_a_place_outside_of_chicago_is_said_to_be_so(talk: Talk) -> None:
    host = asked_for(talk, "place")
    assert text_of(host.types("Milwaukee")) == spanish("event_place_outside", place="Milwaukee")
    assert text_of(host.shares(*EVANSTON)) == spanish("event_place_outside_pin")
    assert says_all(host.types("La Villita"), "South Lawndale")


@pytest.mark.parametrize("typed", ["2", "sur", "la del sur", "Loop"])
def test_one_of_two_places_is_chosen_in_any_words(talk: Talk, typed: str) -> None:
    host = asked_for(talk, "place")
    assert host.types("1200 Clark").asking == "place_check"
    assert says_all(host.types(typed), "Anotado: 1200 S Clark St (Loop)")


def test_a_shared_location_is_shown_as_a_pin_and_taken_after_a_yes(talk: Talk) -> None:
    host = asked_for(talk, "place")
    answer = host.shares(*LOOP)
    assert answer.asking == "place_check"
    assert answer.replies[-1].pin is not None
    assert host.types("no").asking == "place"
    host.shares(*LOOP)
    assert says_all(host.types("sí"), "Anotado: Loop, en el punto que compartiste")


@pytest.mark.parametrize(
    ("typed", "name", "host_type"),
    [
        ("soy Ana Torres", "Ana Torres", "individual"),
        ("yo, María de la Cruz", "María de la Cruz", "individual"),
        ("lo organiza la Fundación Sí Se Puede", "la Fundación Sí Se Puede", "organization"),
        ("Los Vecinos de Humboldt", "Los Vecinos de Humboldt", "organization"),
    ],
)
def test_a_host_is_understood_by_the_name(
    talk: Talk, healing_map: Engine, typed: str, name: str, host_type: str
) -> None:
    host = asked_for(talk, "host")
    assert host.types(typed).asking == "contact"
    for said in ("omitir", "omitir", "exacto"):
        host.types(said)
    stored = event_in(healing_map, code_in(host.types("enviar")))
    assert (stored.host_name, stored.host_type) == (name, host_type)


def test_a_host_whose_name_says_nothing_of_it_is_asked_what_it_is(talk: Talk) -> None:
    host = asked_for(talk, "host")
    assert text_of(host.types("solo yo")) == spanish("event_host_empty")
    answer = host.types("Las Comadres")
    assert text_of(answer) == spanish("event_host_check", name="Las Comadres")
    assert host.types("un grupo").asking == "contact"


def test_what_is_no_contact_is_said_to_be_none_and_may_be_skipped(talk: Talk) -> None:
    host = asked_for(talk, "contact")
    assert text_of(host.types("lupita arroba gmail")) == spanish("event_contact_misfit")
    assert text_of(host.types("312")) == spanish("event_contact_misfit_again")
    assert host.types("prefiero no decir").asking == "accessibility"


def test_what_is_no_link_is_said_to_be_none_and_may_be_skipped(talk: Talk) -> None:
    host = asked_for(talk, "link", online=True)
    assert text_of(host.types("javascript:alert(1)")) == spanish("event_link_misfit")
    assert host.types("todavía no").asking == "visibility"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("no hay elevador", "No"),
        ("sin escalones", "Sí"),
        ("hay rampa", "Sí"),
        ("no sé", "No lo sé"),
    ],
)
def test_a_no_in_the_words_for_accessibility_counts(talk: Talk, typed: str, shown: str) -> None:
    host = asked_for(talk, "accessibility")
    assert host.types(typed).asking == "visibility"
    assert says_all(host.types("exacto"), f"Acceso en silla de ruedas: {shown}\n")


@pytest.mark.parametrize("typed", ["no muestres mi dirección", "sin la calle", "nomás el barrio"])
def test_an_address_is_not_shown_where_that_is_said_in_any_way(talk: Talk, typed: str) -> None:
    answer = asked_for(talk, "visibility").types(typed)
    assert says_all(answer, "En el mapa: Solo la zona")


# Changing one's mind.


@pytest.mark.parametrize(
    ("typed", "noted"),
    [
        ("en realidad es a las 4", "sábado 12 de diciembre, de 4:00 p. m. a 6:00 p. m."),
        ("siempre no, mejor el domingo", "domingo 13 de diciembre, de 3:00 p. m. a 5:00 p. m."),
        ("mejor el domingo", "domingo 13 de diciembre, de 3:00 p. m. a 5:00 p. m."),
        ("cambia la fecha al 14", "lunes 14 de diciembre, de 3:00 p. m. a 5:00 p. m."),
        ("pon la fecha el domingo", "domingo 13 de diciembre, de 3:00 p. m. a 5:00 p. m."),
        ("la verdad es a las 7", "sábado 12 de diciembre, de 7:00 p. m. a 9:00 p. m."),
        ("hasta las 6", "sábado 12 de diciembre, de 3:00 p. m. a 6:00 p. m."),
        ("cambia el título a Noche de libros", "Noche de libros"),
        ("el título debe ser: Noche de libros", "Noche de libros"),
        ("espera, es en Pilsen", "Pilsen (Lower West Side)"),
        ("perdón, en línea", "En línea"),
        ("cambia el tipo a diálogo", "🟣 Diálogo"),
    ],
)
def test_an_earlier_answer_is_corrected_while_another_is_asked_for(
    talk: Talk, typed: str, noted: str
) -> None:
    host = asked_for(talk, "description")
    answer = host.types(typed)
    assert text_of(answer) == f"Anotado: {noted}\n\n{spanish('event_description_ask')}"
    assert answer.asking == "description"


def test_a_correction_leaves_the_question_where_it_was(talk: Talk) -> None:
    host = asked_for(talk, "when")
    host.types("el domingo")
    answer = host.types("cambia el título a Gran cena")
    assert says_all(answer, "Anotado: Gran cena", "domingo 13 de diciembre: ¿a qué hora?")
    assert says_all(host.types("de 3 a 5"), "Anotado: domingo 13 de diciembre, de 3:00 p. m.")


def test_a_change_at_the_summary_leads_back_to_the_summary(talk: Talk, healing_map: Engine) -> None:
    host = at_the_summary(talk)
    assert text_of(host.taps("Cambiar")) == spanish("change_which")
    assert text_of(host.taps("Título")) == spanish("event_title_ask")
    assert host.types("Noche de libros").asking == "confirm"
    for said in (
        "el título es Noche de cuentos",
        "cambia el contacto a ana@example.org",
        "el 14",
        "me equivoqué, es a las 4",
    ):
        assert host.types(said).asking == "confirm"
    assert event_in(healing_map, code_in(host.types("sí, envíalo"))) == replace(
        BOOK_CLUB,
        title="Noche de cuentos",
        contact="ana@example.org",
        starts_at=in_december(14, 16),
        ends_at=in_december(14, 18),
    )


def test_what_to_change_is_typed_or_thought_better_of(talk: Talk, healing_map: Engine) -> None:
    host = at_the_summary(talk)
    host.types("no")
    assert host.types("la fecha").asking == "when"
    assert host.types("déjala así").asking == "confirm"
    host.taps("Cambiar")
    assert says_all(host.types("sí"), "🟠 Aprendizaje · Club de lectura")
    assert number_sent(healing_map, host) == 0


def test_a_contact_can_be_taken_back(talk: Talk, healing_map: Engine) -> None:
    host = at_the_summary(talk)
    host.types("cambia el contacto a ana@example.org")
    assert says_all(host.types("quita el contacto"), "Contacto (no se muestra): sin indicar")
    host.types("cambia el contacto a ana@example.org")
    host.types("cambia el contacto")
    host.taps("Dejarlo vacío")
    assert event_in(healing_map, code_in(host.taps("Enviar"))).contact == ""


# Getting around.


def test_back_repeats_earlier_questions_and_keeps_their_answers(talk: Talk) -> None:
    host = asked_for(talk, "place")
    assert host.types("atrás").asking == "format"
    assert host.taps("Atrás").asking == "when"
    assert host.types("regresa").asking == "title"
    assert host.types("déjalo así").asking == "place"


@pytest.mark.parametrize("asking", ["kind", "title", "when", "place", "description", "host"])
def test_what_is_needed_cannot_be_skipped(talk: Talk, asking: str) -> None:
    answer = asked_for(talk, asking).types("omitir")
    assert says_all(answer, spanish("cannot_skip"), spanish(f"event_{asking}_why"))
    assert answer.asking == asking


def test_at_every_step_the_reason_is_told_and_a_question_is_answered(talk: Talk) -> None:
    host = talk(language_hint="es")
    answer = host.types("quiero registrar un evento")
    for asking, typed in ANSWERS.items():
        assert answer.asking == asking
        why = host.types("¿para qué lo necesitas?")
        assert says_all(why, spanish(f"event_{asking}_why"))
        answer = host.types("¿qué cuenta como evento de sanación?")
        assert answer.intent and answer.intent["name"] == "faq_event_kinds"
        assert says_all(answer, spanish("back_to_form", thing="evento"))
        assert question_in(answer) == question_in(why)
        assert (why.asking, answer.asking) == (asking, asking)
        answer = host.types(typed)
    assert says_all(host.types("¿para qué lo necesitas?"), spanish("event_confirm_why"))
    assert host.types("¿qué cuenta como evento de sanación?").asking == "confirm"


def test_a_question_can_be_the_answer_after_all(talk: Talk) -> None:
    host = asked_for(talk, "description")
    host.types("¿qué cuenta como evento de sanación?")
    assert host.types("úsala").asking == "host"


@pytest.mark.parametrize("command", ["/help", "/start"])
def test_a_command_in_between_leaves_the_draft_and_asks_whether_to_go_on(
    talk: Talk, command: str
) -> None:
    host = asked_for(talk, "host")
    answer = host.sends(command)
    assert text_of(answer).endswith(
        spanish("form_resume_titled", thing="evento", title="Club de lectura")
        + f"\n\n{spanish('event_host_ask')}"
    )
    assert text_of(host.taps("Seguir")) == spanish("event_host_ask")


def test_a_search_in_between_pauses_the_form_until_it_is_resumed(talk: Talk) -> None:
    host = asked_for(talk, "host")
    answer = host.types("busca eventos cerca del 60637")
    assert says_all(answer, "60637", spanish("form_paused", thing="evento"))
    assert answer.form is None
    assert host.types("seguir con mi evento").asking == "host"


def test_cancel_keeps_the_draft_until_it_is_deleted(talk: Talk, healing_map: Engine) -> None:
    host = asked_for(talk, "host")
    assert text_of(host.types("cancela")) == spanish("form_cancelled")
    assert host.taps("Seguir").asking == "host"
    host.sends("/cancel")
    assert text_of(host.taps("Eliminar el borrador")) == spanish("draft_discarded")
    assert text_of(host.types("seguir con mi borrador")) == spanish("no_draft")
    assert number_sent(healing_map, host) == 0


def test_start_over_asks_anew_and_can_be_undone(talk: Talk) -> None:
    host = asked_for(talk, "host")
    host.types("Las Comadres")
    answer = host.types("empezar de nuevo")
    assert says_all(answer, spanish("form_started_over"), spanish("event_kind_ask"))
    answer = host.taps("Recuperar lo que tenía")
    assert says_all(
        answer, spanish("form_restored"), spanish("event_host_check", name="Las Comadres")
    )
    host.types("empezar de nuevo")
    host.types("diálogo")
    assert host.types("recupera lo que tenía").asking == "host_check"


def test_to_submit_to_leave_a_message_and_to_stop_are_understood_in_between(talk: Talk) -> None:
    vecina = asked_for(talk, "host")
    assert says_all(vecina.types("enviar"), spanish("not_complete"), spanish("event_host_ask"))
    answer = vecina.types("quiero dejar un mensaje de sanación")
    assert (answer.form, answer.asking) == ("message_form", "text")
    assert says_all(answer, spanish("form_paused", thing="evento"))
    assert text_of(vecina.types("cancelar")) == spanish("form_cancelled_empty")


@pytest.mark.parametrize("asking", ["kind", "title", "when", "contact", "confirm"])
def test_a_crisis_is_met_as_such_and_then_the_form_waits(talk: Talk, asking: str) -> None:
    host = asked_for(talk, asking)
    crisis, waits = host.types("ya no quiero vivir, me quiero matar").replies
    assert crisis.full_text == spanish("crisis")
    assert waits.full_text == spanish("form_waits")
    assert host.taps("Seguir").asking == asking


def test_the_next_day_the_draft_is_there_and_going_on_is_offered(talk: Talk) -> None:
    host = asked_for(talk, "when")
    set_now(in_december(9, 12))
    answer = host.types("20 de diciembre, de 3 a 5 de la tarde")
    assert says_all(answer, spanish("form_resume_titled", thing="evento", title="Club de lectura"))
    answer = host.taps("Usarlo: 20 de diciembre, de 3 a 5 de la tarde")
    assert answer.asking == "format"
    set_now(in_december(10, 12))
    host.types("hola")
    assert host.taps("Ahora no").form is None
    assert host.types("seguir con mi evento").asking == "format"


def test_an_answer_in_english_does_not_change_the_language(talk: Talk) -> None:
    host = asked_for(talk, "title")
    answer = host.types("Stories of our block: an evening with all the neighbors")
    assert (answer.language, answer.asking) == ("es", "when")
    assert host.types("Dec 12, 3 to 5 pm").asking == "format"
