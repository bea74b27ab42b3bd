"""How a form is filled in, turn by turn: each test runs in English and in Spanish."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from actions.clock import set_now
from actions.forms.draft import CONFIRM, Draft
from actions.forms.event import EVENT_FORM, summary
from actions.forms.message import MESSAGE_FORM
from actions.healing_map.models import TITLE_LENGTH
from tests.actions.doing import Done
from tests.actions.forms.filling import ELLIS, EVENT, MESSAGE, NOW, PILSEN, SATURDAY, Person

BEGUN: dict[str, Any] = {"kind": "learning", "title": "Book club"}
PAST = {"start": "2020-12-01T15:00:00-06:00", "end": "2020-12-01T17:00:00-06:00"}
RICH = {
    "en": "I'm hosting a book club at the Woodson library on Dec 12 at 3pm",
    "es": "quiero organizar un club de lectura en la biblioteca Woodson el 12 de diciembre a las 3",
}
FULL_DAY = {
    "en": "December 12, 3 to 5 pm",
    "es": "12 de diciembre de 3 a 5 de la tarde",
}


def paragraphs(done: Done) -> list[str]:
    """What the only message says, part by part."""
    return done.text.split("\n\n")


def custom(done: Done) -> dict[str, Any]:
    """What the only message carries beside its words."""
    (message,) = done.messages
    carried: dict[str, Any] = message["custom"]
    return carried


def before(answers: dict[str, Any], name: str) -> dict[str, Any]:
    """The answers that stand before a field's."""
    names = list(answers)
    return {it: answers[it] for it in names[: names.index(name)]}


# It begins.


def test_a_form_says_what_it_is_for_and_asks_its_first_question(host: Person) -> None:
    done = host.begins()
    assert paragraphs(done) == [host.words("event_intro"), host.words("event_kind_ask")]
    assert (host.open_form, host.asked) == ("event_form", "kind")
    assert len(done.titles) == 6
    assert custom(done) == {"last_row": 2}


def test_a_message_form_begins_in_the_same_way(writer: Person) -> None:
    done = writer.begins()
    asked = writer.words("message_text_ask", most="1,000")
    assert paragraphs(done) == [writer.words("message_intro"), asked]
    assert (writer.open_form, writer.asked) == ("message_form", "text")


def test_what_the_first_sentence_says_is_read_back_and_not_asked(host: Person) -> None:
    done = host.begins(RICH[host.language])
    assert "Carter G. Woodson Regional Library" in done.text
    assert host.words("end_guessed") in done.text
    assert paragraphs(done)[-1] == host.words("event_title_ask")
    assert host.asked == "title"
    assert host.draft.answers.keys() == {"kind", "when", "place", "format"}


def test_the_suggested_title_is_one_tap_away(host: Person) -> None:
    title = "Book club" if host.language == "en" else "Club de lectura"
    assert host.begins(RICH[host.language]).titles[0] == title
    done = host.taps(title)
    assert host.draft.answers["title"] == title
    assert host.asked == "description"
    assert done.text == host.words("event_description_ask")


def test_a_yes_takes_the_suggested_title(host: Person) -> None:
    host.begins(RICH[host.language])
    host.types("yes", "affirm")
    assert host.draft.answers["title"] in ("Book club", "Club de lectura")


def test_an_unclear_date_in_the_first_sentence_is_asked_first(host: Person) -> None:
    past = {
        "en": "we held a book club on Dec 1 from 3 to 5 pm",
        "es": "hicimos un club de lectura el 1 de diciembre de 3 a 5 de la tarde",
    }
    done = host.begins(past[host.language])
    assert host.asked == "when_check"
    assert done.titles[:2] == [host.words("yes_button"), host.words("no_button")]
    host.taps(host.words("yes_button"))
    assert host.draft.answers["when"] == PAST
    assert host.asked == "title"


def test_a_message_in_the_first_sentence_is_taken(writer: Person) -> None:
    wish = {"en": "leave a message: we are one city", "es": "dejar un mensaje: somos una ciudad"}
    done = writer.begins(wish[writer.language])
    assert writer.asked == "author"
    assert wish[writer.language].partition(": ")[2] in done.text


def test_in_a_group_a_form_does_not_begin(own_map: Engine, language: str) -> None:
    person = Person(EVENT_FORM, language, conversation="telegram:-100:7")
    done = person.begins(RICH[language])
    assert done.text == person.words("form_in_group")
    assert done.events == []


def test_a_form_that_is_open_and_empty_asks_again_when_it_is_begun_again(host: Person) -> None:
    host.begins()
    assert host.begins().text == host.words("event_kind_ask")
    assert host.asked == "kind"


