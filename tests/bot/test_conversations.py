"""Conversations in the database: the same state from fewer events, and nothing left behind."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import text
from sqlalchemy.engine import Connection, Engine

from actions.healing_map.database import IN_MEMORY, open_database
from actions.healing_map.encryption import WrongKey, cipher, use_secret
from bot import conversations
from bot.assistant import Assistant
from bot.conversations import (
    DAYS_KEPT,
    KEPT_TURNS,
    ConversationStore,
    Events,
    MovedOn,
    fold_old_events,
)
from bot.turns import Command, Content, Tap, Turn, Typed
from tests.conversation import Conversation, Talk, text_of

DOMAIN = Domain.from_yaml(
    """
    version: "3.1"
    intents: [ask, host]
    slots:
      language: {type: text, influence_conversation: false, mappings: [{type: custom}]}
      title: {type: text, influence_conversation: false, mappings: [{type: custom}]}
      requested_slot: {type: text, influence_conversation: false, mappings: [{type: custom}]}
    forms:
      event_form: {required_slots: []}
      message_form: {required_slots: []}
    actions: [action_answer, action_offer]
    """
)
LISTEN = ActionExecuted("action_listen")
BEGINNING: list[Event] = [ActionExecuted("action_session_start"), SessionStarted(), LISTEN]


def typed(intent: str = "ask") -> UserUttered:
    return UserUttered("words", {"name": intent, "confidence": 1.0})


def turn(*events: Event, intent: str = "ask") -> list[Event]:
    return [typed(intent), ActionExecuted("action_answer"), *events, LISTEN]


def stored(events: list[Event]) -> Events:
    return [event.as_dict() for event in events]


def state_after(events: Events) -> dict[str, Any]:
    """Return what Rasa's rules and actions can see after these events."""
    tracker = DialogueStateTracker.from_dict("test", json.loads(json.dumps(events)), DOMAIN.slots)
    return {
        "slots": tracker.current_slot_values(),
        "form": tracker.active_loop_name,
        "latest action": tracker.latest_action_name,
        "latest intent": tracker.latest_message.intent if tracker.latest_message else None,
        "last states": tracker.past_states(DOMAIN)[-KEPT_TURNS:],
    }


def as_stored_turn_by_turn(turns: list[list[Event]]) -> Events:
    """Fold after every turn, as a conversation is stored."""
    events = stored(BEGINNING)
    for each in turns:
        events = fold_old_events([*events, *stored(each)])
    return events


FORMS = ("event_form", "message_form")
EFFECTS = st.one_of(
    st.builds(SlotSet, st.sampled_from(["language", "title"]), st.sampled_from(["a", "b", None])),
    st.builds(SlotSet, st.just("requested_slot"), st.sampled_from(["title", "when", None])),
    st.builds(ActiveLoop, st.sampled_from([*FORMS, None])),
    st.builds(BotUttered, st.just("an answer")),
)
ACTIONS = st.builds(
    ActionExecuted,
    st.sampled_from(["action_answer", "action_offer", *FORMS]),
)
ORDINARY_TURNS = st.builds(
    lambda intent, steps: [typed(intent), *(e for step in steps for e in step), LISTEN],
    st.sampled_from(["ask", "host"]),
    st.lists(
        st.builds(lambda action, effects: [action, *effects], ACTIONS, st.lists(EFFECTS)),
        min_size=1,
        max_size=3,
    ),
)
DELETIONS = st.just(
    [typed(), ActionExecuted("action_answer"), BotUttered("deleted"), Restarted(), *BEGINNING]
)


def with_forms_opened(turns: list[list[Event]]) -> list[list[Event]]:
    """Let a form's action open the form that is not open, as forms do.

    Rasa asks of a form's action whether that form was ever open, even before a restart.
    """
    is_open: str | None = None
    opened: list[list[Event]] = []
    for each in turns:
        opened.append([])
        for event in each:
            opened[-1].append(event)
            if isinstance(event, ActiveLoop):
                is_open = event.name
            elif isinstance(event, Restarted):
                is_open = None
            elif isinstance(event, ActionExecuted) and event.action_name in FORMS:
                if is_open != event.action_name:
                    opened[-1].append(ActiveLoop(event.action_name))
                is_open = event.action_name
    return opened


