"""The JSON lines by which other programs talk with the assistant."""

from __future__ import annotations

import asyncio
import io
import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest

from actions.texts import text
from bot.assistant import Assistant
from bot.jsonlines import JsonConversations, content_of_text, converse, parse_lines
from bot.turns import Command, Typed

_numbers = itertools.count()
Line = dict[str, Any] | str
Ask = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def ask(assistant: Assistant) -> Ask:
    """ask(*lines, language=None) sends lines and returns the lines that come back."""

    def send(*lines: Line, language: str | None = None) -> list[dict[str, Any]]:
        source = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        sink = io.StringIO()
        asyncio.run(converse(assistant, [f"{line}\n" for line in source], sink, language))
        return [json.loads(line) for line in sink.getvalue().splitlines()]

    return send


@pytest.fixture
def chat() -> str:
    """A chat that nobody has used."""
    return f"json-{next(_numbers)}"


def titles(answer: dict[str, Any]) -> list[str]:
    buttons = (row for reply in answer["replies"] for row in reply.get("buttons", []))
    return [button["title"] for row in buttons for button in row]


def said(answer: dict[str, Any]) -> str:
    return "\n".join(reply["text"] for reply in answer["replies"])


def test_an_answer_has_the_promised_keys(ask: Ask, chat: str) -> None:
    (answer,) = ask({"text": "What is racial healing?", "chat": chat})
    assert list(answer) == ["replies", "intent", "form", "asking", "language"]
    assert answer["intent"] == {"name": "faq_racial_healing", "confidence": 1.0}
    assert (answer["form"], answer["asking"], answer["language"]) == (None, None, "en")


def test_a_reply_has_a_text_and_rows_of_buttons(ask: Ask, chat: str) -> None:
    (answer,) = ask({"text": "What is racial healing?", "chat": chat})
    (reply,) = answer["replies"]
    assert set(reply) == {"text", "buttons"}
    assert reply["text"].startswith("What is racial healing?\n")
    for row in reply["buttons"]:
        for button in row:
            assert set(button) == {"title", "payload"}
            assert button["payload"].startswith("/")


def test_a_reply_without_buttons_has_only_a_text(ask: Ask, chat: str) -> None:
    (answer,) = ask({"text": "goodbye", "chat": chat})
    assert [set(reply) for reply in answer["replies"]] == [{"text"}]


def test_a_tap_names_a_button_by_its_title_or_its_payload(ask: Ask, chat: str) -> None:
    _, by_title, _, by_payload = ask(
        {"text": "/faq", "chat": chat},
        {"tap": "The campaign", "chat": chat},
        {"text": "/faq", "chat": chat},
        {"tap": '/browse_faq{"choice": "campaign"}', "chat": chat},
    )
    assert by_title == by_payload
    assert "When does it take place?" in titles(by_title)


def test_a_title_from_before_the_last_replies_is_a_stale_button(ask: Ask, chat: str) -> None:
    _, _, stale = ask(
        {"text": "/faq", "chat": chat},
        {"text": "goodbye", "chat": chat},
        {"tap": "The campaign", "chat": chat},
    )
    assert said(stale) == text("stale_button", "en")


def test_a_title_of_another_chats_button_is_a_stale_button(ask: Ask, chat: str) -> None:
    _, stale = ask({"text": "/faq", "chat": chat}, {"tap": "The campaign", "chat": f"{chat}-2"})
    assert stale["intent"]["name"] == "stale_button"


def test_a_bad_line_leaves_the_buttons_as_they_were(ask: Ask, chat: str) -> None:
    _, bad, tapped = ask(
        {"text": "/faq", "chat": chat}, {"chat": chat}, {"tap": "The campaign", "chat": chat}
    )
    assert "error" in bad
    assert tapped["intent"]["name"] == "browse_faq"


def test_two_chats_are_two_conversations(ask: Ask, chat: str) -> None:
    other = f"{chat}-2"
    _, english, spanish = ask(
        {"text": "Hablemos en español, por favor", "chat": chat},
        {"text": "/help", "chat": other},
        {"text": "/help", "chat": chat},
    )
    assert said(english) == text("help", "en")
    assert said(spanish) == text("help", "es")


