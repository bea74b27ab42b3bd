"""Handing a finished draft over: stored once, for review, and never lost."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import select, text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from actions.forms.draft import CONFIRM, Draft
from actions.forms.event import EVENT_FORM, answers_of
from actions.forms.message import MESSAGE_FORM
from actions.forms.submission import MOST_PENDING, is_full, submit
from actions.healing_map.models import Event, Message, Notice, sessions
from actions.healing_map.review import approve
from actions.healing_map.store import draft_of, entries_of, submitter_of
from tests.actions.forms.filling import EVENT, MESSAGE, Person
from tests.actions.healing_map.making import put_event, put_message

ME, SOMEBODY_ELSE = "telegram:7", "telegram:8"


@pytest.fixture
def session(own_map: Engine) -> Iterator[Session]:
    """What is stored."""
    with sessions(own_map)() as session:
        yield session


@pytest.fixture
def code_of_mine(own_map: Engine) -> str:
    """An event of one's own that is public."""
    return put(own_map, "Old title", ME, status="approved")


@pytest.fixture
def code_of_somebody(own_map: Engine) -> str:
    """A public event of somebody else."""
    return put(own_map, "Not yours", SOMEBODY_ELSE, status="approved")


def put(engine: Engine, title: str, submitter: str, status: str = "pending") -> str:
    with sessions(engine).begin() as session:
        return str(put_event(session, title, status=status, submitter=submitter).code)


def events(session: Session) -> list[Event]:
    session.expire_all()
    return list(session.execute(select(Event).order_by(Event.id)).scalars())


def number_of_notices(session: Session) -> int:
    return len(session.execute(select(Notice)).scalars().all())


def test_an_event_is_stored_for_review_and_its_code_told(host: Person, session: Session) -> None:
    done = host.holding(EVENT).taps_step("submit")
    (stored,) = events(session)
    assert done.text == host.words("event_submitted", code=stored.code)
    assert (stored.status, stored.revision, stored.language) == ("pending", 1, host.language)
    assert draft_of(stored) == EVENT_FORM.entry_of(EVENT, host.language)
    assert submitter_of(stored) == ME
    assert number_of_notices(session) == 1


def test_after_submit_the_form_is_closed_and_offers_what_comes_next(host: Person) -> None:
    done = host.holding(EVENT).taps_step("submit")
    assert (host.open_form, host.asked, host.slots["event_draft"]) == (None, None, None)
    assert done.payloads == ["/my_submissions", "/submit_message", "/find_nearby"]


@pytest.mark.parametrize(
    ("intent", "typed"), [("submit", "send it"), ("affirm", "yes"), ("submit", None)]
)
def test_submit_can_be_tapped_or_typed(
    host: Person, session: Session, intent: str, typed: str | None
) -> None:
    host.holding(EVENT)
    if typed is None:
        host.taps_step(intent)
    else:
        host.types(typed, intent)
    assert len(events(session)) == 1


def test_a_message_is_stored_for_review_and_its_code_told(writer: Person, session: Session) -> None:
    done = writer.holding(MESSAGE).taps_step("submit")
    (stored,) = session.execute(select(Message)).scalars()
    assert done.text == writer.words("message_submitted", code=stored.code)
    assert (stored.text, stored.author_name, stored.area, stored.status) == (
        "We are one city.",
        "Ana",
        "Lower West Side",
        "pending",
    )


def test_somebody_in_a_group_is_the_person_of_their_private_chat(
    own_map: Engine, session: Session
) -> None:
    Person(MESSAGE_FORM, conversation="telegram:-100:7").holding(MESSAGE).taps_step("submit")
    (stored,) = session.execute(select(Message)).scalars()
    assert submitter_of(stored) == ME


def test_a_repeated_submit_stores_one_and_tells_the_same_code(
    host: Person, session: Session
) -> None:
    slots = host.holding(EVENT).slots.copy()
    first = host.taps_step("submit")
    host.slots, host.open_form = slots, "event_form"
    again = host.taps_step("submit")
    assert again.text == first.text
    assert len(events(session)) == 1
    assert number_of_notices(session) == 1