TURNS = st.lists(st.one_of(*[ORDINARY_TURNS] * 6, DELETIONS), max_size=12).map(with_forms_opened)
unhurried = settings(max_examples=60, deadline=None)  # a busy machine is no failure


@unhurried
@given(TURNS)
def test_folded_events_lead_to_the_same_state_as_all_events(turns: list[list[Event]]) -> None:
    everything = stored([*BEGINNING, *(event for each in turns for event in each)])
    assert state_after(as_stored_turn_by_turn(turns)) == state_after(everything)


@unhurried
@given(TURNS)
def test_folding_once_is_as_good_as_folding_at_every_turn(turns: list[list[Event]]) -> None:
    everything = stored([*BEGINNING, *(event for each in turns for event in each)])
    assert state_after(fold_old_events(everything)) == state_after(as_stored_turn_by_turn(turns))


@unhurried
@given(TURNS)
def test_folding_what_is_folded_changes_nothing(turns: list[list[Event]]) -> None:
    once = as_stored_turn_by_turn(turns)
    assert fold_old_events(once) == once


@unhurried
@given(TURNS)
def test_no_more_than_the_last_turns_stay_word_for_word(turns: list[list[Event]]) -> None:
    kept = [it for it in as_stored_turn_by_turn(turns) if it["event"] == "user"]
    assert len(kept) <= KEPT_TURNS


def test_a_short_conversation_stays_whole() -> None:
    events = stored([*BEGINNING, *(e for _ in range(KEPT_TURNS) for e in turn())])
    assert fold_old_events(events) == events


def test_a_form_that_was_opened_long_ago_is_still_open_with_what_was_entered() -> None:
    opened = turn(ActiveLoop("event_form"), SlotSet("title", "Peace circle"), intent="host")
    state = state_after(as_stored_turn_by_turn([opened, *[turn()] * 20]))
    assert state["form"] == "event_form"
    assert state["slots"]["title"] == "Peace circle"


def test_a_form_that_was_closed_long_ago_stays_closed() -> None:
    turns = [turn(ActiveLoop("event_form")), turn(ActiveLoop(None)), *[turn()] * 20]
    assert state_after(as_stored_turn_by_turn(turns))["form"] is None


def test_what_was_there_before_a_deletion_is_gone_from_the_row() -> None:
    deletion: list[Event] = [typed(), ActionExecuted("action_answer"), Restarted(), *BEGINNING]
    events = as_stored_turn_by_turn([turn(SlotSet("title", "secret")), deletion])
    assert "secret" not in json.dumps(events)
    assert not [it for it in events if it["event"] == "user"]


@pytest.mark.parametrize("forgetting", [AllSlotsReset(), SessionStarted()])
def test_slots_that_were_emptied_long_ago_stay_empty(forgetting: Event) -> None:
    turns = [turn(SlotSet("title", "Peace circle")), turn(forgetting), *[turn()] * 5]
    assert state_after(as_stored_turn_by_turn(turns))["slots"]["title"] is None


def row_length(assistant: Assistant, conversation: Conversation) -> int:
    query = text("SELECT length(events) FROM conversations WHERE id = :id")
    with assistant.transactions.engine.connect() as connection:
        row = {"id": cipher().fingerprint(conversation.id)}
        return connection.execute(query, row).scalar() or 0


