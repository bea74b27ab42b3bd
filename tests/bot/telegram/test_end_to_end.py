"""The real process, `twh run`, over HTTP against the fake Bot API: by polling and by webhook."""

from __future__ import annotations

import itertools
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from actions.texts import text
from bot.settings import ROOT
from tests.bot.telegram.process import TOKEN, Running, command, environment, run
from tests.fakes.bot_api import BotApiThread, Chat, User
from tests.fakes.methods import Call
from tests.fakes.people import MEDIA

ANSWER_SECONDS, STOP_SECONDS = 20, 10

_numbers = itertools.count(100)


def wait(api: BotApiThread, ready: Callable[[], bool]) -> None:
    """Wait for a condition that changes with the calls of the bot."""
    api.wait_until(ready, ANSWER_SECONDS)


@pytest.fixture(scope="module", params=["polling", "webhook"])
def running(
    request: pytest.FixtureRequest, model: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """One process for all conversations of this module, in each mode."""
    folder = tmp_path_factory.mktemp(request.param)
    with BotApiThread(TOKEN) as api, run(api, folder, request.param) as running:
        yield running


@dataclass
class Person:
    """Somebody whom the assistant has never met; each thing done returns the answer to it."""

    running: Running
    language: str | None = "en"
    chat: Chat | None = None
    user: User = field(init=False)

    def __post_init__(self) -> None:
        self.user = User(next(_numbers), "Ana", self.language)

    @property
    def chat_id(self) -> int:
        return self.chat.id if self.chat else self.user.id

    def writes(self, words: str) -> Call:
        return self.does(lambda api: api.text(self.user, words, self.chat))

    def sends(self, kind: str) -> Call:
        return self.does(lambda api: api.media(self.user, kind, chat=self.chat))

    def taps(self, answer: Call, title: str | None = None, data: str | None = None) -> Call:
        return self.does(lambda api: api.tap(self.user, answer.message_id, data, title))

    def does(self, deed: Callable[[BotApiThread], int]) -> Call:
        """Do anything, and return the first answer that comes."""
        before = len(self.answers)
        deed(self.running.api)
        return self.waits_for(before + 1)[before]

    def waits_for(self, count: int, method: str = "sendMessage") -> list[Call]:
        answers: list[Call] = self.running.api.wait_for_sent(
            count, lambda call: self._is_answer(call, method), timeout=ANSWER_SECONDS
        )
        return answers

    @property
    def answers(self) -> list[Call]:
        return [call for call in self.running.api.sent if self._is_answer(call)]

    def _is_answer(self, call: Call, method: str = "sendMessage") -> bool:
        return call.method == method and call.params["chat_id"] == self.chat_id


def titles(running: Running, answer: Call) -> list[str]:
    return [button["text"] for row in running.api.buttons(answer) for button in row]


def new_group() -> Chat:
    return Chat(-1_000 - next(_numbers), "Neighbors")


# Conversations


def test_a_question_in_english_is_answered(running: Running) -> None:
    answer = Person(running).writes("What is racial healing?")
    assert "truth about past wrongs" in (answer.text or "")
    assert titles(running, answer)


def test_a_question_in_spanish_is_answered(running: Running) -> None:
    answer = Person(running, "es").writes("¿Qué es la sanación racial?")
    assert "verdad" in (answer.text or "")
    assert titles(running, answer)


def test_somebody_who_writes_spanish_is_answered_in_spanish_whatever_the_phone_says(
    running: Running,
) -> None:
    answer = Person(running, "en").writes("Hola, ¿me puedes explicar qué es la sanación racial?")
    assert "verdad" in (answer.text or "")


def test_the_first_message_welcomes_in_the_language_of_the_phone(running: Running) -> None:
    for language, hint in (("en", "en"), ("es", "es-MX"), ("en", "pl"), ("en", None)):
        assert Person(running, hint).writes("/start").text == text("welcome", language)


def test_a_link_with_a_question_leads_to_its_answer(running: Running) -> None:
    ana = Person(running)
    assert ana.writes("/start faq_racial_healing").text == text("welcome", "en")
    _, answer = ana.waits_for(2)
    assert "truth about past wrongs" in (answer.text or "")


def test_the_questions_are_found_by_tapping_alone(running: Running) -> None:
    ana = Person(running)
    topics = ana.writes("/faq")
    questions = ana.taps(topics, text("topic_healing", "en"))
    answer = ana.taps(questions, "What is racial healing?")
    assert "truth about past wrongs" in (answer.text or "")
    next_question = titles(running, answer)[0]
    assert ana.taps(answer, next_question).text != answer.text


def test_every_tap_ends_its_spinner(running: Running) -> None:
    ana = Person(running)
    topics = ana.writes("/faq")
    before = spinners_ended(running)
    for title in titles(running, topics)[:3]:
        ana.taps(topics, title)
    assert spinners_ended(running) == before + 3


def spinners_ended(running: Running) -> int:
    return len([call for call in running.api.sent if call.method == "answerCallbackQuery"])


def test_a_forged_or_stale_tap_gets_a_sentence(running: Running) -> None:
    ana = Person(running)
    hello = ana.writes("/help")
    for data in ("/crisis{}", '/faq_dates{"x": 1}', "/no_such_intent", "nonsense", "{}"):
        assert ana.taps(hello, data=data).text == text("stale_button", "en")


def test_a_typed_payload_is_no_tap(running: Running) -> None:
    answer = Person(running).writes('/submit_event{"x": 1}')
    assert (answer.text or "").startswith(text("unknown_command", "en"))


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_cannot_be_read_gets_a_sentence(running: Running, language: str) -> None:
    person = Person(running, language)
    for kind in MEDIA:
        assert person.sends(kind).text == text("send_media", language)


def test_a_shared_place_gets_an_answer_once(running: Running) -> None:
    ana = Person(running)
    update_id = 0

    def share(api: BotApiThread) -> int:
        nonlocal update_id
        update_id = api.location(ana.user, 41.88, -87.63, live_period=600)
        return update_id

    assert (ana.does(share).text or "").startswith("Your location: nearest first")
    running.api.move(running.api.message_id(update_id), 41.89, -87.64)
    ana.writes("/help")
    assert len(ana.answers) == 2


def test_what_is_near_is_found_from_a_shared_place_to_the_calendar_entry(
    running: Running,
) -> None:
    ana = Person(running)
    question = ana.writes("any events near me?")
    assert question.text == text("ask_place", "en")
    assert running.api.buttons(question) == [
        [{"text": "Share my location", "request_location": True}],
        [{"text": "The whole city"}],
    ]

    found = ana.does(lambda api: api.location(ana.user, 41.88049, -87.62442))
    assert (found.text or "").startswith(
        "Your location: nearest first · within 5 mi\n"
        "1. Looking circle: one painting, many eyes (sample)\n"
    )

    running.api.tap(ana.user, found.message_id, title="Map")
    [photo] = ana.waits_for(1, "sendPhoto")
    assert "1 Looking circle: one painting, many eyes (sample)" in (photo.text or "")
    assert photo.files[0][1].startswith(b"\x89PNG")

    details = ana.taps(found, "1")
    assert "Art Institute of Chicago, 111 S. Michigan Ave." in (details.text or "")
    [venue] = ana.waits_for(1, "sendVenue")
    assert venue.result["venue"]["location"] == {"latitude": 41.88051, "longitude": -87.6245}
    [document] = ana.waits_for(1, "sendDocument")
    [(name, content)] = document.files
    assert name.endswith(".ics") and content.startswith(b"BEGIN:VCALENDAR")
    assert "41.88049" not in running.printed and "87.624" not in running.printed


def test_a_group_is_asked_to_type_its_place(running: Running) -> None:
    ana = Person(running, chat=new_group())
    question = ana.writes("@test_bot any events near me?")
    assert titles(running, question) == ["The whole city"]
    assert (ana.taps(question, "The whole city").text or "").startswith("In all of Chicago\n1. ")


def test_an_edited_question_is_answered_anew(running: Running) -> None:
    ana = Person(running)
    ana.writes("qwertz")
    asked = max(message["message_id"] for message in running.api.history(ana.user.id)[:1])
    answer = ana.does(lambda api: api.edit_text(asked, "What is racial healing?"))
    assert "truth about past wrongs" in (answer.text or "")


@pytest.mark.parametrize(
    "typed",
    ["<b>bold</b> & <i>open", "👍", "‮مرحبا", "a\x00b\x1b", "word " * 800],
    ids=["markup", "emoji", "right to left", "control characters", "4,000 characters"],
)
def test_whatever_is_typed_gets_an_answer(running: Running, typed: str) -> None:
    assert Person(running).writes(typed).text


def test_a_message_of_despair_gets_help(running: Running) -> None:
    assert "988" in (Person(running).writes("I want to kill myself").text or "")
    assert "988" in (Person(running, "es").writes("me quiero matar").text or "")


# Groups


def test_in_a_group_only_what_is_addressed_is_answered(running: Running) -> None:
    ana = Person(running, chat=new_group())
    running.api.text(ana.user, "What is racial healing?", ana.chat)
    running.api.media(ana.user, "photo", chat=ana.chat)
    running.api.text(ana.user, "/help@other_bot", ana.chat)
    answer = ana.writes("@test_bot what is racial healing?")
    assert "truth about past wrongs" in (answer.text or "")
    running.api.text(ana.user, "why?", ana.chat, reply_to=answer.message_id)
    ana.waits_for(2)
    ana.writes("/help@test_bot")
    assert len(ana.answers) == 3


def test_in_a_group_the_answer_points_to_the_question(running: Running) -> None:
    ana = Person(running, chat=new_group())
    answer = ana.writes("/help")
    question = answer.result["reply_to_message"]
    assert question["from"]["id"] == ana.user.id and question["text"] == "/help"


def test_two_people_in_one_group_have_conversations_of_their_own(running: Running) -> None:
    group = new_group()
    ana, ben = Person(running, chat=group), Person(running, chat=group)
    choice = ana.writes("/language")
    ana.taps(choice, text("language_name", "es"))
    assert ana.writes("/help").text == text("help", "es")
    assert ben.writes("/help").text == text("help", "en")
    assert Person(running).writes("/help").text == text("help", "en")


def test_a_group_that_takes_the_assistant_in_is_told_when_it_answers(running: Running) -> None:
    ana = Person(running, chat=new_group())
    answer = ana.does(lambda api: api.membership(ana.user, "left", "member", ana.chat))
    assert answer.text == text("group_only_words", "en")


# What goes wrong


def test_too_many_requests_delay_an_answer_and_nobody_else(running: Running) -> None:
    ana, ben = Person(running), Person(running)
    running.api.fail_next("sendMessage", 429, retry_after=1, chat_id=ana.user.id)
    running.api.text(ana.user, "/help")
    wait(running.api, lambda: ana.user.id in [c.params.get("chat_id") for c in running.api.calls])
    assert ben.writes("/help").text == text("help", "en")
    [answer] = ana.waits_for(1)
    assert answer.text == text("help", "en")


def test_a_person_who_blocked_the_assistant_does_not_stop_it(running: Running) -> None:
    ana, ben = Person(running), Person(running)
    ana.writes("/help")
    running.api.text(ana.user, "/about")
    running.api.block(ana.user)
    assert ben.writes("/help").text == text("help", "en")
    running.api.unblock(ana.user)
    assert ana.writes("/privacy").text == text("privacy", "en")


def test_a_telegram_that_fails_for_a_moment_does_not_stop_it(running: Running) -> None:
    ana = Person(running)
    running.api.fail_next("sendMessage", 502, chat_id=ana.user.id)
    running.api.fail_next("getUpdates", 502)
    running.api.text(ana.user, "/about")
    wait(running.api, lambda: ana.user.id in [c.params.get("chat_id") for c in running.api.calls])
    assert ana.writes("/help").text == text("help", "en")


def test_twenty_chats_side_by_side_are_answered_in_order(running: Running) -> None:
    people = [Person(running) for _ in range(20)]
    script = [
        ("What is racial healing?", "truth about past wrongs"),
        ("/help", text("help", "en")),
        ("/privacy", text("privacy", "en")),
        ("/about", text("about_assistant", "en")),
    ]
    for words, _ in script:
        for person in people:
            running.api.text(person.user, words)
    for person in people:
        answers = person.waits_for(len(script))
        assert len(answers) == len(script)
        for answer, (_, expected) in zip(answers, script, strict=True):
            assert expected in (answer.text or "")


def test_telegram_never_refuses_what_is_sent(running: Running) -> None:
    ana = Person(running)
    for words in ("/start", "/help", "/faq", "/language", "/privacy", "/delete", "/about"):
        ana.writes(words)
    refused = [call for call in running.api.calls if call.error and "Bad Request" in call.error]
    assert not refused


def test_nothing_that_was_handled_stays_unconfirmed(running: Running) -> None:
    Person(running).writes("/help")
    wait(running.api, lambda: not running.api.unconfirmed)


def test_neither_the_token_nor_what_people_write_is_printed(running: Running) -> None:
    Person(running).writes("my cat is called Zanahoria")
    assert "Ready after" in running.printed
    assert TOKEN not in running.printed and "TEST" not in running.printed
    assert "Zanahoria" not in running.printed


# Start and stop


def test_a_killed_process_loses_nothing_and_a_stopped_one_confirms_what_it_did(
    model: Path, tmp_path: Path
) -> None:
    with BotApiThread(TOKEN) as api:
        with run(api, tmp_path) as running:
            people = [Person(running) for _ in range(30)]
            for person in people:
                api.text(person.user, "What is racial healing?")
            people[0].waits_for(1)
            running.process.send_signal(signal.SIGKILL)
            running.process.wait()
        with run(api, tmp_path) as again:
            for person in people:
                person.waits_for(1)
            late = [Person(again) for _ in range(30)]
            updates = {api.text(person.user, "/help"): person for person in late}
            late[0].waits_for(1)
            again.process.send_signal(signal.SIGTERM)
            assert again.process.wait(STOP_SECONDS) == 0
            assert all(len(person.answers) in (1, 2) for person in people)
            answered = [number for number, person in updates.items() if person.answers]
            assert sorted([*answered, *api.unconfirmed]) == sorted(updates)
            assert all(len(person.answers) <= 1 for person in late)
            for output in (running.printed, again.printed):
                assert "TEST" not in output and "Traceback" not in output


def test_a_wrong_token_ends_the_start_with_one_line(tmp_path: Path) -> None:
    with BotApiThread("123:ANOTHER") as api:
        done = subprocess.run(
            command(), cwd=ROOT, env=environment(api, tmp_path), capture_output=True, timeout=60
        )
    assert done.returncode == 2
    assert done.stdout == b""
    [line] = [line for line in done.stderr.decode().splitlines() if line != "Starting ..."]
    assert line.startswith("twh: ") and "TELEGRAM_BOT_TOKEN" in line
    assert TOKEN not in line