def test_a_rich_sentence_begins_an_open_and_empty_form_anew(host: Person) -> None:
    host.begins()
    host.types(RICH[host.language])
    assert host.draft.answers.keys() == {"kind", "when", "place", "format"}
    assert host.asked == "title"
    host.types("yes", "affirm")
    assert host.draft.answers["title"] in ("Book club", "Club de lectura")


def test_a_rich_sentence_in_the_middle_of_a_form_puts_it_aside(host: Person) -> None:
    host.holding({"kind": "dialogue", "title": "Old circle"}, "when")
    host.begins(RICH[host.language])
    assert host.draft.answers["kind"] == "learning"
    assert [draft.answers.get("title") for draft in host.draft.line()] == [None, "Old circle"]


def test_a_wish_in_the_middle_of_a_form_offers_to_go_on(host: Person) -> None:
    host.holding(BEGUN, "when")
    assert host.begins().titles[0] == host.words("go_on_button")
    assert host.draft.answers == BEGUN


def test_a_draft_that_waits_is_offered_before_a_new_one_begins(host: Person) -> None:
    host.slots["event_draft"] = Draft(answers=dict(BEGUN), asked="when").to_slot()
    done = host.begins()
    thing = host.words("thing_event")
    resume = host.words("form_resume_titled", thing=thing, title="Book club")
    assert paragraphs(done) == [resume, host.words("event_when_ask")]
    assert done.titles == [
        host.words(name) for name in ("go_on_button", "start_over_button", "not_now_button")
    ]
    assert host.asked == "when"
    assert host.draft.answers == BEGUN


def test_a_new_rich_sentence_puts_the_draft_aside_and_can_bring_it_back(host: Person) -> None:
    waiting = Draft(answers={"kind": "dialogue", "title": "Old circle"}, asked="when")
    host.slots["event_draft"] = waiting.to_slot()
    host.begins(RICH[host.language])
    assert host.draft.answers["kind"] == "learning"
    done = host.taps(host.words("bring_back_button"))
    assert host.draft.answers == waiting.answers
    assert host.draft.id == waiting.id
    assert paragraphs(done) == [host.words("form_restored"), host.words("event_when_ask")]


def test_another_open_form_waits_meanwhile(host: Person) -> None:
    host.begins()
    host.sends('/inform{"choice": "kind:learning"}')
    done = host.begins(form=MESSAGE_FORM)
    paused = host.words("form_paused", thing=host.words("thing_event"))
    assert paragraphs(done)[0] == paused
    assert host.open_form == "message_form"
    assert host.slots["event_draft"]["answers"] == {"kind": "learning"}


# Answers.


def test_a_whole_event_is_asked_field_by_field_and_read_back(host: Person) -> None:
    host.begins()
    asked = [host.asked]
    for typed in (
        *("a book club", "Reading the city", FULL_DAY[host.language], "in person"),
        *("4100 S Ellis Ave", "We read together.", "Kenwood Neighbors", "ana@example.org"),
        *("there is a ramp", "the exact place"),
    ):
        done = host.types(typed)
        asked.append(host.asked)
    assert asked == [*(name for name in EVENT), CONFIRM]
    answers = {**EVENT, "title": "Reading the city"}
    assert host.draft.answers["place"].pop("latitude") == pytest.approx(41.82, abs=0.01)
    assert done.text.endswith(host.words("event_confirm_ask"))
    for field in answers:
        spoken = EVENT_FORM.in_words(field, answers, host.language, NOW)
        assert spoken.partition(" ")[2] in done.text or spoken in done.text
    assert "last_row" not in custom(done)


def test_a_whole_message_is_asked_field_by_field_and_read_back(writer: Person) -> None:
    writer.begins()
    asked = [writer.asked]
    for typed, intent in (
        ("We are one city.", "inform"),
        ("Ana", "inform"),
        ("Pilsen", "inform"),
        ("yes", "affirm"),
    ):
        done = writer.types(typed, intent)
        asked.append(writer.asked)
    assert asked == ["text", "author", "area", "consent", CONFIRM]
    assert writer.draft.answers == MESSAGE
    assert "We are one city." in done.text


def test_a_date_and_a_place_are_read_back_at_once(host: Person) -> None:
    host.holding(BEGUN, "when")
    done = host.types(FULL_DAY[host.language])
    when = EVENT_FORM.in_words("when", {"when": SATURDAY}, host.language, NOW)
    assert paragraphs(done)[0] == host.words("noted", facts=when)
    assert host.words("end_guessed") not in done.text
    host.types("in person")
    done = host.types("4100 S Ellis Ave")
    assert "4100 S Ellis Ave (Oakland)" in paragraphs(done)[0]


