"""Conversations in Spanish as residents have them, with the real assistant and the real model."""

from __future__ import annotations

from datetime import datetime

import pytest

from actions.clock import set_now
from bot.turns import COMMANDS, Tap
from tests.conversation import Talk, english, intent_of, says_in, spanish, text_of

says = says_in("es")


def test_a_resident_asks_and_follows_what_comes_next(talk: Talk) -> None:
    resident = talk(language_hint="es")
    assert says(resident.types("hola"), "greet")
    answer = resident.taps("¿Qué es Together We Heal?")
    assert text_of(answer).startswith("¿Qué es Together We Heal?\nTogether We Heal (TWH) es")
    answer = resident.taps("¿Qué es la sanación racial?")
    assert "Verdad, Sanación Racial y Transformación" in text_of(answer)
    answer = resident.taps("¿Qué tipos de eventos hay?")
    assert intent_of(answer) == "faq_event_kinds"
    answer = resident.types("¿y cuándo termina todo esto?")
    assert "finales de enero de 2021" in text_of(answer)
    assert says(resident.types("muchas gracias"), "thanks")
    assert says(resident.types("adiós"), "goodbye")


def test_a_resident_browses_all_questions_by_topic(talk: Talk) -> None:
    resident = talk(language_hint="es")
    assert says(resident.sends("/faq"), "browse_topics")
    seen = set()
    for topic in list(resident.buttons):
        resident.sends("/faq")
        assert text_of(resident.taps(topic)).startswith(f"{topic}: ")
        for question, payload in list(resident.buttons.items()):
            answer = resident.does(Tap(payload))
            assert text_of(answer).startswith(f"{question}\n")
            assert answer.language == "es"
            seen.add(payload)
    assert len(seen) == 35


@pytest.mark.parametrize("hint", ["es", "es-MX", "ES", "es-419"])
def test_telegrams_hint_is_followed_from_the_first_word(talk: Talk, hint: str) -> None:
    assert says(talk(language_hint=hint).sends("/start"), "welcome")


@pytest.mark.parametrize("hint", ["pl", "", None, "e", "est", "english"])
def test_a_hint_of_another_language_says_nothing(talk: Talk, hint: str | None) -> None:
    assert talk(language_hint=hint).sends("/start").language == "en"
    assert talk(language_hint=hint).types("¿Qué es la sanación racial?").language == "es"


@pytest.mark.parametrize(
    "typed", ["hola", "ayuda", "¿qué?", "buenos días", "¿Cuándo es?", "quiero ayudar"]
)
def test_while_nothing_tells_the_language_the_first_words_do(talk: Talk, typed: str) -> None:
    assert talk().types(typed).language == "es"


def test_what_is_written_goes_before_telegrams_hint(talk: Talk) -> None:
    resident = talk(language_hint="en")
    assert resident.sends("/start").language == "en"
    assert resident.types("Quiero saber cuándo termina la campaña").language == "es"
    assert resident.sends("/help").language == "es"


@pytest.mark.parametrize("words", ["ok", "thanks", "yes", "cool", "bye", "Healing Map", "TWH"])
def test_the_language_does_not_flip_on_a_word_or_two(talk: Talk, words: str) -> None:
    resident = talk()
    resident.types("¿Qué es la sanación racial?")
    assert resident.types(words).language == "es"


def test_english_names_in_a_spanish_question_stay_spanish(talk: Talk) -> None:
    resident = talk()
    resident.types("¿Qué es la sanación racial?")
    answer = resident.types("y que es On the Table de Together We Heal")
    assert answer.language == "es"


def test_a_chosen_language_stays_whatever_is_written(talk: Talk) -> None:
    resident = talk()
    assert says(resident.types("Hablemos en español, por favor"), "language_changed")
    assert resident.types("what is racial healing and who is behind it?").language == "es"
    assert resident.types("When does the campaign end exactly?").language == "es"
    changed, again = resident.types("mejor en inglés por favor").replies
    assert changed.text == english("language_changed")
    assert again.heading == "When does it take place?"
    assert resident.types("¿Cuándo termina la campaña de sanación?").language == "en"


def test_the_command_for_the_language_offers_both(talk: Talk) -> None:
    resident = talk(language_hint="es")
    assert says(resident.sends("/language"), "change_language")
    assert list(resident.buttons) == ["English", "Español"]
    assert says(resident.taps("Español"), "language_changed")


def test_another_language_is_not_spoken_but_two_are_offered(talk: Talk) -> None:
    resident = talk(language_hint="es")
    assert says(resident.types("¿hablas polaco?"), "language_unavailable")
    assert list(resident.buttons) == ["English", "Español"]


