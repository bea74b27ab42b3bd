"""Everything that people can type goes through the real model and comes out as one decision."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest

from bot.assistant import Assistant
from nlu.outcome import ANSWER, CRISIS, OFFER, OUT_OF_SCOPE
from tests.conversation import Talk

DECISIONS = (ANSWER, OFFER, OUT_OF_SCOPE, CRISIS)


def understood(assistant: Assistant, text: str) -> dict[str, Any]:
    """Return what the assistant finds in a text, after checking that it is whole."""
    parse = assistant.understand(text)
    assert parse["decision"] in DECISIONS
    assert parse["intent"]["name"]
    assert 0 <= parse["intent"]["confidence"] <= 1
    assert parse["intent_ranking"]
    assert parse["decision"] != CRISIS or not parse["offers"]
    assert parse["written_language"]["language"] in ("en", "es", None)
    return parse


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("When does Together We Heal start?", "faq_dates"),
        ("¿Cuándo empieza Together We Heal?", "faq_dates"),
        ("I want to host a book club on the 12th", "submit_event"),
        ("anything near me this weekend?", "find_nearby"),
        ("👍", "affirm"),
        ("  HELP!!  ", "help"),
    ],
)
def test_a_plain_text_is_answered(assistant: Assistant, text: str, intent: str) -> None:
    parse = understood(assistant, text)

    assert (parse["decision"], parse["intent"]["name"]) == (ANSWER, intent)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\t",
        "\x00",
        "\x00\x01\x1b\x7f",
        "\u202e\u200b",
        "\ud83d",
        "...",
        "asdfghjkl",
        "مرحبا كيف حالك",
        "你好，请问你会说中文吗",
    ],
)
def test_what_cannot_be_understood_is_out_of_scope(assistant: Assistant, text: str) -> None:
    assert understood(assistant, text)["decision"] == OUT_OF_SCOPE


@pytest.mark.parametrize(
    "text", ["😀", "🕊️❤️", "👩\u200d👩\u200d👧", "🇲🇽", "¿?", "\x1b[31m", "💀" * 50]
)
def test_emoji_and_signs_get_a_decision(assistant: Assistant, text: str) -> None:
    understood(assistant, text)


@pytest.mark.costly
@pytest.mark.parametrize("character", ["a", "é ", "😀", "ﷺ", "中", "hello ", "/", "\x00"])
def test_5000_characters_are_understood_within_a_second(
    assistant: Assistant, character: str
) -> None:
    text = (character * 5000)[:5000]
    started = time.thread_time()  # of the processor, so that a busy machine does not matter

    understood(assistant, text)

    assert time.thread_time() - started < 1


def test_a_question_at_the_end_of_a_long_story_is_seen(assistant: Assistant) -> None:
    story = "My family has lived on the South Side for three generations. " * 80

    assert understood(assistant, story + "I want to kill myself")["decision"] == CRISIS


@pytest.mark.parametrize(
    ("clean", "dirty"),
    [
        ("When does it start?", "When\x00does \x07it\r\nstart?\x1b"),
        ("When does it start?", "\ufeff\u202aWhen does it start?\u202c"),
        ("When does it start?", "Ｗhen  does  it  start?"),
        ("¿Cuándo empieza?", "¿Cua\u0301ndo empieza?"),
    ],
)
def test_invisible_characters_change_nothing(assistant: Assistant, clean: str, dirty: str) -> None:
    one, other = understood(assistant, clean), understood(assistant, dirty)

    assert one["intent"] == other["intent"]
    assert one["decision"] == other["decision"]


typed_payloads = pytest.mark.parametrize(
    "payload",
    [
        '/intent{"x":1}',
        '/faq_dates{"x":1}',
        "/faq_dates",
        '/change_language{"choice":"es"}',
        '/faq_dates{"language":"es"}',
        ' /submit_event{"x":1}',
        "/out_of_scope",
        "/crisis",
        "/nlu_fallback",
        "/restart",
        '/crisis{"x"',
        "/faq_dates@0.5",
    ],
)


@typed_payloads
def test_a_typed_payload_is_understood_as_its_words(assistant: Assistant, payload: str) -> None:
    typed = understood(assistant, payload)
    words = understood(assistant, payload.strip().lstrip("/"))

    for key in ("intent", "decision", "offers", "entities", "intent_ranking"):
        assert typed[key] == words[key]


@typed_payloads
def test_a_typed_payload_gets_an_answer_like_its_words(talk: Talk, payload: str) -> None:
    typed = talk().types(payload)
    words = talk().types(payload.strip().lstrip("/"))

    assert typed.intent is not None
    assert typed == words


@pytest.mark.parametrize(
    "text",
    [
        "he beat me up again last night",
        "my dad hits me with a belt",
        "my boyfriend hits me at night when he drinks",
        "my daughter wants to kill herself",
        "my brother tried to kill himself",
        "nobody cares if i live or die",
        "i want 2 die",
        "I want to k*ll myself",
        "they burned a cross on our lawn",
        "somebody is shooting outside",
        "mi hijo se quiere matar",
        "mi hermano se cortó las venas",
        "me corto los brazos",
        "quiero desaparecer para siempre",
        "pintaron una esvástica en la sinagoga",
        "alguien está disparando en mi cuadra",
        "mi vecino está golpeando a su esposa",
    ],
)
def test_a_crisis_without_the_plainest_words_is_caught(assistant: Assistant, text: str) -> None:
    assert understood(assistant, text)["decision"] == CRISIS


@pytest.mark.parametrize(
    "text",
    [
        "this weather is killing me",
        "shoot me an email",
        "my phone is about to die",
        "is suicide squad a good movie",
        "hit me up later",
        "me muero de hambre",
    ],
)
def test_harmless_words_are_no_crisis(assistant: Assistant, text: str) -> None:
    assert understood(assistant, text)["decision"] != CRISIS


@pytest.mark.parametrize(
    "text",
    [
        "an event about ending gun violence",
        "can we host an event against violence",
        "I don't want to be on the map",
        "un evento contra la violencia",
        "clase de primeros auxilios",
    ],
)
def test_the_subject_of_an_event_is_no_crisis(assistant: Assistant, text: str) -> None:
    assert understood(assistant, text)["decision"] != CRISIS


def test_random_bytes_get_one_decision_each(assistant: Assistant) -> None:
    dice = random.Random(2020)
    texts = [
        dice.randbytes(dice.randint(1, 120)).decode("utf-8", errors="replace") for _ in range(200)
    ]

    results = [understood(assistant, text) for text in texts]

    assert len(results) == 200
    answered = [parse["text"] for parse in results if parse["decision"] == ANSWER]
    assert len(answered) < 20, answered


def test_the_same_text_is_always_understood_the_same(assistant: Assistant) -> None:
    assert assistant.understand("who leads OERJ?") == assistant.understand("who leads OERJ?")