def test_an_hour_without_an_end_gets_two_hours_and_it_is_said_so(host: Person) -> None:
    host.holding(BEGUN, "when")
    done = host.types({"en": "Dec 12 at 3pm", "es": "12 de diciembre a las 3"}[host.language])
    assert host.words("end_guessed") in done.text
    done = host.types({"en": "until 6", "es": "hasta las 6"}[host.language], "change")
    assert host.words("end_guessed") not in done.text


def test_the_hours_are_asked_once_the_day_is_known(host: Person) -> None:
    host.holding(BEGUN, "when")
    done = host.types({"en": "Saturday", "es": "el sábado"}[host.language])
    assert host.asked == "when"
    assert "12" in done.text
    host.types("3-5")
    assert host.draft.answers["when"] == SATURDAY
    assert host.asked == "format"


def test_a_past_date_is_welcome_after_one_question(host: Person) -> None:
    host.holding(BEGUN, "when")
    past = {"en": "December 1, 3 to 5 pm", "es": "1 de diciembre de 3 a 5 de la tarde"}
    when = EVENT_FORM.in_words("when", {"when": PAST}, host.language, NOW)
    assert host.types(past[host.language]).text == host.words("event_when_check", when=when)
    assert host.asked == "when_check"
    host.types("yes", "affirm")
    assert host.draft.answers["when"] == PAST
    assert host.asked == "format"


def test_a_past_date_that_was_a_slip_is_asked_anew(host: Person) -> None:
    host.holding(BEGUN, "when_check", side={"when": PAST})
    assert host.sends('/inform{"choice": "when_check:no"}').text == host.words("event_when_ask")
    assert host.asked == "when"
    assert "when" not in host.draft.answers


def test_several_places_are_offered_as_buttons(host: Person) -> None:
    host.holding(before(EVENT, "place"), "place")
    done = host.types("Humboldt Park or Pilsen")
    assert host.asked == "place_check"
    assert done.titles[:3] == [
        *("Humboldt Park", "Pilsen (Lower West Side)", host.words("event_place_none"))
    ]
    host.taps("Pilsen (Lower West Side)")
    assert host.draft.answers["place"]["name"] == "Pilsen"
    assert host.asked == "description"


def test_none_of_the_places_asks_for_another(host: Person) -> None:
    host.holding(before(EVENT, "place"), "place_check", side={"places": [ELLIS, PILSEN]})
    host.sends('/inform{"choice": "place_check:none"}')
    assert host.asked == "place"


def test_a_shared_place_is_shown_on_a_map_before_it_is_taken(host: Person) -> None:
    host.holding(before(EVENT, "place"), "place")
    done = host.shares(41.8205, -87.6024)
    assert host.asked == "place_check"
    assert custom(done)["pin"] == {
        "latitude": 41.821,
        "longitude": -87.602,
        "title": "Oakland",
        "address": "Oakland",
    }
    host.taps(host.words("yes_button"))
    assert host.draft.answers["place"]["exact"] is True
    assert host.asked == "description"


def test_a_shared_place_outside_of_the_city_is_said_so(host: Person) -> None:
    host.holding(before(EVENT, "place"), "place")
    assert host.shares(43.04, -87.91).text == host.words("event_place_outside_pin")
    assert host.asked == "place"


def test_the_question_for_a_place_offers_to_share_it(host: Person) -> None:
    host.holding(before(EVENT, "format"), "format")
    done = host.types("in person")
    assert custom(done)["location_request"] == host.words("share_location")


def test_of_a_shared_place_a_message_keeps_the_area(writer: Person) -> None:
    writer.holding({"text": "We heal.", "author": ""}, "area")
    writer.shares(41.8205, -87.6024)
    assert writer.draft.answers["area"] == "Oakland"
    assert "41.8" not in str(writer.slots)


def test_the_name_of_a_building_that_no_map_knows_is_kept(host: Person) -> None:
    host.holding(before(EVENT, "place"), "place")
    assert host.types("Casa Aztlan Two").text == host.words("event_place_misfit")
    host.types("4100 S Ellis Ave")
    assert host.draft.answers["place"]["address"] == "Casa Aztlan Two, 4100 S Ellis Ave"