def test_none_of_what_was_offered_leads_to_the_topics(talk: Talk) -> None:
    resident = talk(language_hint="es")
    assert says(resident.types("anclas, embajadores"), "offer")
    *offers, none = resident.buttons
    assert 1 <= len(offers) <= 3
    assert none == "Ninguna de estas"
    assert says(resident.taps(none), "none_of_these_reply")
    assert "La campaña" in resident.buttons


@pytest.mark.parametrize(
    "typed", ["una receta de arroz con pollo", "¿quién ganó el partido de ayer?"]
)
def test_what_is_out_of_scope_is_said_kindly_with_what_can_be_asked(talk: Talk, typed: str) -> None:
    resident = talk()
    assert says(resident.types(typed), "out_of_scope")
    resident.taps("La sanación racial")
    assert "¿Qué es la sanación racial?" in resident.buttons


CRISES = [
    "me quiero matar",
    "ya no quiero vivir",
    "quiero quitarme la vida",
    "mi hermano dice que se va a suicidar",
    "golpearon a mi vecino por ser inmigrante",
    "me quiero morir y no se que hacer",
]


@pytest.mark.parametrize("typed", CRISES)
def test_a_crisis_is_answered_with_help_and_nothing_else(talk: Talk, typed: str) -> None:
    resident = talk()
    answer = resident.types(typed)
    assert says(answer, "crisis")
    assert "988" in text_of(answer)
    assert "911" in text_of(answer)
    assert not resident.buttons


@pytest.mark.parametrize("typed", ["quiero morir", "me mato", "suicidarme"])
def test_a_crisis_in_a_word_or_two_is_answered_in_spanish_whatever_telegram_says(
    talk: Talk, typed: str
) -> None:
    assert says(talk(language_hint="en").types(typed), "crisis")


def test_a_crisis_is_seen_wherever_in_a_conversation_it_comes(talk: Talk) -> None:
    resident = talk(language_hint="es")
    resident.sends("/start")
    resident.sends("/faq")
    assert says(resident.types("la verdad es que quiero acabar con mi vida"), "crisis")
    resident.sends("/delete")
    assert says(resident.types("me voy a matar esta noche"), "crisis")
    assert intent_of(resident.types("¿Qué es la sanación racial?")) == "faq_racial_healing"


def test_a_crisis_is_answered_in_the_language_that_it_is_told_in(talk: Talk) -> None:
    resident = talk()
    resident.types("let's speak English please")
    assert says(resident.types("me quiero morir"), "crisis")


def test_a_link_into_the_chat_opens_its_question(talk: Talk) -> None:
    welcome, answer = talk(language_hint="es").sends("/start faq_dates").replies
    assert welcome.text == spanish("welcome")
    assert answer.heading == "¿Cuándo es?"


def test_what_is_stored_is_told_and_deleted_after_a_question(talk: Talk) -> None:
    resident = talk(language_hint="es")
    assert says(resident.types("¿qué guardas sobre mí?"), "privacy")
    assert says(resident.taps("Borrar mis datos"), "delete_question")
    assert says(resident.taps("No, déjalo"), "delete_kept")
    assert says(resident.sends("/delete"), "delete_question")
    assert says(resident.taps("Sí, bórralo"), "delete_done")
    assert says(resident.sends("/help"), "help")


def test_about_says_who_is_behind_it_with_the_citys_disclaimer(talk: Talk) -> None:
    answer = talk(language_hint="es").sends("/about")
    assert says(answer, "about_assistant")
    assert "www.cityofchicago.org" in text_of(answer)
    assert "bajo su propio riesgo" in text_of(answer)


def test_every_command_has_an_answer_in_spanish(talk: Talk) -> None:
    resident = talk(language_hint="es")
    for command in COMMANDS:
        answer = resident.sends(f"/{command}")
        assert answer.language == "es"
        assert not says(answer, "failure")


def test_an_unknown_command_is_told_what_there_is(talk: Talk) -> None:
    unknown, help_ = talk(language_hint="es").sends("/tontería").replies
    assert unknown.text == spanish("unknown_command")
    assert help_.text == spanish("help")


def test_what_cannot_be_read_gets_a_friendly_sentence(talk: Talk) -> None:
    resident = talk(language_hint="es")
    assert says(resident.sends_a_photo(), "send_media")
    assert says(resident.does(Tap("/no_such_thing")), "stale_button")
    assert says(resident.types(""), "empty_message")


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (datetime(2020, 11, 30, 23, 59), "principios de diciembre de 2020"),
        (datetime(2020, 12, 1), "¡Es ahora!"),
        (datetime(2021, 1, 31, 23, 59), "¡Es ahora!"),
        (datetime(2021, 2, 1), "siguió hasta finales de enero de 2021"),
    ],
)
def test_when_it_ends_is_told_as_it_is_today(talk: Talk, today: datetime, words: str) -> None:
    set_now(today)
    answer = talk().types("¿Cuándo termina la campaña?")
    assert intent_of(answer) == "faq_dates"
    assert words in text_of(answer)