def test_the_row_of_a_conversation_stops_growing(assistant: Assistant, talk: Talk) -> None:
    resident = talk()
    round_of_turns: list[Content] = [
        Typed("What is racial healing?"),
        Tap("/faq_dates"),
        Command("faq"),
        Tap('/browse_faq{"choice": "campaign"}'),
        Tap('/change_language{"choice": "en"}'),
    ]

    def go_round(times: int) -> int:
        for content in round_of_turns * times:
            resident.does(content)
        return row_length(assistant, resident)

    after_10_turns = go_round(2)
    after_60_turns = go_round(10)
    assert after_10_turns > 0
    assert after_60_turns <= 1.02 * after_10_turns


def test_a_deletion_leaves_no_row(assistant: Assistant, talk: Talk) -> None:
    resident = talk()
    resident.types("My name is Rosa. What is racial healing?")
    resident.sends("/delete")
    assert row_length(assistant, resident) > 0
    resident.taps("Yes, delete it")
    assert row_length(assistant, resident) == 0


def test_after_a_deletion_the_conversation_begins_anew(assistant: Assistant, talk: Talk) -> None:
    resident = talk()
    resident.types("Hablemos en español, por favor")
    resident.sends("/delete")
    resident.taps("Sí, bórralo")
    assert resident.types("What is racial healing?").language == "en"
    assert row_length(assistant, resident) > 0


def test_several_conversations_at_once_do_not_mix(assistant: Assistant) -> None:
    def question(number: int) -> Turn:
        text = "¿Qué es la sanación racial?" if number % 2 else "What is racial healing?"
        return Turn(f"test:at-once:{number}", Typed(text))

    async def all_at_once() -> list[str]:
        turns = [assistant.handle(question(number)) for number in range(12)]
        return [answer.language for answer in await asyncio.gather(*turns)]

    assert asyncio.run(all_at_once()) == ["en", "es"] * 6


def test_quick_turns_of_one_conversation_are_all_kept_in_order(assistant: Assistant) -> None:
    texts = ["What is racial healing?", "What is TRHT?", "What is OERJ?"]

    async def in_a_hurry() -> list[str]:
        turns = [assistant.handle(Turn("test:hurry", Typed(text))) for text in texts]
        answers = await asyncio.gather(*turns)
        tracker = await assistant._conversations.retrieve("test:hurry")
        assert [text_of(answer).splitlines()[0] for answer in answers] == texts
        return [it.text for it in tracker.events if isinstance(it, UserUttered)]

    assert asyncio.run(in_a_hurry()) == texts