def test_a_host_in_doubt_is_asked_about(host: Person) -> None:
    host.holding(before(EVENT, "host"), "host")
    done = host.types("Austin Weavers")
    assert done.text == host.words("event_host_check", name="Austin Weavers")
    host.taps(host.words("event_host_organization"))
    assert host.draft.answers["host"] == {"name": "Austin Weavers", "type": "organization"}


def test_a_virtual_event_may_stand_for_no_place_and_is_asked_for_its_link(host: Person) -> None:
    host.holding(before(EVENT, "format"), "format")
    assert host.types("online").text == host.words("event_place_ask_virtual")
    host.taps(host.words("step_skip"))
    assert host.draft.answers["place"] == {}
    host.types("We listen.")
    host.types("Ana Reyes")
    host.taps(host.words("step_skip"))
    assert host.asked == "link"
    host.taps(host.words("step_skip"))
    assert host.asked == CONFIRM


def test_a_virtual_event_that_becomes_one_in_person_is_asked_for_its_place(host: Person) -> None:
    virtual = {**EVENT, "format": "virtual", "place": {}, "link": ""}
    for name in ("accessibility", "visibility"):
        del virtual[name]
    host.holding(virtual)
    host.types("in person", "change", choice="format", value="in person")
    assert host.asked == "place"


# What does not fit.


def test_a_title_of_3000_characters_is_explained_in_other_words_the_second_time(
    host: Person,
) -> None:
    host.holding({"kind": "learning"}, "title")
    size = {"length": "3,000", "most": str(TITLE_LENGTH)}
    assert host.types("x" * 3000).text == host.words("event_title_misfit", **size)
    assert host.types("x" * 3000).text == host.words("event_title_misfit_again", **size)
    assert host.asked == "title"
    host.types("Book club")
    assert host.draft.answers["title"] == "Book club"
    assert host.draft.misfits == 0


@pytest.mark.parametrize(
    ("field", "typed", "problem"),
    [
        ("kind", "something", "choice_misfit"),
        ("title", "!!!", "event_title_empty"),
        ("when", "soon", "event_when_misfit"),
        ("when", "Dec 12 from 5pm to 3pm", "event_when_order"),
        ("format", "hm", "choice_misfit"),
        ("place", "Grandma's porch", "event_place_misfit"),
        ("description", "...", "event_description_empty"),
        ("host", "me", "event_host_empty"),
        ("contact", "call me", "event_contact_misfit"),
        ("accessibility", "perhaps so", "choice_misfit"),
        ("visibility", "hm", "choice_misfit"),
    ],
)
def test_what_does_not_fit_is_said_so_and_the_question_stays_open(
    host: Person, field: str, typed: str, problem: str
) -> None:
    host.holding(before(EVENT, field), field)
    done = host.types(typed)
    assert done.text == host.words(problem)
    assert host.asked == field
    assert host.draft.answers == before(EVENT, field)
    assert done.titles[-1] == host.words("step_cancel")


def test_milwaukee_is_named_as_outside_of_the_city(host: Person) -> None:
    host.holding(before(EVENT, "place"), "place")
    done = host.types("Milwaukee")
    assert done.text == host.words("event_place_outside", place="Milwaukee")
    assert host.asked == "place"


def test_after_hours_in_the_wrong_order_the_day_stays_known(host: Person) -> None:
    host.holding(BEGUN, "when")
    host.types("Dec 12 from 5pm to 3pm")
    host.types("3 to 5")
    assert host.draft.answers["when"] == SATURDAY


def test_a_photo_instead_of_a_title_is_not_read_and_the_title_asked_again(host: Person) -> None:
    host.holding({"kind": "learning"}, "title")
    done = host.sends_a_photo()
    assert paragraphs(done) == [host.words("cannot_read_answer"), host.words("event_title_ask")]
    assert host.asked == "title"


@pytest.mark.parametrize(("typed", "intent"), [("yes", "affirm"), ("no", "deny")])
def test_yes_and_no_are_no_title(host: Person, typed: str, intent: str) -> None:
    host.holding({"kind": "learning"}, "title")
    assert host.types(typed, intent).text == host.words("event_title_empty")


def test_a_name_without_letters_is_no_author(writer: Person) -> None:
    writer.holding({"text": "We heal."}, "author")
    assert writer.types("🙂").text == writer.words("message_author_empty")
    assert writer.asked == "author"


def test_without_consent_nothing_is_sent_and_it_can_still_be_given(writer: Person) -> None:
    writer.holding({"text": "We heal.", "author": "", "area": ""}, "consent")
    refused = writer.words("message_consent_refused")
    assert writer.types("no", "deny").text == refused
    assert writer.sends('/inform{"choice": "consent:no"}').text == refused
    assert writer.asked == "consent"
    writer.types("ok, send it", "submit")
    assert writer.asked == CONFIRM


