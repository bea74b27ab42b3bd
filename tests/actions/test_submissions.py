"""One's own submissions: listed, shown, changed, copied and withdrawn, without a model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from rasa_sdk import Action
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from actions.event_form import EventForm
from actions.forms.draft import CONFIRM, Draft
from actions.healing_map.models import Event, Message, sessions
from actions.healing_map.review import approve, reject
from actions.healing_map.store import (
    add,
    draft_of,
    entries_of,
    entry_of,
)
from actions.message_form import MessageForm
from actions.submissions import PAGE, ActionMySubmissions
from actions.texts import LANGUAGES, text
from bot.turns import MAX_PAYLOAD_BYTES
from tests.actions.doing import Done, do
from tests.actions.healing_map.making import (
    ANA,
    BEN,
    NOW,
    event_draft,
    in_hours,
    put_event,
    put_message,
)

AT_HOME: dict[str, Any] = {
    "description": "We listen to each other.",
    "host_name": "Ana Reyes",
    "host_type": "individual",
    "address": "8100 S Vernon Ave",
    "address_visibility": "area_only",
    "contact": "ana@example.org",
    "accessibility": "accessible",
}
FORMS: dict[str, Action] = {"event_form": EventForm(), "message_form": MessageForm()}


class Resident:
    """Somebody with submissions; slots are kept as the conversation keeps them, in JSON."""

    def __init__(self, engine: Engine, conversation: str = ANA, language: str = "en") -> None:
        self._engine = engine
        self._conversation = conversation
        self._language = language
        self.slots: dict[str, Any] = {}
        self.form: str | None = None

    def sent_an_event(self, title: str = "Book club", **fields: Any) -> str:
        """Put an event of theirs before the staff, and give its code."""
        with sessions(self._engine).begin() as session:
            fields = {"status": "pending", "description": "We read.", **fields}
            return str(put_event(session, title, submitter=ANA, **fields).code)

    def sent_a_message(self, words: str = "We heal.", **fields: Any) -> str:
        with sessions(self._engine).begin() as session:
            fields = {"status": "pending", **fields}
            return str(put_message(session, words, submitter=ANA, **fields).code)

    def types(self, words: str) -> Done:
        return self._does(words)

    def chooses(self, choice: str | None = None) -> Done:
        return self._does(choice=choice)

    def opens(self, choice: str) -> Done:
        """Choose what opens a form, and return what the form says then."""
        self.chooses(choice)
        assert self.form is not None
        return self._run(FORMS[self.form], "my_submissions", after="action_my_submissions")

    def submits(self) -> Done:
        assert self.form is not None
        return self._run(FORMS[self.form], "submit")

    def _does(self, words: str | None = None, choice: str | None = None) -> Done:
        return self._run(ActionMySubmissions(), "my_submissions", text=words, choice=choice)

    def _run(self, action: Action, intent: str, **turn: Any) -> Done:
        carried = {"language": self._language, "slots": self.slots, "form": self.form}
        done = do(action, intent, conversation=self._conversation, **carried, **turn)
        for event in json.loads(json.dumps(done.events)):
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
            elif event["event"] == "active_loop":
                self.form = event["name"]
        return done

    def draft(self) -> Draft:
        draft = Draft.from_slot(self.slots["event_draft"])
        assert draft is not None
        return draft


@pytest.fixture
def ana(own_map: Engine) -> Resident:
    return Resident(own_map)


@pytest.fixture
def session(own_map: Engine) -> Iterator[Session]:
    """What is stored, read anew after each turn."""
    with sessions(own_map)() as session:
        yield session


def stored(session: Session, code: str) -> Event | Message:
    entry = entry_of(session, ANA, code)
    assert entry is not None
    session.refresh(entry)
    return entry


def payload(choice: str) -> str:
    return f'/my_submissions{{"choice": "{choice}"}}'


# The list


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_sent_nothing_is_told_so_and_how_to_begin(own_map: Engine, language: str) -> None:
    done = Resident(own_map, language=language).chooses()
    assert done.text == text("no_submissions", language)
    assert done.payloads == ["/submit_event", "/submit_message"]
    assert done.events == []


def test_everything_is_listed_the_newest_first_with_its_status(ana: Resident) -> None:
    event = ana.sent_an_event(now=in_hours(-3), starts_at=in_hours(4 * 24))
    message = ana.sent_a_message("We listen, we talk, we heal.", status="approved", now=NOW)
    done = ana.types("show my submissions")
    assert done.text.splitlines() == [
        f"1. {message} · “We listen, we talk, we heal.” · on the map",
        f"2. {event} · Book club · Saturday, December 12 · waiting for review",
    ]
    assert done.titles == ["1", "2"]
    assert done.payloads == [payload(f"show:{message}"), payload(f"show:{event}")]


def test_the_list_speaks_spanish_too(own_map: Engine) -> None:
    ana = Resident(own_map, language="es")
    code = ana.sent_an_event(status="withdrawn", starts_at=in_hours(4 * 24))
    assert ana.chooses().text == f"1. {code} · Book club · sábado 12 de diciembre · retirado"


def test_a_long_message_is_cut_in_the_list(ana: Resident) -> None:
    ana.sent_a_message("heal " * 100)
    assert len(ana.chooses().text) < 100
    assert "…" in ana.chooses().text


def test_a_long_list_comes_page_by_page(ana: Resident) -> None:
    codes = [ana.sent_a_message(f"Message {n}", now=in_hours(-n)) for n in range(PAGE + 2)]
    first = ana.chooses()
    assert first.titles == [*(str(n + 1) for n in range(PAGE)), text("more_button", "en")]
    assert first.payloads[-1] == payload(f"more:{PAGE}")
    second = ana.chooses(f"more:{PAGE}")
    assert second.text.splitlines()[-1].startswith(f"{PAGE + 2}. {codes[-1]} ")
    assert second.payloads == [payload(f"show:{code}") for code in codes[PAGE:]]


@pytest.mark.parametrize("forged", ["more:99", "more:-1", "more:x", "more:²", "list", ""])
def test_a_forged_page_is_the_first_one(ana: Resident, forged: str) -> None:
    ana.sent_an_event()
    assert ana.chooses(forged).text.startswith("1. ")


def test_others_submissions_are_not_listed(ana: Resident, own_map: Engine) -> None:
    ana.sent_an_event()
    assert Resident(own_map, BEN).chooses().text == text("no_submissions", "en")


def test_a_draft_that_waits_can_be_gone_on_with(ana: Resident) -> None:
    ana.slots["event_draft"] = Draft(answers={"title": "Supper"}).to_slot()
    assert ana.chooses().payloads[0] == "/resume_draft"
    ana.sent_an_event()
    assert ana.chooses().payloads[-1] == "/resume_draft"


# One of them


def test_one_is_shown_with_all_that_only_its_owner_may_see(ana: Resident) -> None:
    code = ana.sent_an_event("Porch circle", **AT_HOME)
    done = ana.chooses(f"show:{code}")
    assert "Contact (not shown): ana@example.org" in done.text
    assert "8100 S Vernon Ave" in done.text
    assert "On the map: Only the area" in done.text
    assert done.text.endswith(text("submission_pending", "en"))
    assert done.messages[0]["custom"]["heading"] == f"{code} · waiting for review"
    assert done.titles == ["Change", "Withdraw", "Copy to another date", "Back to the list"]
    wishes = [payload(f"{wish}:{code}") for wish in ("change", "withdraw", "copy")]
    assert done.payloads == [*wishes, "/my_submissions"]


def test_a_message_is_shown_and_has_no_date_to_copy_to(ana: Resident) -> None:
    code = ana.sent_a_message("We heal.", author_name="Ana", area="Chatham", status="approved")
    done = ana.chooses(f"show:{code}")
    assert done.text == (
        f"“We heal.”\nName: Ana\nArea: Chatham\n\n{text('submission_approved', 'en')}"
    )
    assert done.titles == ["Change", "Withdraw", "Back to the list"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_after_a_rejection_the_reason_is_told(
    own_map: Engine, session: Session, language: str
) -> None:
    ana = Resident(own_map, language=language)
    code = ana.sent_an_event()
    reject(session, code, "The link does not {work}.", NOW)
    session.commit()
    said = ana.chooses(f"show:{code}").text
    assert said.endswith(text("submission_rejected", language, reason="The link does not {work}."))


@pytest.mark.parametrize("words", ["what about {}", "show me {}?", "¿cómo va {}, por favor?"])
def test_a_code_in_a_text_shows_that_one(ana: Resident, words: str) -> None:
    ana.sent_an_event("Supper")
    code = ana.sent_an_event("Peace circle")
    for written in (code, code.lower()):
        done = ana.types(words.format(written))
        assert "Peace circle" in done.text
        assert done.messages[0]["custom"]["heading"].startswith(code)


@pytest.mark.parametrize("wish", ["show", "change", "copy", "withdraw", "withdrawn"])
def test_somebody_elses_code_is_as_unknown_as_any(
    ana: Resident, own_map: Engine, session: Session, wish: str
) -> None:
    code = ana.sent_an_event(status="approved")
    ben = Resident(own_map, BEN)
    answers = [ben.chooses(f"{wish}:{it}") for it in (code, "CCCCCC", "", "x' OR 1")]
    assert {done.text for done in answers} == {text("submission_unknown", "en")}
    assert all(done.events == [] for done in answers)
    assert stored(session, code).status == "approved"
    assert ben.types(f"what about {code}").text == text("submission_unknown", "en")


def test_what_staff_imported_belongs_to_nobody(own_map: Engine, session: Session) -> None:
    code = add(session, event_draft(), NOW).code
    session.commit()
    for person in ("", ANA):
        done = Resident(own_map, person).chooses(f"show:{code}")
        assert done.text == text("submission_unknown", "en")


@pytest.mark.parametrize("choice", [None, "show", "change", "copy", "withdraw", "withdrawn"])
def test_in_a_group_nothing_is_told_or_done(
    ana: Resident, own_map: Engine, session: Session, choice: str | None
) -> None:
    code = ana.sent_an_event()
    done = Resident(own_map, "telegram:-100:7").chooses(choice and f"{choice}:{code}")
    assert done.text == text("form_in_group", "en")
    assert done.events == []
    assert stored(session, code).status == "pending"


def test_every_button_fits_into_a_payload(ana: Resident) -> None:
    code = ana.sent_an_event()
    answers = [ana.chooses(), *(ana.chooses(f"{it}:{code}") for it in ("show", "withdraw"))]
    payloads = [payload for done in answers for payload in done.payloads]
    assert payloads
    assert max(len(payload.encode()) for payload in payloads) <= MAX_PAYLOAD_BYTES


# Changing


def test_change_opens_the_form_at_its_summary(ana: Resident) -> None:
    code = ana.sent_an_event("Porch circle", **AT_HOME)
    said = ana.opens(f"change:{code}")
    assert ana.form == "event_form"
    assert (ana.draft().asked, ana.draft().editing) == (CONFIRM, code)
    assert "Porch circle" in said.text
    assert "ana@example.org" in said.text


def test_a_change_that_is_sent_goes_back_to_the_review(ana: Resident, session: Session) -> None:
    code = ana.sent_an_event("Porch circle", **AT_HOME)
    before = draft_of(stored(session, code))
    approve(session, code, NOW)
    session.commit()
    assert ana.chooses(f"change:{code}").text == text("change_submission_approved", "en")
    ana.opens(f"change:{code}")
    assert ana.submits().text == text("event_changed", "en", code=code)
    entry = stored(session, code)
    assert (entry.status, entry.revision) == ("pending", 2)
    assert draft_of(entry) == before


def test_a_message_is_changed_in_its_own_form(ana: Resident, session: Session) -> None:
    code = ana.sent_a_message("We heal.", author_name="Ana", area="Chatham")
    before = draft_of(stored(session, code))
    assert "We heal." in ana.opens(f"change:{code}").text
    assert ana.form == "message_form"
    ana.submits()
    assert draft_of(stored(session, code)) == before
    assert stored(session, code).revision == 2


def test_what_was_withdrawn_can_be_sent_again(ana: Resident, session: Session) -> None:
    code = ana.sent_an_event(status="withdrawn")
    assert ana.chooses(f"change:{code}").text == text("change_submission", "en")
    ana.opens(f"change:{code}")
    ana.submits()
    assert stored(session, code).status == "pending"


def test_an_unfinished_draft_makes_room_for_a_change_and_comes_back(ana: Resident) -> None:
    mine = Draft(answers={"title": "Supper"}).to_slot()
    ana.slots["event_draft"] = mine
    ana.opens(f"change:{ana.sent_an_event()}")
    assert ana.draft().aside == mine
    ana.submits()
    assert ana.slots["event_draft"] == mine


def test_changing_again_keeps_what_was_changed_and_not_sent(ana: Resident) -> None:
    code = ana.sent_an_event()
    ana.opens(f"change:{code}")
    answers = {**ana.draft().answers, "title": "Reading circle"}
    ana.slots["event_draft"] = replace(ana.draft(), answers=answers).to_slot()
    assert "Reading circle" in ana.opens(f"change:{code}").text
    ana.opens(f"change:{ana.sent_an_event('Supper')}")
    assert "Reading circle" in ana.opens(f"change:{code}").text


def test_tapping_again_and_again_piles_up_nothing(ana: Resident) -> None:
    ana.slots["event_draft"] = Draft(answers={"title": "My own"}).to_slot()
    codes = [ana.sent_an_event(title) for title in ("One", "Two")]
    lengths = []
    for _ in range(3):
        for code in codes:
            ana.opens(f"change:{code}")
            ana.opens(f"copy:{code}")
        lengths.append(len(json.dumps(ana.slots)))
    assert lengths[0] == lengths[1] == lengths[2]


def test_an_open_form_is_said_to_wait(ana: Resident) -> None:
    ana.slots["message_draft"] = Draft(answers={"text": "We heal."}, asked="author").to_slot()
    ana.form = "message_form"
    done = ana.chooses(f"change:{ana.sent_an_event()}")
    paused = text("form_paused", "en", thing=text("thing_message", "en"))
    assert done.text == f"{paused}\n\n{text('change_submission', 'en')}"
    assert ana.form == "event_form"
    assert ana.slots["message_draft"]["answers"] == {"text": "We heal."}


# Copying


def test_a_copy_asks_only_for_its_date(ana: Resident, session: Session) -> None:
    code = ana.sent_an_event("Porch circle", **AT_HOME)
    assert ana.chooses(f"copy:{code}").text == text("copy_submission", "en", title="Porch circle")
    said = ana.opens(f"copy:{code}")
    assert said.text.endswith(text("event_when_ask", "en"))
    draft = ana.draft()
    assert (draft.asked, draft.editing) == ("when", "")
    when = {"start": in_hours(48).isoformat(), "end": in_hours(50).isoformat()}
    answers = {**draft.answers, "when": when}
    ana.slots["event_draft"] = replace(draft, answers=answers, asked=CONFIRM).to_slot()
    ana.submits()
    copy, original = entries_of(session, ANA)
    assert (copy.status, copy.code != code, copy.starts_at) == ("pending", True, in_hours(48))
    same = {"starts_at": original.starts_at, "ends_at": original.ends_at}
    assert replace(draft_of(copy), **same) == draft_of(original)


def test_a_message_cannot_be_copied_to_another_date(ana: Resident) -> None:
    done = ana.chooses(f"copy:{ana.sent_a_message()}")
    assert done.text.startswith("“We heal.”")
    assert done.events == []


# Withdrawing


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_withdrawn_before_a_clear_question(
    own_map: Engine, session: Session, language: str
) -> None:
    ana = Resident(own_map, language=language)
    code = ana.sent_an_event(status="approved")
    done = ana.chooses(f"withdraw:{code}")
    assert done.text == text("withdraw_question", language, title="Book club")
    assert done.titles == [text("yes_button", language), text("no_button", language)]
    assert done.payloads == [payload(f"withdrawn:{code}"), payload(f"show:{code}")]
    assert stored(session, code).status == "approved"


@pytest.mark.parametrize("status", ["pending", "approved", "rejected"])
def test_a_yes_withdraws_it(ana: Resident, session: Session, status: str) -> None:
    code = ana.sent_an_event(status=status)
    done = ana.chooses(f"withdrawn:{code}")
    assert done.text == text("withdrawn", "en", title="Book club")
    assert done.titles == ["Change", "Copy to another date", "Back to the list"]
    assert stored(session, code).status == "withdrawn"


def test_a_second_yes_changes_nothing(ana: Resident, session: Session) -> None:
    code = ana.sent_a_message("We heal.")
    first = ana.chooses(f"withdrawn:{code}")
    revision = stored(session, code).revision
    assert ana.chooses(f"withdrawn:{code}") == first
    assert stored(session, code).revision == revision