@pytest.fixture(params=["in memory", "on disk"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ConversationStore:
    """A store of its own, without an assistant."""
    url = IN_MEMORY if request.param == "in memory" else f"sqlite:///{tmp_path / 'twh.db'}"
    return ConversationStore(open_database(url), DOMAIN)


def tracker_of(sender: str, events: list[Event]) -> DialogueStateTracker:
    tracker = DialogueStateTracker(sender, DOMAIN.slots)
    tracker.update_with_events([*BEGINNING, *events], DOMAIN)
    return tracker


def test_a_conversation_that_nobody_began_is_not_there(store: ConversationStore) -> None:
    assert asyncio.run(store.retrieve("nobody")) is None


def test_a_stored_conversation_comes_back_as_it_was(store: ConversationStore) -> None:
    strange = "emoji 🎉, NUL \\u0000 \x00, quote ' \" and ñ"

    async def there_and_back() -> DialogueStateTracker | None:
        await store.save(tracker_of("one", turn(SlotSet("title", strange))))
        return await store.retrieve("one")

    tracker = asyncio.run(there_and_back())
    assert tracker is not None
    assert tracker.get_slot("title") == strange
    assert tracker.latest_message.text == "words"


def test_the_row_of_a_conversation_names_nobody_and_tells_nothing(
    store: ConversationStore,
) -> None:
    chat, title = "telegram:5512345678", "At Rosa's house"
    asyncio.run(store.save(tracker_of(chat, turn(SlotSet("title", title)))))
    with store.transactions.engine.connect() as connection:
        row = connection.execute(text("SELECT id, events FROM conversations")).one()
    assert row.id == cipher().fingerprint(chat)
    assert title in cipher().decrypt(row.events)
    for private in ("5512345678", "Rosa's", "parse_data"):
        assert private not in row.id + row.events


def test_a_conversation_is_not_read_with_another_key(store: ConversationStore) -> None:
    asyncio.run(store.save(tracker_of("one", turn())))
    use_secret("quite another secret")
    assert asyncio.run(store.retrieve("one")) is None
    with store.transactions.engine.begin() as connection:
        row = {"id": cipher().fingerprint("one")}
        connection.execute(text("UPDATE conversations SET id = :id"), row)
    with pytest.raises(WrongKey):
        asyncio.run(store.retrieve("one"))


def test_rows_that_version_0_2_0_left_in_plain_text_are_encrypted_and_go_on(
    store: ConversationStore,
) -> None:
    plain = json.dumps(stored([*BEGINNING, *turn(SlotSet("title", "Peace circle"))]))
    row = {"id": "telegram:55", "events": plain, "at": "2021-01-15 12:00:00.000000"}
    put = text("INSERT INTO conversations (id, events, updated_at) VALUES (:id, :events, :at)")
    with store.transactions.engine.begin() as connection:
        connection.execute(put, row)
    ConversationStore(store.transactions.engine, DOMAIN)
    with store.transactions.engine.connect() as connection:
        found = connection.execute(text("SELECT id, events, updated_at FROM conversations")).one()
    assert (found.id, str(found.updated_at)) == (cipher().fingerprint("telegram:55"), row["at"])
    assert "Peace circle" not in found.events
    tracker = asyncio.run(store.retrieve("telegram:55"))
    assert tracker is not None
    assert tracker.get_slot("title") == "Peace circle"


def test_of_a_row_that_is_there_in_plain_text_and_encrypted_the_encrypted_one_stays(
    store: ConversationStore,
) -> None:
    asyncio.run(store.save(tracker_of("one", turn(SlotSet("title", "new")))))
    plain = json.dumps(stored([*BEGINNING, *turn(SlotSet("title", "old"))]))
    put = text("INSERT INTO conversations VALUES ('one', :events, '2021-01-15 12:00:00.000000')")
    with store.transactions.engine.begin() as connection:
        connection.execute(put, {"events": plain})
    ConversationStore(store.transactions.engine, DOMAIN)
    with store.transactions.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM conversations")).scalar_one() == 1
    tracker = asyncio.run(store.retrieve("one"))
    assert tracker is not None
    assert tracker.get_slot("title") == "new"


def test_only_conversations_that_nobody_went_on_with_are_deleted(
    store: ConversationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = datetime(2021, 1, 15, 12, tzinfo=timezone.utc)

    async def save(sender: str, moment: datetime) -> None:
        monkeypatch.setattr(conversations, "real_now", lambda: moment)
        await store.save(await store.retrieve(sender) or tracker_of(sender, turn()))

    async def scenario() -> tuple[int, list[bool]]:
        await save("left", today - timedelta(days=DAYS_KEPT, seconds=1))
        await save("went on", today - timedelta(days=DAYS_KEPT + 9))
        await save("went on", today - timedelta(days=1))
        await save("just in time", today - timedelta(days=DAYS_KEPT) + timedelta(seconds=1))
        monkeypatch.setattr(conversations, "real_now", lambda: today)
        deleted = await store.delete_old()
        names = ("left", "went on", "just in time")
        return deleted, [await store.retrieve(name) is not None for name in names]

    assert asyncio.run(scenario()) == (1, [False, True, True])


# Several processes over one table


@pytest.fixture
def stores(engine: Engine) -> tuple[ConversationStore, ConversationStore]:
    """The stores of two processes."""
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE deeds (deed TEXT)"))
    return ConversationStore(engine, DOMAIN), ConversationStore(engine, DOMAIN)


Deed = Callable[[Connection], None]


def noting(deed: str) -> Deed:
    """What is to be stored together with a turn."""

    def note(connection: Connection) -> None:
        connection.execute(text("INSERT INTO deeds VALUES (:deed)"), {"deed": deed})

    return note


def deeds(store: ConversationStore) -> list[str]:
    with store.transactions.engine.connect() as connection:
        return list(connection.execute(text("SELECT deed FROM deeds")).scalars())


async def read(store: ConversationStore, sender: str) -> DialogueStateTracker:
    tracker = await store.retrieve(sender)
    assert tracker is not None
    return tracker


def go_on(tracker: DialogueStateTracker, *events: Event) -> DialogueStateTracker:
    tracker.update_with_events([*events], DOMAIN)
    return tracker


Stores = tuple[ConversationStore, ConversationStore]


def test_what_is_stored_with_a_turn_is_stored(stores: Stores) -> None:
    here, there = stores
    asyncio.run(here.commit(tracker_of("one", turn(SlotSet("title", "Walk"))), noting("walk")))
    assert asyncio.run(read(there, "one")).get_slot("title") == "Walk"
    assert deeds(here) == ["walk"]


def test_a_turn_that_was_overtaken_by_another_process_is_not_stored(stores: Stores) -> None:
    here, there = stores

    async def story() -> None:
        await here.save(tracker_of("one", turn()))
        slow, quick = await read(here, "one"), await read(there, "one")
        go_on(quick, *turn(SlotSet("title", "quick")))
        await there.commit(quick, noting("quick"))
        with pytest.raises(MovedOn):
            await here.commit(go_on(slow, *turn(SlotSet("title", "slow"))), noting("slow"))
        assert (await read(here, "one")).get_slot("title") == "quick"

    asyncio.run(story())
    assert deeds(here) == ["quick"]


def test_of_two_that_begin_a_conversation_at_once_one_is_stored(stores: Stores) -> None:
    async def story() -> list[Any]:
        both = [
            store.commit(tracker_of("new", turn()), noting(f"begun {number}"))
            for number, store in enumerate(stores)
        ]
        return await asyncio.gather(*both, return_exceptions=True)

    results = asyncio.run(story())
    assert sorted(map(repr, results)) == ["MovedOn()", "None"]
    assert len(deeds(stores[0])) == 1


def test_a_deletion_does_not_take_along_what_was_said_meanwhile(stores: Stores) -> None:
    here, there = stores

    async def story() -> None:
        await here.save(tracker_of("one", turn()))
        deleted = go_on(await read(here, "one"), typed(), Restarted(), *BEGINNING)
        meanwhile = go_on(await read(there, "one"), *turn(SlotSet("title", "new")))
        await there.save(meanwhile)
        with pytest.raises(MovedOn):
            await here.save(deleted)
        assert (await read(here, "one")).get_slot("title") == "new"

    asyncio.run(story())


def test_a_deleted_conversation_does_not_come_back_by_a_turn_that_was_under_way(
    stores: Stores,
) -> None:
    here, there = stores

    async def story() -> None:
        await here.save(tracker_of("one", turn()))
        under_way = go_on(await read(there, "one"), *turn())
        await here.save(go_on(await read(here, "one"), typed(), Restarted(), *BEGINNING))
        with pytest.raises(MovedOn):
            await there.save(under_way)
        assert await here.retrieve("one") is None

    asyncio.run(story())


def test_what_fails_beside_a_turn_leaves_the_conversation_as_it_was(stores: Stores) -> None:
    here, _ = stores

    def fail(connection: Connection) -> None:
        noting("half")(connection)
        raise ValueError

    async def story() -> None:
        await here.save(tracker_of("one", turn()))
        with pytest.raises(ValueError):
            await here.commit(go_on(await read(here, "one"), SlotSet("title", "new")), fail)
        assert (await read(here, "one")).get_slot("title") is None

    asyncio.run(story())
    assert deeds(here) == []