@pytest.mark.parametrize("typed", ['=HYPERLINK("http://x.org")', "<b>Circle</b> {x} %s"])
def test_formulas_and_markup_stay_what_was_typed(host: Person, typed: str) -> None:
    host.holding({"kind": "learning"}, "title")
    host.types(typed)
    assert host.draft.answers["title"] == typed
    host.holding({**EVENT, "title": typed}, "visibility")
    assert typed in host.types("the exact place").text


@pytest.mark.parametrize(
    "payload",
    [
        '/inform{"choice": "kind:party"}',
        '/inform{"choice": "title:suggested"}',
        '/inform{"choice": "title:keep"}',
        '/inform{"choice": "contact:none"}',
        '/inform{"choice": "when_check:yes"}',
        '/inform{"choice": "place_check:0"}',
        '/inform{"choice": "host_check:individual"}',
        '/inform{"choice": "format:virtual"}',
        '/inform{"choice": "consent:yes"}',
        '/inform{"choice": "held"}',
        '/inform{"choice": "confirm:keep"}',
        '/inform{"choice": ":"}',
        '/inform{"choice": ""}',
        '/inform{"choice": "id:1"}',
    ],
)
def test_a_forged_or_old_tap_changes_nothing_and_asks_again(host: Person, payload: str) -> None:
    host.holding({"kind": "learning"}, "title")
    done = host.sends(payload)
    assert done.text == host.words("event_title_ask")
    assert host.draft.answers == {"kind": "learning"}
    assert host.asked == "title"


def test_a_forged_number_of_a_place_is_none(host: Person) -> None:
    host.holding(before(EVENT, "place"), "place_check", side={"places": [ELLIS]})
    for number in ("1", "0001", "99999999999999999999", "-1", "²"):
        host.sends(f'/inform{{"choice": "place_check:{number}"}}')
        assert host.asked == "place_check"
        assert "place" not in host.draft.answers


def test_an_old_button_of_an_earlier_question_changes_its_answer(host: Person) -> None:
    host.holding(BEGUN, "when")
    done = host.sends('/inform{"choice": "kind:dialogue"}')
    assert host.draft.answers["kind"] == "dialogue"
    assert paragraphs(done)[-1] == host.words("event_when_ask")
    assert host.asked == "when"


# Getting around.


def test_back_leads_to_the_answer_before_which_can_be_kept(host: Person) -> None:
    host.holding(BEGUN, "when")
    done = host.taps_step("go_back")
    assert (host.asked, done.text) == ("title", host.words("event_title_ask"))
    host.taps(host.words("keep_button", value="Book club"))
    assert host.asked == "when"
    assert host.draft.answers == BEGUN


def test_back_at_the_first_question_says_that_it_is_the_first(host: Person) -> None:
    host.begins()
    done = host.taps_step("go_back")
    assert paragraphs(done) == [host.words("first_question"), host.words("event_kind_ask")]


def test_back_at_the_summary_leads_to_the_last_question(host: Person) -> None:
    host.holding(EVENT)
    host.taps_step("go_back")
    assert host.asked == "visibility"


def test_back_at_a_side_question_asks_its_field(host: Person) -> None:
    host.holding(BEGUN, "when_check", side={"when": PAST})
    host.taps_step("go_back")
    assert host.asked == "when"
    assert host.draft.side == {}


def test_what_may_be_skipped_is_skipped(host: Person) -> None:
    host.holding(before(EVENT, "contact"), "contact")
    host.taps_step("skip")
    assert host.draft.answers["contact"] == ""
    assert host.asked == "accessibility"


def test_what_is_needed_is_not_skipped_and_the_reason_said(host: Person) -> None:
    host.holding({"kind": "learning"}, "title")
    done = host.taps_step("skip")
    assert paragraphs(done) == [
        host.words("cannot_skip"),
        host.words("event_title_why"),
        host.words("event_title_ask"),
    ]
    assert host.asked == "title"


def test_there_is_nothing_to_skip_at_the_summary(host: Person) -> None:
    host.holding(EVENT)
    assert host.taps_step("skip").text.endswith(host.words("event_confirm_ask"))
    assert host.asked == CONFIRM


def test_an_optional_answer_can_be_taken_back(host: Person) -> None:
    host.holding(EVENT, "visibility")
    host.sends('/change{"choice": "contact"}')
    host.taps(host.words("leave_empty_button"))
    assert host.draft.answers["contact"] == ""
    assert host.asked == CONFIRM