def test_a_repeated_submit_of_the_last_that_fits_is_no_more_than_that(
    host: Person, own_map: Engine, session: Session
) -> None:
    for number in range(MOST_PENDING - 1):
        put(own_map, f"Event {number}", ME)
    slots = host.holding(EVENT).slots.copy()
    first = host.taps_step("submit")
    host.slots, host.open_form = slots, "event_form"
    assert host.taps_step("submit").text == first.text
    assert len(events(session)) == MOST_PENDING


def test_two_submits_at_once_store_one(own_map: Engine, session: Session) -> None:
    draft = Draft(answers=EVENT, asked=CONFIRM)
    entry = EVENT_FORM.entry_of(EVENT, "en")

    async def both() -> list[str]:
        return list(await asyncio.gather(*(submit(ME, draft, entry) for _ in range(8))))

    codes = asyncio.run(both())
    (stored,) = events(session)
    assert set(codes) == {stored.code}


def test_two_drafts_with_the_same_answers_are_two_events(host: Person, session: Session) -> None:
    for _ in range(2):
        host.holding(EVENT).taps_step("submit")
    assert len(events(session)) == 2


def test_without_all_answers_nothing_is_submitted(host: Person, session: Session) -> None:
    host.holding({"kind": "learning"}, "title")
    done = host.taps_step("submit")
    assert done.text.startswith(host.words("not_complete"))
    assert host.asked == "title"
    assert events(session) == []


def test_with_the_database_gone_the_draft_is_kept_until_it_is_back(
    host: Person, own_map: Engine, session: Session
) -> None:
    host.holding(EVENT)
    with own_map.begin() as connection:
        connection.execute(text("ALTER TABLE events RENAME TO elsewhere"))
    done = host.taps_step("submit")
    assert done.text == host.words("not_stored_now")
    assert done.titles[0] == host.words("submit_button")
    assert (host.open_form, host.asked) == ("event_form", CONFIRM)
    assert host.draft.answers == EVENT

    with own_map.begin() as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO events"))
    done = host.taps(host.words("submit_button"))
    (stored,) = events(session)
    assert done.text == host.words("event_submitted", code=stored.code)


def test_with_the_database_gone_a_form_begins_all_the_same(host: Person, own_map: Engine) -> None:
    with own_map.begin() as connection:
        connection.execute(text("DROP TABLE events"))
    host.begins()
    assert host.asked == "kind"


def test_too_many_that_wait_are_said_so_before_the_form_begins(
    host: Person, own_map: Engine
) -> None:
    for number in range(MOST_PENDING):
        put(own_map, f"Event {number}", ME)
    done = host.begins()
    assert done.text == host.words("too_many_pending", number=str(MOST_PENDING))
    assert done.payloads == ["/my_submissions"]
    assert done.events == []


def test_too_many_that_wait_are_said_so_at_submit_and_the_draft_kept(
    host: Person, own_map: Engine, session: Session
) -> None:
    for number in range(MOST_PENDING):
        put(own_map, f"Event {number}", ME)
    done = host.holding(EVENT).taps_step("submit")
    assert done.text == host.words("too_many_pending", number=str(MOST_PENDING))
    assert (host.open_form, host.asked) == ("event_form", CONFIRM)
    assert len(events(session)) == MOST_PENDING
    assert host.draft.answers == EVENT


def test_events_and_messages_wait_together_and_those_of_others_do_not_count(
    own_map: Engine,
) -> None:
    with sessions(own_map).begin() as session:
        for number in range(MOST_PENDING - 1):
            put_message(session, f"Message {number}", status="pending", submitter=ME)
        put_event(session, "Theirs", status="pending", submitter=SOMEBODY_ELSE)
        put_event(session, "Public", status="approved", submitter=ME)
    assert not _is_full(ME)
    put(own_map, "The last", ME)
    assert _is_full(ME)
    assert _is_full("telegram:-100:7")
    assert not _is_full(SOMEBODY_ELSE)


def _is_full(conversation: str) -> bool:
    return asyncio.run(is_full(conversation))