def test_without_a_chat_all_lines_are_one_conversation(ask: Ask) -> None:
    _, unnamed, named = ask(
        {"tap": '/change_language{"choice": "es"}'},
        {"text": "/help"},
        {"text": "/help", "chat": "me"},
    )
    ask({"tap": '/privacy{"choice": "deleted"}'})
    assert said(unnamed) == said(named) == text("help", "es")


def test_a_language_code_counts_from_the_beginning(ask: Ask, chat: str) -> None:
    (answer,) = ask({"text": "/help", "chat": chat, "language_code": "es"})
    assert answer["language"] == "es"


def test_the_language_of_the_command_line_counts_where_a_line_names_none(
    ask: Ask, chat: str
) -> None:
    from_option, from_line = ask(
        {"text": "/help", "chat": chat},
        {"text": "/help", "chat": f"{chat}-2", "language_code": "en"},
        language="es",
    )
    assert (from_option["language"], from_line["language"]) == ("es", "en")


def test_a_location_is_a_turn(ask: Ask, chat: str) -> None:
    (answer,) = ask({"location": {"latitude": 41.8, "longitude": -87.6}, "chat": chat})
    assert answer["intent"]["name"] == "find_nearby"
    assert answer["replies"]


def test_blank_lines_are_skipped(ask: Ask, chat: str) -> None:
    answers = ask(
        "", {"text": "/help", "chat": chat}, "   ", "\t", {"text": "/about", "chat": chat}
    )
    assert [answer["intent"]["name"] for answer in answers] == ["help", "about_assistant"]


def test_an_empty_text_is_a_turn_and_not_a_blank_line(ask: Ask, chat: str) -> None:
    (answer,) = ask({"text": "", "chat": chat})
    assert said(answer) == text("empty_message", "en")


def test_letters_beyond_ascii_are_written_as_they_are(assistant: Assistant, chat: str) -> None:
    sink = io.StringIO()
    line = json.dumps({"text": "/help", "chat": chat, "language_code": "es"})
    asyncio.run(converse(assistant, [line], sink, None))
    assert "español" in sink.getvalue()


BAD_LINES = [
    "hello",
    "{",
    "{'text': 'hello'}",
    "null",
    "true",
    "3",
    '"text"',
    '[{"text": "hello"}]',
    "[" * 100_000,
    "{}",
    '{"chat": "me"}',
    '{"txt": "hello"}',
    '{"text": "hello", "tap": "Yes"}',
    '{"text": "hello", "location": {"latitude": 41.8, "longitude": -87.6}}',
    '{"text": null}',
    '{"text": 5}',
    '{"text": ["hello"]}',
    '{"tap": 1}',
    '{"tap": {"title": "Yes"}}',
    '{"location": null}',
    '{"location": "41.8,-87.6"}',
    '{"location": [41.8, -87.6]}',
    '{"location": {"latitude": 41.8}}',
    '{"location": {"latitude": null, "longitude": -87.6}}',
    '{"location": {"latitude": "north", "longitude": -87.6}}',
    '{"location": {"latitude": 90.1, "longitude": -87.6}}',
    '{"location": {"latitude": 41.8, "longitude": -180.1}}',
    '{"location": {"latitude": NaN, "longitude": -87.6}}',
    '{"location": {"latitude": 41.8, "longitude": Infinity}}',
    '{"location": {"latitude": 41.8, "longitude": 1e999}}',
    '{"location": {"latitude": 1' + 400 * "0" + ', "longitude": -87.6}}',
    '{"text": "hello", "chat": 5}',
    '{"text": "hello", "chat": null}',
    '{"text": "hello", "chat": ""}',
    '{"text": "hello", "chat": "' + 101 * "x" + '"}',
    '{"text": "hello", "chat": "\\ud800"}',
    '{"text": "hello", "language_code": 5}',
]


@pytest.mark.parametrize("line", BAD_LINES, ids=lambda line: ascii(line[:60]))
def test_a_bad_line_gets_an_error_and_the_conversation_goes_on(
    ask: Ask, chat: str, line: str
) -> None:
    bad, good = ask(line, {"text": "/help", "chat": chat})
    assert list(bad) == ["error"]
    assert bad["error"]
    assert "\n" not in bad["error"]
    assert good["intent"]["name"] == "help"