def test_an_optional_answer_can_be_taken_back_in_words(host: Person) -> None:
    host.holding(EVENT)
    done = host.types("remove my e-mail", "change", choice="contact", value="none")
    assert host.draft.answers["contact"] == ""
    assert host.words("not_given") in done.text


def test_skipping_a_question_that_was_answered_before_keeps_the_answer(host: Person) -> None:
    host.holding(EVENT, "contact")
    host.taps_step("skip")
    assert host.draft.answers == EVENT
    assert host.asked == CONFIRM


@pytest.mark.parametrize("field", [*EVENT, "when_check", "host_check"])
def test_the_reason_is_told_at_every_question(host: Person, field: str) -> None:
    side: dict[str, Any] = {"when": PAST, "name": "X"} if field.endswith("_check") else {}
    host.holding(before(EVENT, field.removesuffix("_check")), field, side=side)
    done = host.taps_step("explain")
    assert done.text.startswith(host.words(f"event_{field.removesuffix('_check')}_why"))
    assert host.asked == field


def test_a_form_without_answers_is_cancelled_without_a_trace(host: Person) -> None:
    host.begins()
    assert host.taps_step("cancel").text == host.words("form_cancelled_empty")
    assert (host.open_form, host.asked, host.slots["event_draft"]) == (None, None, None)


def test_a_cancelled_form_is_kept_and_can_be_deleted_or_gone_on_with(host: Person) -> None:
    host.holding(BEGUN, "when")
    done = host.taps_step("cancel")
    assert done.text == host.words("form_cancelled")
    assert done.payloads == [
        '/resume_draft{"choice": "event_form"}',
        '/resume_draft{"choice": "discard:event_form"}',
    ]
    assert host.open_form is None
    assert host.draft.answers == BEGUN


def test_starting_over_can_be_taken_back(host: Person) -> None:
    host.holding(BEGUN, "when")
    done = host.taps_step("start_over")
    assert paragraphs(done) == [host.words("form_started_over"), host.words("event_kind_ask")]
    assert host.draft.answers == {}
    host.taps(host.words("bring_back_button"))
    assert host.draft.answers == BEGUN
    assert host.asked == "when"


def test_what_a_forged_tap_brings_back_is_nothing(host: Person) -> None:
    host.holding(BEGUN, "when")
    host.sends('/start_over{"choice": "back"}')
    assert host.asked == "kind"
    host.taps(host.words("bring_back_button"))
    assert host.draft.answers == BEGUN


def test_starting_over_a_change_still_changes_the_same_entry(host: Person) -> None:
    host.holding(EVENT, editing="ABC234")
    host.taps_step("start_over")
    assert host.draft.editing == "ABC234"


def test_a_draft_that_had_made_room_is_not_lost_by_starting_over(host: Person) -> None:
    first = Draft(answers={"kind": "dialogue"}, asked="title").to_slot()
    host.holding(EVENT, editing="ABC234", aside=first)
    host.taps_step("start_over")
    kept = [draft.answers for draft in host.draft.line()]
    assert kept == [{}, EVENT, {"kind": "dialogue"}]


# Changes.


def test_a_new_value_is_taken_at_once_and_the_form_goes_on(host: Person) -> None:
    host.holding(before(EVENT, "contact"), "contact")
    done = host.types("actually it's at 4", "change", choice="when", value="at 4")
    assert host.draft.answers["when"]["start"] == "2020-12-12T16:00:00-06:00"
    assert host.draft.answers["when"]["end"] == "2020-12-12T18:00:00-06:00"
    assert paragraphs(done)[-1] == host.words("event_contact_ask")
    assert host.asked == "contact"


def test_a_field_to_change_is_asked_and_then_the_form_goes_on(host: Person) -> None:
    host.holding(EVENT)
    done = host.types("change the title", "change", choice="title")
    assert done.text == host.words("event_title_ask")
    assert done.titles[0] == host.words("keep_button", value="Book club")
    done = host.types("Peace circle")
    assert host.asked == CONFIRM
    assert done.text.startswith(summary({**EVENT, "title": "Peace circle"}, host.language, NOW))


def test_change_at_the_summary_lists_the_fields(host: Person) -> None:
    host.holding(EVENT)
    done = host.taps_step("change")
    assert done.text == host.words("change_which")
    assert done.titles[: len(EVENT)] == [host.words(f"event_{name}_name") for name in EVENT]
    host.taps(host.words("event_title_name"))
    assert host.asked == "title"


