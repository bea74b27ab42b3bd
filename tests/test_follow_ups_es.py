"""Short texts that go on with the last answer, in Spanish, with the real assistant and model."""

from __future__ import annotations

import pytest

from bot.assistant import Answer
from tests.conversation import Conversation, Talk, english, says_in, spanish, text_of

says = says_in("es")


@pytest.fixture
def vecina(talk: Talk) -> Conversation:
    """Somebody whose phone speaks Spanish."""
    return talk(language_hint="es")


def heading(answer: Answer) -> str:
    return answer.replies[0].heading


def test_bare_question_words_ask_about_the_last_answer(vecina: Conversation) -> None:
    vecina.types("¿qué es Together We Heal?")
    assert heading(vecina.types("¿y eso cuándo es?")) == "¿Cuándo es?"
    assert heading(vecina.types("¿por qué?")) == "¿Por qué se creó?"
    assert heading(vecina.types("y quién lo creó")) == "¿Quién está detrás?"
    assert heading(vecina.types("¿quién más?")) == "¿Qué son las anclas (Anchors)?"
    assert heading(vecina.types("oye y dónde")) == "¿En línea o en persona?"


def test_the_same_word_means_something_else_after_another_answer(vecina: Conversation) -> None:
    vecina.types("¿qué es la OERJ?")
    assert heading(vecina.types("¿desde cuándo?")) == "¿Quién creó la OERJ y cuándo?"
    assert heading(vecina.types("quien")) == "¿Quién dirige la OERJ?"
    assert heading(vecina.types("¿cómo?")) == "¿Cómo logrará la OERJ sus metas?"


def test_more_goes_through_what_comes_next(vecina: Conversation) -> None:
    vecina.types("¿cuándo termina la campaña?")
    assert heading(vecina.types("cuéntame más")) == "¿Ya terminó? ¿Qué sigue?"
    assert heading(vecina.types("¿qué más?")) == "¿Cómo vamos a celebrar?"
    answer = vecina.types("dime más porfa")
    assert text_of(answer) == spanish("browse_questions", topic=spanish("topic_campaign"))


def test_a_whole_question_is_answered_for_itself(vecina: Conversation) -> None:
    vecina.types("¿qué es la OERJ?")
    assert heading(vecina.types("¿cuándo termina la campaña?")) == "¿Cuándo es?"


def test_a_search_goes_on_with_one_thing_changed(vecina: Conversation) -> None:
    vecina.types("eventos cerca de 60637")
    near = "60637: primero lo más cercano · a menos de 5 mi"
    assert heading(vecina.types("y en línea?")) == f"{near} · En línea"
    assert heading(vecina.types("¿y mañana?")) == f"{near} · En línea · miércoles 9 de diciembre"
    assert heading(vecina.types("sin importar el día")) == f"{near} · En línea"
    assert heading(vecina.types("solo de aprendizaje")) == f"{near} · Aprendizaje · En línea"
    assert heading(vecina.types("¿y en Pilsen?")) == "En Pilsen · Aprendizaje · En línea"
    assert heading(vecina.types("eventos en Austin")) == "En Austin"
    assert says(vecina.types("otro día"), "choose_days")


def test_a_list_goes_on_comes_closer_and_goes_further(vecina: Conversation) -> None:
    vecina.types("eventos cerca de 60637")
    assert text_of(vecina.types("más")).splitlines()[1].startswith("6. ")
    assert "a menos de 2 mi" in heading(vecina.types("más cerca"))
    assert "a menos de 5 mi" in heading(vecina.types("más lejos"))
    assert says(vecina.types("otra zona"), "ask_place")
    assert heading(vecina.types("Austin")) == "En Austin"


def test_an_event_of_the_list_is_shown_and_asked_about(vecina: Conversation) -> None:
    vecina.types("eventos cerca de 60637")
    first = vecina.types("cuéntame más del primero")
    assert heading(first) == "Museum walk and talk (sample)"
    for typed in ("¿dónde?", "¿y a qué hora es?", "¿quién lo organiza?"):
        assert vecina.types(typed).replies == first.replies
    assert heading(vecina.types("la cuarta por favor")) == "Coffee and hard questions (sample)"


def test_the_last_answer_is_said_again_in_english(vecina: Conversation) -> None:
    vecina.types("¿qué es la sanación racial?")
    changed, again = vecina.types("¿y en inglés?").replies
    assert changed.text == english("language_changed")
    assert again.heading == "What is racial healing?"
    changed, again = vecina.types("mejor me lo dices en español").replies
    assert again.heading == "¿Qué es la sanación racial?"