def test_a_chats_name_may_have_100_characters(ask: Ask) -> None:
    (answer,) = ask({"text": "/help", "chat": "ñ" * 100})
    assert answer["intent"]["name"] == "help"


@pytest.mark.parametrize(
    ("typed", "content"),
    [
        ("hello", Typed("hello")),
        ("", Typed("")),
        (" /help", Typed(" /help")),
        ("and/or", Typed("and/or")),
        ("/help", Command("help")),
        ("/start faq_dates", Command("start", "faq_dates")),
        ("/start  a b ", Command("start", "a b")),
        ("/", Command("")),
        ('/intent{"x":1}', Command('intent{"x":1}')),
    ],
)
def test_a_text_that_begins_with_a_slash_is_a_command(typed: str, content: Typed | Command) -> None:
    assert content_of_text(typed) == content


def test_a_typed_intent_is_no_intent(ask: Ask, chat: str) -> None:
    answers = ask(
        {"text": '/change_language{"choice": "es"}', "chat": chat},
        {"text": ' /change_language{"choice": "es"}', "chat": chat},
        {"text": "/help", "chat": chat},
    )
    assert said(answers[0]).startswith(text("unknown_command", "en"))
    assert answers[1]["intent"] is not None
    assert answers[2]["language"] == "en"


def test_a_line_is_answered_before_the_next_one_is_read(assistant: Assistant, chat: str) -> None:
    conversations = JsonConversations(assistant, None)
    answer = asyncio.run(conversations.answer_line(json.dumps({"text": "/help", "chat": chat})))
    assert answer["intent"]["name"] == "help"


# Single texts


def understood(assistant: Assistant, *texts: str) -> list[dict[str, Any]]:
    sink = io.StringIO()
    parse_lines(assistant, [f"{text}\n" for text in texts], sink)
    return [json.loads(line) for line in sink.getvalue().splitlines()]


def test_an_understood_text_has_the_promised_keys(assistant: Assistant) -> None:
    (line,) = understood(assistant, "when does the campaign finish exactly?")
    assert list(line) == [
        "text",
        "language",
        "intent",
        "confidence",
        "ranking",
        "decision",
        "offers",
    ]
    assert line["text"] == "when does the campaign finish exactly?"
    assert (line["language"], line["intent"]) == ("en", "faq_dates")
    assert (line["decision"], line["offers"]) == ("answer", [])
    assert len(line["ranking"]) == 5
    assert set(line["ranking"][0]) == {"name", "confidence"}
    assert line["ranking"][0] == {"name": line["intent"], "confidence": line["confidence"]}


def test_the_four_decisions(assistant: Assistant) -> None:
    texts = ("What is racial healing?", "partners or anchors", "pizza recipe", "quiero morir")
    lines = understood(assistant, *texts)
    decisions = [line["decision"] for line in lines]
    assert decisions == ["answer", "offer", "out_of_scope", "crisis"]
    assert [bool(line["offers"]) for line in lines] == [False, True, False, False]
    assert [line["intent"] for line in lines[2:]] == ["out_of_scope", "crisis"]
    assert lines[3]["language"] == "es"


def test_an_offer_names_up_to_three_meanings_and_the_likeliest_as_the_intent(
    assistant: Assistant,
) -> None:
    (line,) = understood(assistant, "partners or anchors")
    assert 1 <= len(line["offers"]) <= 3
    assert line["intent"] == line["ranking"][0]["name"]


@pytest.mark.parametrize(
    "typed",
    ["", " ", "/restart", '/intent{"x":1}', "/faq_dates", "\x00", "😀", "{}", "a" * 5000],
    ids=lambda typed: ascii(typed[:20]),
)
def test_every_line_is_understood_somehow_and_the_next_one_too(
    assistant: Assistant, typed: str
) -> None:
    strange, usual = understood(assistant, typed, "What is racial healing?")
    assert strange["text"] == typed
    assert strange["decision"] in ("answer", "offer", "out_of_scope")
    assert usual["intent"] == "faq_racial_healing"