def test_no_at_the_summary_lists_the_fields_too(host: Person) -> None:
    host.holding(EVENT)
    assert host.types("no", "deny").text == host.words("change_which")


def test_yes_to_the_list_of_fields_submits_nothing(host: Person) -> None:
    host.holding(EVENT)
    host.taps_step("change")
    host.types("yes", "affirm")
    assert host.asked == CONFIRM
    assert host.draft.answers == EVENT


def test_an_hour_typed_under_the_list_of_fields_stays_on_its_day(host: Person) -> None:
    host.holding(EVENT, "when")
    host.taps_step("change")
    host.types("at 4")
    assert host.draft.answers["when"]["start"] == "2020-12-12T16:00:00-06:00"


def test_there_is_nothing_to_change_at_the_first_question(host: Person) -> None:
    host.begins()
    done = host.taps_step("change")
    assert paragraphs(done) == [host.words("nothing_to_change_yet"), host.words("event_kind_ask")]


@pytest.mark.parametrize("choice", ["link", "text", "confirm", "id", ""])
def test_a_field_that_is_not_asked_cannot_be_changed(host: Person, choice: str) -> None:
    host.holding(EVENT)
    done = host.sends(f'/change{{"choice": "{choice}"}}')
    assert done.text == host.words("change_which")
    assert host.draft.answers == EVENT


def test_a_new_value_that_does_not_fit_is_said_so_and_asked(host: Person) -> None:
    host.holding(EVENT)
    done = host.types("change the date to x", "change", choice="when", value="x")
    assert done.text == host.words("event_when_misfit")
    assert host.asked == "when"
    assert host.draft.answers == EVENT
    host.types("Sunday")
    assert host.draft.answers["when"]["start"] == "2020-12-13T15:00:00-06:00"
    assert host.asked == CONFIRM


def test_a_change_to_a_past_date_is_asked_about(host: Person) -> None:
    host.holding(EVENT)
    host.types("the 1st", "change", choice="when", value="December 1, 3 to 5 pm")
    assert host.asked == "when_check"
    host.types("yes", "affirm")
    assert host.draft.answers["when"] == PAST
    assert host.asked == CONFIRM


def test_another_place_has_to_be_asked_how_exactly_it_is_shown(host: Person) -> None:
    host.holding(EVENT)
    host.types("x", "change", choice="place", value="9525 S Halsted")
    assert host.asked == "visibility"
    assert "visibility" not in host.draft.answers


# Something in between.


def test_after_a_question_in_between_the_form_goes_on_where_it_was(host: Person) -> None:
    host.holding(BEGUN, "when")
    done = host.asks_in_between("faq_events", "what counts as a healing event?")
    back = host.words("back_to_form", thing=host.words("thing_event"))
    assert paragraphs(done) == [back, host.words("event_when_ask")]
    assert host.asked == "when"
    assert host.draft.answers == BEGUN
    assert host.draft.held == ""


def test_a_question_that_was_the_title_is_one_tap_away(host: Person) -> None:
    host.holding({"kind": "learning"}, "title")
    host.asks_in_between("faq_racial_healing", "What is racial healing?")
    host.taps(host.words("use_button", value="What is racial healing?"))
    assert host.draft.answers["title"] == "What is racial healing?"
    assert host.asked == "when"


def test_a_question_in_between_keeps_the_day_that_is_known(host: Person) -> None:
    host.holding(BEGUN, "when", side={"day": "2020-12-12"})
    host.asks_in_between("faq_events", "what counts?")
    host.types("3 to 5")
    assert host.draft.answers["when"] == SATURDAY


@pytest.mark.parametrize(
    ("typed", "intent"), [("yes", "affirm"), ("send it", "submit"), ("ok", "affirm")]
)
def test_a_yes_to_what_was_held_takes_it(host: Person, typed: str, intent: str) -> None:
    host.holding({"kind": "learning"}, "title")
    host.asks_in_between("faq_racial_healing", "What is racial healing?")
    host.types(typed, intent)
    assert host.draft.answers["title"] == "What is racial healing?"


def test_a_tapped_question_in_between_is_nobodys_title(host: Person) -> None:
    host.holding({"kind": "learning"}, "title")
    host.asks_in_between("faq_events")
    assert host.draft.held == ""


def test_in_a_crisis_the_form_waits_and_nothing_is_lost(host: Person) -> None:
    host.holding(before(EVENT, "description"), "description")
    done = host.asks_in_between("crisis", "I do not want to live")
    assert done.text == host.words("form_waits")
    assert done.titles[0] == host.words("go_on_button")
    assert host.asked == "description"
    host.taps(host.words("go_on_button"))
    assert host.asked == "description"
    assert host.draft.answers == before(EVENT, "description")


