"""The search on the map, action by action over the sample, without a model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from actions import database
from actions.clock import set_now
from actions.database import use_database
from actions.healing_map.database import IN_MEMORY, open_database
from actions.healing_map.migrations import migrate
from actions.nearby import ActionExploreMap, ActionFindNearby
from actions.texts import LANGUAGES, text
from tests.actions.doing import Done, do
from tests.map_entries import HIDDEN_HOUSE, HIDDEN_WORDS, event_on, message_on

pytestmark = pytest.mark.usefixtures("healing_map")


class Resident:
    """Somebody who searches; the search is kept as the conversation keeps it, in JSON."""

    def __init__(self, language: str = "en") -> None:
        self._language = language
        self.search: dict[str, Any] | None = None

    def types(self, words: str) -> Done:
        return self._do(words)

    def chooses(self, choice: str) -> Done:
        return self._do(choice=choice)

    def goes_on(self, words: str) -> Done:
        """Type a follow-up."""
        return self._do(words, choice="on")

    def speaks(self, language: str) -> None:
        self._language = language

    def shares(self, latitude: float, longitude: float) -> Done:
        return self._do(location=f"{latitude},{longitude}")

    def _do(self, words: str | None = None, **carried: str) -> Done:
        slots = {"search": self.search}
        done = do(
            ActionFindNearby(),
            "find_nearby",
            words,
            language=self._language,
            slots=slots,
            **carried,  # type: ignore[arg-type]
        )
        (change,) = done.events
        assert change["name"] == "search"
        self.search = json.loads(json.dumps(change["value"]))
        return done


@pytest.fixture
def empty_map(healing_map: Engine) -> Iterator[Engine]:
    """A map without anything, in the place of the sample."""
    engine = open_database(IN_MEMORY)
    migrate(engine)
    use_database(engine)
    yield engine
    use_database(healing_map)


def heading(done: Done) -> str:
    return str(done.messages[-1]["custom"]["heading"])


def titles_in(done: Done) -> list[str]:
    """The titles of the events that are listed, in order, without their numbers."""
    paragraphs = (done.texts[-1] or "").split("\n\n")
    return [it.splitlines()[0].partition(". ")[2] for it in paragraphs if it[:1].isdigit()]


def asks_for_a_place(done: Done) -> bool:
    return bool(done.messages[-1]["custom"].get("location_request"))


# What is asked for


def test_a_sentence_says_all_at_once() -> None:
    done = Resident().types("peace circles within 2 miles of the Field Museum in January")
    assert heading(done) == (
        "Field Museum: nearest first · within 2 mi · Connections · "
        "Friday, January 1, 2021, to Sunday, January 31, 2021"
    )
    assert titles_in(done) == ["Looking circle: one painting, many eyes (sample)"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_search_without_a_place_asks_for_one(language: str) -> None:
    done = Resident(language).types("/find_nearby")
    assert done.text == text("ask_place", language)
    assert asks_for_a_place(done)
    assert done.titles == [text("whole_city_button", language)]


def test_what_was_said_before_the_place_is_not_forgotten() -> None:
    resident = Resident()
    assert asks_for_a_place(resident.types("virtual book clubs near me this month"))
    assert heading(resident.types("60637")) == (
        "60637: nearest first · within 5 mi · Learning · Online · "
        "Tuesday, December 1, to Thursday, December 31"
    )


def test_what_was_said_before_a_choice_of_place_is_not_forgotten() -> None:
    resident = Resident()
    done = resident.types("book clubs near 1200 Clark")
    assert done.text == text("which_place", "en")
    assert done.titles == ["1200 N Clark St", "1200 S Clark St"]
    assert heading(resident.chooses("at:1")).startswith("1200 S Clark St: nearest first")
    assert resident.search and resident.search["kinds"] == ["learning"]


def test_messages_that_were_asked_for_stay_asked_for_until_the_place_is_known() -> None:
    resident = Resident()
    resident.types("messages of healing near me")
    assert resident.types("blorptown").text == text("place_unknown", "en")
    assert heading(resident.types("Englewood")) == "Messages of healing · In Englewood"


def test_a_new_place_begins_a_new_search() -> None:
    resident = Resident()
    resident.types("virtual book clubs near 60637 tomorrow")
    assert heading(resident.types("what is going on in Pilsen?")) == "In Pilsen"


def test_a_sentence_without_a_place_goes_on_at_the_last_one() -> None:
    resident = Resident()
    resident.types("events near 60637")
    assert heading(resident.types("only virtual ones")).startswith("60637: nearest first")
    assert resident.search and resident.search["formats"] == ["virtual"]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "circles near me"), ("es", "círculos cerca de mí"), ("es", "circulos cerca de mi")],
)
def test_near_me_is_not_the_last_place_that_was_typed(language: str, words: str) -> None:
    resident = Resident(language)
    resident.types("60637")
    assert asks_for_a_place(resident.types(words))


def test_near_me_is_the_place_that_was_shared() -> None:
    resident = Resident()
    resident.shares(41.8, -87.6)
    assert heading(resident.types("circles near me")).startswith("Your location: nearest first")


def test_a_place_that_is_shared_unasked_begins_a_new_search() -> None:
    resident = Resident()
    resident.types("book clubs near 60637")
    assert heading(resident.shares(41.9, -87.65)) == "Your location: nearest first · within 5 mi"


def test_a_place_that_is_shared_when_asked_goes_on_with_the_search() -> None:
    resident = Resident()
    resident.types("book clubs near me")
    assert heading(resident.shares(41.9, -87.65)).endswith("Learning")


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(42.05, -87.69), (41.9, -87.5), (0.0, 0.0), (200.0, 500.0), (float("nan"), 0.0)],
    ids=["Evanston", "the lake", "the ocean", "off the globe", "no number"],
)
def test_a_shared_place_outside_of_the_city_is_said_to_be_so(
    latitude: float, longitude: float
) -> None:
    resident = Resident()
    done = resident.shares(latitude, longitude)
    assert done.text == text("location_outside", "en")
    assert asks_for_a_place(done)
    assert heading(resident.types("Pilsen")) == "In Pilsen"


def test_the_middle_of_the_city_stands_for_nothing() -> None:
    for words in ("events near Foobarville", "events in Evanston", "near 53703"):
        resident = Resident()
        assert asks_for_a_place(resident.types(words))
        assert resident.search and resident.search["place"] is None


def test_the_label_of_the_location_button_is_understood_as_text() -> None:
    resident = Resident()
    resident.types("/find_nearby")
    for label in ("Share my location", "share my location"):
        assert resident.types(label).text == text("ask_place_typed", "en")


def test_a_tap_is_never_looked_up_as_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actions.nearby.geocoder", lambda: pytest.fail("it was looked up"))
    resident = Resident()
    for _ in range(2):
        assert resident.types("/find_nearby").text == text("ask_place", "en")


# What is shown


def test_at_most_five_events_are_shown_each_with_its_number() -> None:
    done = Resident().chooses("city")
    assert [line[:2] for line in done.text.split("\n\n")] == ["1.", "2.", "3.", "4.", "5."]
    assert done.titles[:6] == ["1", "2", "3", "4", "5", text("more_button", "en")]


def test_an_event_stands_with_kind_time_place_and_distance() -> None:
    done = Resident().types("dialogues near 26th and Pulaski")
    assert done.text.split("\n\n")[0] == (
        "1. Plática de vecinos (ejemplo)\n"
        "🟣 Dialogue · Friday, December 11, 6:00 PM to 7:30 PM\n"
        "Mercado del Pueblo, 3100 W. 26th St. · 1.1 mi"
    )


def test_a_virtual_event_stands_with_the_area_that_it_is_for() -> None:
    done = Resident().types("events in Chatham")
    assert done.text.endswith("Online, for Chatham")
    assert " mi" not in done.text


def test_every_event_of_the_city_is_reached_page_by_page_once() -> None:
    resident = Resident()
    done = resident.chooses("city")
    seen = titles_in(done)
    while text("more_button", "en") in done.titles:
        done = resident.chooses("more")
        seen += titles_in(done)
    assert len(seen) == len(set(seen)) == 56


def test_beyond_the_last_page_the_last_one_stays() -> None:
    resident = Resident()
    resident.types("Pilsen")
    before = resident.search
    for _ in range(3):
        done = resident.chooses("more")
        assert done.text == text("no_more", "en")
        assert text("map_button", "en") in done.titles
        assert resident.search == before


def test_beyond_the_last_message_is_no_empty_area() -> None:
    resident = Resident()
    resident.types("messages in Englewood")
    assert resident.chooses("more").text == text("no_more", "en")


def test_looking_wider_ends_at_the_citys_edge() -> None:
    resident = Resident()
    done = resident.types("within 1 mile of the Field Museum")
    miles = []
    while text("wider_button", "en") in done.titles:
        done = resident.chooses("wider")
        assert resident.search
        miles.append(resident.search["within_miles"])
    assert miles == [2, 5, 10, 30]


def test_an_area_is_widened_around_its_middle() -> None:
    resident = Resident()
    assert heading(resident.types("Hyde Park")) == "In Hyde Park"
    assert heading(resident.chooses("wider")) == "Hyde Park: nearest first · within 5 mi"


def test_looking_closer_ends_at_a_mile() -> None:
    resident = Resident()
    resident.types("events near the Field Museum")
    miles = []
    for _ in range(4):
        resident.chooses("nearer")
        assert resident.search
        miles.append(resident.search["within_miles"])
    assert miles == [2, 1, 1, 1]


def test_closer_in_an_area_is_around_its_middle_and_in_the_city_asks_for_a_place() -> None:
    resident = Resident()
    resident.types("Hyde Park")
    assert heading(resident.chooses("nearer")) == "Hyde Park: nearest first · within 1 mi"
    resident.types("book clubs anywhere in the city")
    assert resident.chooses("nearer").text == text("ask_place", "en")
    assert heading(resident.types("Hyde Park")) == "In Hyde Park · Learning"


def test_a_search_that_goes_on_keeps_what_is_not_said_anew() -> None:
    resident = Resident()
    resident.types("online book clubs near 60637 this weekend")
    weekend = "Saturday, December 12, to Sunday, December 13"
    assert heading(resident.goes_on("in Pilsen?")) == f"In Pilsen · Learning · Online · {weekend}"
    assert heading(resident.goes_on("circles?")) == f"In Pilsen · Connections · Online · {weekend}"
    done = resident.goes_on("in the whole city in person tomorrow")
    assert heading(done) == "In all of Chicago · Connections · In person · Wednesday, December 9"
    assert heading(resident.types("events in Pilsen")) == "In Pilsen"


def test_messages_go_on_elsewhere_but_not_with_words_for_events() -> None:
    resident = Resident()
    resident.types("messages in Englewood")
    assert heading(resident.goes_on("and in Austin?")) == "Messages of healing · In Austin"
    assert heading(resident.goes_on("tomorrow")) == "In Austin · Wednesday, December 9"


def test_a_search_is_shown_again_as_it_stands() -> None:
    resident = Resident()
    resident.types("events near 60637")
    page = resident.chooses("more")
    assert resident.chooses("again") == page
    resident.types("messages in Englewood")
    assert heading(resident.chooses("again")) == "Messages of healing · In Englewood"
    resident.chooses("place")
    assert resident.chooses("again").text == text("ask_place", "en")


def test_ones_own_place_is_named_in_the_language_that_is_spoken() -> None:
    resident = Resident()
    assert heading(resident.shares(41.793, -87.607)).startswith("Your location: ")
    resident.speaks("es")
    assert heading(resident.chooses("again")).startswith("Tu ubicación: ")


@pytest.mark.parametrize(
    ("today", "choice", "days"),
    [
        ("2020-12-08", "today", "Tuesday, December 8"),
        ("2020-12-08", "weekend", "Saturday, December 12, to Sunday, December 13"),
        ("2020-12-12", "weekend", "Saturday, December 12, to Sunday, December 13"),
        ("2020-12-13", "weekend", "Sunday, December 13"),
        ("2020-12-08", "week", "Tuesday, December 8, to Monday, December 14"),
        ("2020-12-08", "month", "Tuesday, December 8, to Wednesday, January 6, 2021"),
    ],
)
def test_days_are_counted_from_today_and_read_back(today: str, choice: str, days: str) -> None:
    set_now(datetime.fromisoformat(f"{today}T10:00"))
    assert heading(Resident().chooses(f"day:{choice}")) == f"In all of Chicago · {days}"


def test_past_events_are_shown_the_latest_first() -> None:
    resident = Resident()
    assert titles_in(resident.chooses("day:past"))[0] == "Walk and talk in the park (sample)"
    assert titles_in(resident.chooses("day:any"))[0] == "Peace circle: grief and hope (sample)"


def test_online_events_include_those_that_are_both() -> None:
    resident = Resident()
    resident.types("26th and Pulaski")
    lines = resident.chooses("online").text.split("\n\n")
    assert all("online" in line.splitlines()[2].lower() for line in lines)
    assert any("or online" in line for line in lines)


def test_a_kind_a_day_or_a_format_chosen_after_messages_shows_events() -> None:
    for choice in ("kind:dialogue", "day:month", "online"):
        resident = Resident()
        resident.types("messages of healing anywhere in the city")
        assert titles_in(resident.chooses(choice))


def test_nothing_near_names_the_nearest_which_is_reached_by_its_number() -> None:
    resident = Resident()
    done = resident.types("book clubs near 60637 this weekend")
    nothing, nearest, invitation = done.text.split("\n\n")
    assert nothing == text("found_nothing", "en")
    assert nearest.startswith("The nearest one is 6.3 mi away:\n1. Charla: memoria y sanación")
    assert invitation == text("invite_to_host", "en")
    assert "/submit_event" in done.payloads
    assert resident.search
    assert done.payloads[0] == f'/find_nearby{{"choice": "show:{resident.search["shown"][0]}"}}'


def test_nothing_in_an_area_names_the_nearest_around_it() -> None:
    resident = Resident()
    resident.types("Pilsen")
    done = resident.chooses("kind:connections")
    assert "The nearest one is 1.9 mi away:\n1. Story circle: arriving in Chicago" in done.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_map_invites_to_be_the_first(empty_map: Engine, language: str) -> None:
    done = Resident(language).types("Pilsen")
    assert done.text.split("\n\n") == [
        text("found_nothing_at_all", language),
        text("invite_to_host", language),
    ]
    city = do(ActionExploreMap(), "explore_map", language=language)
    assert city.text == text("city_empty", language)
    messages = Resident(language).chooses("messages")
    assert messages.text == text("no_messages", language)


# Details


def details_of(code: str, language: str = "en") -> Done:
    return Resident(language).chooses(f"show:{code}")


def test_details_come_with_a_pin_and_a_calendar_file(healing_map: Engine) -> None:
    with event_on(healing_map, address="78 E. Washington St.", contact="ana@example.org") as code:
        words, pin, file = details_of(code).messages
    assert words["custom"] == {"heading": "Supper"}
    assert words["text"].startswith(
        "🟠 Learning, In person\nWednesday, December 9, 10:00 AM to 12:00 PM\n78 E. Washington St."
    )
    assert "destination=41.88190%2C-87.62780" in words["text"]
    assert pin["custom"]["pin"] == {
        "latitude": 41.8819,
        "longitude": -87.6278,
        "title": "Supper",
        "address": "78 E. Washington St.",
    }
    assert file["custom"]["file"]["name"] == f"{code}.ics"
    assert "SUMMARY:Supper" in file["custom"]["file"]["content"]
    assert "ana@example.org" not in str([words, pin, file])


def test_a_public_place_without_an_address_is_named_by_its_area(healing_map: Engine) -> None:
    with event_on(healing_map) as code:
        words, pin, _ = details_of(code).messages
    assert words["text"].splitlines()[2] == "Loop"
    assert pin["custom"]["pin"]["address"] == "Loop"


def test_a_virtual_event_has_no_pin_and_no_word_about_wheelchairs(healing_map: Engine) -> None:
    virtual: dict[str, Any] = {"format": "virtual", "latitude": None, "longitude": None}
    with event_on(healing_map, join_url="https://example.org/x", **virtual) as code:
        words, file = details_of(code).messages
    assert words["text"].splitlines()[2] == "Online"
    assert "Join online: https://example.org/x" in words["text"]
    assert "Wheelchair" not in words["text"]
    assert "URL:https://example.org/x" in file["custom"]["file"]["content"]


def test_a_hidden_place_is_nowhere_in_what_is_shown(healing_map: Engine) -> None:
    resident = Resident()
    with event_on(healing_map, **HIDDEN_HOUSE) as code:
        shown = [
            resident.types("connections in Austin"),
            resident.chooses("map"),
            resident.chooses(f"show:{code}"),
            resident.types("circles near 5312 W Washington"),
            resident.chooses("map"),
            resident.shares(41.88, -87.75),
        ]
    said = str([done.messages for done in shown])
    assert "Porch circle" in said
    assert "Austin (the host gives the exact place)" in said
    for secret in HIDDEN_WORDS:
        assert secret not in said
    assert not any("pin" in (m["custom"] or {}) for m in shown[2].messages)


@pytest.mark.parametrize("status", ["pending", "rejected", "withdrawn"])
def test_what_is_not_approved_is_not_shown(healing_map: Engine, status: str) -> None:
    with (
        event_on(healing_map, status, title="Unseen") as code,
        message_on(healing_map, "Unheard", status, area="Loop"),
    ):
        assert details_of(code).text == text("event_gone", "en")
        assert "Unseen" not in Resident().types("events in the Loop").text
        assert "Unheard" not in Resident().types("messages in the Loop").text


def test_a_message_without_an_area_is_signed_by_its_author_alone(healing_map: Engine) -> None:
    with message_on(healing_map, "Be well.", author_name="Ana"):
        resident = Resident()
        said = resident.types("messages anywhere").text
        while '"Be well."' not in said:
            said = resident.chooses("more").text
    assert '"Be well."\nAna' in said and "Ana," not in said


# What is forged


@pytest.mark.parametrize(
    "choice",
    [
        *("show:XXXXXX", "show:", "show:' OR 1=1", "at:99", "at:-1", "at:x", "at:²"),
        *("kind:nonsense", "day:nonsense", "nonsense", "", "more:9", "wider:x", ":", "map:9"),
    ],
)
def test_a_forged_choice_does_no_harm(choice: str) -> None:
    resident = Resident()
    resident.types("dialogues in Pilsen")
    assert resident.chooses(choice or "?").messages
    assert resident.search and resident.search["place"]["name"] == "Pilsen"
    assert resident.search["kinds"] == ["dialogue"]


def test_a_forged_choice_at_the_beginning_does_no_harm() -> None:
    for choice in ("map", "more", "wider", "at:0", "kind:", "kind:nonsense", "messages", "kinds"):
        assert Resident().chooses(choice).messages


# Dates that cannot be


@pytest.mark.parametrize("words", ["on the 25th of Smarch", "from 4 to 2"])
def test_a_time_that_cannot_be_is_said_and_what_comes_next_is_shown(words: str) -> None:
    done = Resident().types(f"events in Pilsen {words}")
    assert done.texts[0] == text("unclear_time", "en")
    assert titles_in(done)


# The whole map


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_map_counts_by_kind_and_area(language: str) -> None:
    done = do(ActionExploreMap(), "explore_map", language=language)
    (message,) = done.messages
    caption = message["custom"]["picture"]["caption"]
    assert caption == text(
        "city_caption",
        language,
        events="68",
        messages="42",
        kinds=", ".join(
            f"{text(f'kind_{kind}', language)}: {number}"
            for kind, number in zip(
                ("dialogue", "collaboration", "learning", "connections"),
                (17, 16, 16, 19),
                strict=True,
            )
        ),
        areas="Loop (5), Armour Square (2), Austin (2)",
    )
    assert done.payloads == ["/find_nearby", "/submit_event"]


def test_by_default_no_address_leaves_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TWH_GEOCODER", raising=False)
    assert database.geocoder() is None