def test_a_change_goes_back_to_review(host: Person, session: Session, code_of_mine: str) -> None:
    host.holding(EVENT, editing=code_of_mine)
    done = host.taps_step("submit")
    assert done.text == host.words("event_changed", code=code_of_mine)
    (stored,) = events(session)
    assert (stored.title, stored.status, stored.revision) == ("Book club", "pending", 2)
    assert host.open_form is None


def test_a_repeated_change_is_one_change(host: Person, session: Session, code_of_mine: str) -> None:
    slots = host.holding(EVENT, editing=code_of_mine).slots.copy()
    first = host.taps_step("submit")
    host.slots, host.open_form = slots, "event_form"
    assert host.taps_step("submit").text == first.text
    (stored,) = events(session)
    assert stored.revision == 2
    assert number_of_notices(session) == 1


def test_a_change_can_be_sent_although_many_wait(
    host: Person, own_map: Engine, code_of_mine: str
) -> None:
    for number in range(MOST_PENDING):
        put(own_map, f"Event {number}", ME)
    done = host.holding(EVENT, editing=code_of_mine).taps_step("submit")
    assert done.text == host.words("event_changed", code=code_of_mine)


def test_what_belongs_to_somebody_else_is_not_changed(
    host: Person, session: Session, code_of_somebody: str
) -> None:
    done = host.holding(EVENT, editing=code_of_somebody).taps_step("submit")
    assert done.text == host.words("not_stored_anymore")
    (stored,) = events(session)
    assert (stored.title, stored.status, stored.revision) == ("Not yours", "approved", 1)
    assert host.open_form is None


@pytest.mark.parametrize("code", ["QQQQQQ", "nonsense", "' OR 1=1"])
def test_what_is_no_longer_there_is_said_so(host: Person, session: Session, code: str) -> None:
    done = host.holding(EVENT, editing=code).taps_step("submit")
    assert done.text == host.words("not_stored_anymore")
    assert events(session) == []


@pytest.mark.parametrize("editing", ["", "own"])
def test_a_draft_that_had_made_room_comes_back_after_submit(
    host: Person, code_of_mine: str, editing: str
) -> None:
    waiting = Draft(answers={"kind": "dialogue"}, asked="title")
    code = code_of_mine if editing else ""
    done = host.holding(EVENT, editing=code, aside=waiting.to_slot()).taps_step("submit")
    assert host.draft == waiting
    assert done.payloads[0] == "/resume_draft"


def test_a_change_of_a_stored_event_without_changes_is_the_same_event(
    host: Person, session: Session
) -> None:
    host.holding(EVENT).taps_step("submit")
    (stored,) = events(session)
    before = draft_of(stored)
    host.holding(answers_of(before), editing=stored.code).taps_step("submit")
    (stored,) = events(session)
    assert draft_of(stored) == before
    assert stored.revision == 2


def test_a_change_that_is_approved_meanwhile_waits_again(
    host: Person, own_map: Engine, session: Session
) -> None:
    code = put(own_map, "Pending", ME)
    host.holding({**EVENT, "title": "Changed"}, editing=code)
    with sessions(own_map).begin() as deciding:
        approve(deciding, code, session.execute(select(Event.submitted_at)).scalar_one())
    host.taps_step("submit")
    (stored,) = events(session)
    assert (stored.title, stored.status) == ("Changed", "pending")


def test_formulas_markup_and_quotes_are_stored_as_they_were_typed(
    host: Person, session: Session
) -> None:
    strange = '=HYPERLINK("http://x") <b>\'); DROP TABLE events; --</b> {x} %s 🙂'
    host.holding({**EVENT, "title": strange, "description": f"{strange}\nñ"}).taps_step("submit")
    (stored,) = events(session)
    assert (stored.title, stored.description) == (strange, f"{strange}\nñ")


def test_what_is_submitted_belongs_to_its_person_alone(host: Person, session: Session) -> None:
    host.holding(EVENT).taps_step("submit")
    assert len(entries_of(session, ME)) == 1
    assert entries_of(session, SOMEBODY_ELSE) == []