@pytest.mark.parametrize(
    ("intent", "typed"), [("crisis", "I do not want to live"), ("greet", "hello"), ("help", "help")]
)
def test_a_yes_to_going_on_is_no_answer(host: Person, intent: str, typed: str) -> None:
    host.holding(before(EVENT, "description"), "description")
    host.asks_in_between(intent, typed)
    done = host.types("yes", "affirm")
    assert done.text == host.words("event_description_ask")
    assert "description" not in host.draft.answers
    assert host.draft.side == {}


def test_words_of_pain_can_still_be_taken_for_the_description(host: Person) -> None:
    host.holding(before(EVENT, "description"), "description")
    words = "A night for all who once did not want to live"
    host.asks_in_between("crisis", words)
    host.taps(next(title for title in host.buttons if "A night for all" in title))
    assert host.draft.answers["description"] == words


def test_a_yes_to_going_on_at_the_summary_submits_nothing(host: Person) -> None:
    host.holding(EVENT)
    host.asks_in_between("help", "help")
    done = host.types("yes", "affirm")
    assert done.text.endswith(host.words("event_confirm_ask"))
    assert host.asked == CONFIRM


def test_after_help_the_form_offers_to_go_on(host: Person) -> None:
    host.holding(BEGUN, "when")
    done = host.asks_in_between("help")
    assert done.titles[0] == host.words("go_on_button")
    assert host.taps(host.words("go_on_button")).text == host.words("event_when_ask")


@pytest.mark.parametrize("task", ["find_nearby", "explore_map", "my_submissions", "submit_message"])
def test_a_form_waits_closed_while_something_else_is_done(host: Person, task: str) -> None:
    host.holding(BEGUN, "when")
    done = host.asks_in_between(task, "show me something else")
    assert done.text == host.words("form_paused", thing=host.words("thing_event"))
    assert done.titles == [host.words("go_on_button")]
    assert host.open_form is None
    assert host.draft.answers == BEGUN


def test_an_empty_form_goes_silently(host: Person) -> None:
    host.begins()
    assert host.asks_in_between("find_nearby", "events near me").messages == []
    assert (host.open_form, host.slots["event_draft"]) == (None, None)


def test_a_shared_place_is_a_search_where_no_place_is_asked(host: Person) -> None:
    host.holding(BEGUN, "when")
    done = host.shares(41.8, -87.6)
    assert done.messages == []
    assert done.events[0]["event"] == "action_execution_rejected"


def test_a_form_that_another_action_opened_asks_its_next_question(host: Person) -> None:
    answers = {name: it for name, it in EVENT.items() if name != "when"}
    host.holding(answers, asked="")
    done = host.runs_after("my_submissions")
    assert done.text == host.words("event_when_ask")
    assert host.asked == "when"


def test_a_draft_that_was_resumed_asks_where_it_was_left(host: Person) -> None:
    host.holding(BEGUN, "when", side={"day": "2020-12-12"})
    done = host.runs_after("resume_draft")
    assert "12" in done.text
    assert host.draft.side == {"day": "2020-12-12"}


def test_what_is_no_answer_to_the_summary_is_said_so_in_other_words_the_second_time(
    host: Person,
) -> None:
    host.holding(EVENT)
    assert host.types("hm").text == host.words("event_confirm_misfit")
    assert host.types("hm").text == host.words("event_confirm_misfit_again")
    assert host.asked == CONFIRM


# A pause.


def test_after_a_days_pause_what_is_typed_is_held_and_the_draft_offered(host: Person) -> None:
    host.holding({"kind": "learning"}, "title", touched_at=NOW.isoformat())
    set_now(NOW + timedelta(days=1))
    done = host.types("Peace circle")
    assert host.words("event_title_ask") in done.text
    assert "title" not in host.draft.answers
    host.taps(host.words("use_button", value="Peace circle"))
    assert host.draft.answers["title"] == "Peace circle"
    assert host.asked == "when"


def test_after_a_days_pause_a_tap_is_an_answer_as_before(host: Person) -> None:
    host.holding({}, "kind", touched_at=NOW.isoformat())
    set_now(NOW + timedelta(days=1))
    host.sends('/inform{"choice": "kind:learning"}')
    assert host.asked == "title"


def test_the_moment_of_the_last_turn_is_kept(host: Person) -> None:
    host.begins()
    assert host.draft.touched_at == NOW.isoformat()
