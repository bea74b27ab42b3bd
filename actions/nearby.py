"""Finds events and messages of healing on the stored map, and shows them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.clock import now, real_now
from actions.conversation import (
    Button,
    button,
    entity_of,
    intent_buttons,
    language_of,
    location_of,
    say,
    typed_text,
    utter,
)
from actions.database import geocoder, in_transaction
from actions.event_words import (
    details_of,
    event_line,
    kind_buttons,
    message_line,
    miles_in_words,
    place_in_words,
    search_in_words,
)
from actions.healing_map.areas import in_service_area
from actions.healing_map.calendar import MIME_TYPE, calendar_file
from actions.healing_map.models import KINDS
from actions.healing_map.picture import Pin
from actions.healing_map.places import Place
from actions.healing_map.public import PublicEvent
from actions.healing_map.query import Query, plain_letters, read_query
from actions.healing_map.search import (
    PAGE,
    Counts,
    Hit,
    SearchResult,
    counts,
    nearest_beyond,
    public_event,
    search_events,
    search_messages,
)
from actions.nearby_search import NearbySearch
from actions.pictures import city_picture, nearby_picture
from actions.texts import text

_DAYS = ("today", "weekend", "week", "month", "any", "past")
_MOST_CANDIDATES = 5
_TOP_AREAS = 3
_ME_WORDS = (
    "near me",
    "around me",
    "close to me",
    "by me",
    "nearby",
    "mi casa",
    "cerca de mi",
    "my area",
)


class ActionFindNearby(Action):
    """Searches the map, step by step or by one sentence, and shows what it finds."""

    def name(self) -> str:
        """Return the name that rules use."""
        return "action_find_nearby"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Do what was asked for and remember the search."""
        conversation = _NearbyConversation(dispatcher, tracker)
        search = await conversation.go_on()
        return [SlotSet("search", search.to_slot())]


class ActionExploreMap(Action):
    """Shows the journey so far: counts by kind and area, and a picture of the city."""

    def name(self) -> str:
        """Return the name that rules use."""
        return "action_explore_map"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Show it."""
        language = language_of(tracker)
        numbers = await in_transaction(counts)
        following = intent_buttons(("find_nearby", "submit_event"), language)
        if not numbers.events:
            say(dispatcher, language, "city_empty", following)
            return []
        caption = text(
            "city_caption",
            language,
            events=str(numbers.events),
            messages=str(numbers.messages),
            kinds=", ".join(
                f"{text(f'kind_{kind}', language)}: {number}"
                for kind, number in numbers.events_by_kind.items()
            ),
            areas=", ".join(f"{area} ({number})" for area, number in _largest(numbers)),
        )
        picture = city_picture(numbers.kinds_by_area, language, caption)
        utter(dispatcher, buttons=following, picture=picture)
        return []


def _largest(numbers: Counts) -> list[tuple[str, int]]:
    """Return the areas with the most events; "" is no area."""
    return [(area, number) for area, number in numbers.events_by_area.items() if area][:_TOP_AREAS]


class _NearbyConversation:
    """One turn of a search: reads what was done, changes the search, shows the result.

    The choices are those of the buttons, and three that follow-ups have (bot/follow_ups.py): "on"
    goes on with the search as the text changes it, "nearer" is the contrary of "wider", and "again"
    says the same once more.
    """

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        self._dispatcher = dispatcher
        self._language = language_of(tracker)
        self._typed = typed_text(tracker)
        self._choice = entity_of(tracker, "choice")
        self._location = location_of(tracker)
        self._search = NearbySearch.from_slot(tracker.get_slot("search"))

    async def go_on(self) -> NearbySearch:
        """Do what was asked for, and return the search as it is now."""
        if self._location:
            return await self._at_location(*self._location)
        if self._choice is None:
            return await self._by_sentence()
        name, _, value = self._choice.partition(":")
        if name == "on":
            return await self._by_sentence(goes_on=True)
        if name == "again":
            return await self._again()
        if name == "show":
            return await self._show_event(value)
        if name == "map":
            return await self._show_map()
        if name in ("place", "kinds", "days"):
            return self._ask(name)
        if name == "nearer" and self._search.place is None:
            return self._ask("place")
        return await self._show(self._changed(name, value))

    def _changed(self, name: str, value: str) -> NearbySearch:
        """Return the search as a tapped button changes it; an unknown one changes nothing."""
        search = self._search
        if name == "more":
            return replace(search, offset=search.offset + PAGE)
        if name == "wider":
            return search.wider()
        if name == "nearer":
            return search.nearer()
        if name == "kind" and value in ("", *KINDS):
            kinds = (value,) if value else ()
            return replace(search, kinds=kinds, wants_messages=False, offset=0)
        if name == "day" and value in _DAYS:
            return _in_days(search, value)
        if name == "online":
            return replace(search, formats=("virtual",), wants_messages=False, offset=0)
        if name == "messages":
            return replace(search, wants_messages=True, offset=0)
        if name == "city":
            return search.at(None)
        if name == "at" and value.isdecimal() and int(value) < len(search.candidates):
            return search.at(search.candidates[int(value)])
        return search

    async def _at_location(self, latitude: float, longitude: float) -> NearbySearch:
        if not in_service_area(latitude, longitude):
            self._ask_place("location_outside")
            return replace(self._search, asks_place=True)
        name = text("your_location", self._language)
        here = Place(name=name, kind="shared", latitude=latitude, longitude=longitude, areas=())
        # A place that was asked for goes on with the search; any other begins a new one.
        search = self._search if self._search.asks_place else NearbySearch()
        return await self._show(search.at(here))

    async def _again(self) -> NearbySearch:
        """Say once more what was found, or ask once more for a place."""
        return self._ask("place") if self._search.asks_place else await self._show(self._search)

    async def _by_sentence(self, goes_on: bool = False) -> NearbySearch:
        query = read_query(self._typed, now(), self._language)
        if query.unclear_time:
            say(self._dispatcher, self._language, "unclear_time")
        search = self._search.refined(query, goes_on)
        if len(query.place.matches) > 1:
            return self._ask_which(search, query)
        if query.place.matches:
            return await self._show(search.at(query.place.matches[0]))
        is_clear = query.whole_city or self._is_clear_without_place(query, search)
        if is_clear and not (query.place.outside or query.unknown_place):
            return await self._show(replace(search, asks_place=False))
        return await self._without_place(search, query)

    async def _without_place(self, search: NearbySearch, query: Query) -> NearbySearch:
        """Say which place is not known, or ask for one.

        A text that answers the question for a place goes to the geocoder first, where one is set;
        no other text ever leaves the machine.
        """
        if query.place.outside:
            self._ask_place("place_outside", place=query.place.outside)
        elif self._typed.casefold() == text("share_location", self._language).casefold():
            self._ask_place("ask_place_typed")
        elif not (self._search.asks_place and self._typed):
            self._ask_place("place_unknown" if query.unknown_place else "ask_place")
        else:
            network, moment = geocoder(), real_now()
            found = await network.find(self._typed, moment) if network else None
            if found:
                return await self._show(search.at(found))
            self._ask_place("place_unknown")
        return replace(search, asks_place=True)

    def _is_clear_without_place(self, query: Query, search: NearbySearch) -> bool:
        """Whether a search can go on: at the last place, or by kind, format or time alone.

        The command and the button that begin a search type nothing: they look near the person.
        """
        if not self._typed or any(it in plain_letters(self._typed) for it in _ME_WORDS):
            return bool(search.place and search.place.kind == "shared")
        says_something = bool(query.kinds or query.formats or query.span or query.wants_messages)
        return bool(search.place) or says_something

    def _ask_which(self, search: NearbySearch, query: Query) -> NearbySearch:
        candidates = query.place.matches[:_MOST_CANDIDATES]
        buttons = [
            button(place.name, "find_nearby", f"at:{number}")
            for number, place in enumerate(candidates)
        ]
        say(self._dispatcher, self._language, "which_place", buttons)
        return replace(search, candidates=candidates, asks_place=True)

    def _ask(self, what: str) -> NearbySearch:
        if what == "place":
            self._ask_place("ask_place")
            return replace(self._search, asks_place=True)
        if what == "kinds":
            every = button(text("every_kind_button", self._language), "find_nearby", "kind:")
            say(
                self._dispatcher,
                self._language,
                "choose_kind",
                [*kind_buttons(self._language), every],
            )
        else:
            buttons = [self._choice_button(f"{day}_button", f"day:{day}") for day in _DAYS[:4]]
            buttons.append(self._choice_button("any_day_button", "day:any"))
            buttons.append(self._choice_button("past_button", "day:past"))
            buttons.append(self._choice_button("online_only_button", "online"))
            say(self._dispatcher, self._language, "choose_days", buttons)
        return self._search

    def _ask_place(self, text_name: str, **values: str) -> None:
        utter(
            self._dispatcher,
            text(text_name, self._language, **values),
            [self._choice_button("whole_city_button", "city")],
            location_request=text("share_location", self._language),
        )

    def _choice_button(self, title: str, choice: str) -> Button:
        return button(text(title, self._language), "find_nearby", choice)

    async def _show(self, search: NearbySearch) -> NearbySearch:
        """Search, show a page of the result, and return the search with what was shown."""
        if search.wants_messages:
            return await self._show_messages(search)
        result = await self._search_events(search)
        if result.hits:
            return self._show_page(search, result)
        if search.offset:
            say(self._dispatcher, self._language, "no_more", self._following(search, more=False))
            return replace(search, offset=search.offset - PAGE)
        return await self._show_nothing(search)

    async def _search_events(self, search: NearbySearch) -> SearchResult[PublicEvent]:
        return await in_transaction(search_events, search.event_search(now()), now())

    def _show_page(self, search: NearbySearch, result: SearchResult[PublicEvent]) -> NearbySearch:
        lines = [
            event_line(number, hit.entry, hit.miles, self._language, now())
            for number, hit in enumerate(result.hits, start=search.offset + 1)
        ]
        numbers = [
            button(str(number), "find_nearby", f"show:{hit.entry.code}")
            for number, hit in enumerate(result.hits, start=search.offset + 1)
        ]
        utter(
            self._dispatcher,
            "\n\n".join(lines),
            [*numbers, *self._following(search, result.more)],
            heading=search_in_words(search, self._language, now()),
        )
        return replace(search, shown=tuple(hit.entry.code for hit in result.hits))

    def _following(self, search: NearbySearch, more: bool) -> list[Button]:
        names = ["more"] if more else []
        names += ["map", "kinds", "days", "messages"]
        if not search.is_widest:
            names.append("wider")
        buttons = [self._choice_button(f"{name}_button", name) for name in names]
        return [*buttons, self._choice_button("other_place_button", "place")]

    async def _show_nothing(self, search: NearbySearch) -> NearbySearch:
        nearest = await _nearest(search)
        host = intent_buttons(("submit_event",), self._language)
        if nearest is None:
            words = [text("found_nothing_at_all", self._language)]
            buttons = [self._choice_button("kinds_button", "kinds")]
        else:
            words = [text("found_nothing", self._language), self._nearest_in_words(nearest)]
            buttons = [button("1", "find_nearby", f"show:{nearest.entry.code}")]
            if not search.is_widest:
                buttons.append(self._choice_button("wider_button", "wider"))
        words.append(text("invite_to_host", self._language))
        buttons += [self._choice_button("other_place_button", "place"), *host]
        heading = search_in_words(search, self._language, now())
        utter(self._dispatcher, "\n\n".join(words), buttons, heading=heading)
        return replace(search, shown=(nearest.entry.code,) if nearest else ())

    def _nearest_in_words(self, nearest: Hit[PublicEvent]) -> str:
        line = event_line(1, nearest.entry, nearest.miles, self._language, now())
        if nearest.miles is None:
            return text("nearest_later", self._language) + "\n" + line
        miles = miles_in_words(nearest.miles, self._language)
        return text("nearest_is", self._language, miles=miles) + "\n" + line

    async def _show_messages(self, search: NearbySearch) -> NearbySearch:
        wanted = search.message_search()
        result = await in_transaction(search_messages, wanted)
        place = place_in_words(search, self._language)
        leave = intent_buttons(("submit_message",), self._language)
        other = self._choice_button("other_place_button", "place")
        if not result.hits:
            name = "no_more" if search.offset else "no_messages"
            say(self._dispatcher, self._language, name, [*leave, other])
            return replace(search, offset=max(0, search.offset - PAGE))
        more = [self._choice_button("more_button", "more")] if result.more else []
        lines = [message_line(hit.entry, self._language) for hit in result.hits]
        heading = text("messages_in", self._language, place=place)
        utter(self._dispatcher, "\n\n".join(lines), [*more, *leave, other], heading=heading)
        return search

    async def _show_event(self, code: str) -> NearbySearch:
        event = await in_transaction(public_event, code)
        if event is None:
            say(
                self._dispatcher, self._language, "event_gone", self._following(self._search, False)
            )
            return self._search
        utter(
            self._dispatcher,
            details_of(event, self._language, now()),
            [self._choice_button("map_button", "map")] if self._search.shown else [],
            heading=event.title,
        )
        if event.exact and event.format != "virtual":
            utter(self._dispatcher, pin=_pin_of(event))
        utter(self._dispatcher, file=_calendar_entry(event))
        return self._search

    async def _show_map(self) -> NearbySearch:
        """Draw the page that was shown last."""
        search = self._search
        result = await self._search_events(search)
        if not result.hits:
            return await self._show(search)
        pins = [
            Pin(number, hit.entry.kind, hit.entry.latitude, hit.entry.longitude)
            for number, hit in enumerate(result.hits, start=search.offset + 1)
            if hit.entry.latitude is not None and hit.entry.longitude is not None
        ]
        titles = ", ".join(
            f"{number} {hit.entry.title}"
            for number, hit in enumerate(result.hits, start=search.offset + 1)
        )
        place = search.place
        here = (place.latitude, place.longitude) if place and not place.areas else None
        caption = text("map_caption", self._language, titles=titles)
        utter(
            self._dispatcher,
            buttons=self._following(search, result.more),
            picture=nearby_picture(here, pins, self._language, caption),
        )
        return search


async def _nearest(search: NearbySearch) -> Hit[PublicEvent] | None:
    """Return the nearest event at any distance: at that time, else at any, else of any kind."""
    search = search.around_middle()
    any_time = replace(search, starts_after=None, starts_before=None, formats=())
    for attempt in (search, any_time, replace(any_time, kinds=())):
        nearest = await in_transaction(nearest_beyond, attempt.event_search(now()), now())
        if nearest:
            return nearest
    return None


def _in_days(search: NearbySearch, days: str) -> NearbySearch:
    """Return the search within named days, counted from today."""
    today = now().replace(hour=0, minute=0, second=0, microsecond=0)
    windows: dict[str, tuple[datetime | None, datetime | None]] = {
        "today": (None, today + timedelta(days=1)),
        "weekend": _weekend(today),
        "week": (None, today + timedelta(days=7)),
        "month": (None, today + timedelta(days=30)),
        "any": (None, None),
        "past": (today - timedelta(days=365), now()),
    }
    after, before = windows[days]
    return replace(
        search,
        starts_after=after.isoformat() if after else None,
        starts_before=before.isoformat() if before else None,
        wants_messages=False,
        offset=0,
    )


def _weekend(today: datetime) -> tuple[datetime | None, datetime | None]:
    """Return this weekend: Saturday and Sunday, from now on where it has begun."""
    monday = today + timedelta(days=7 - today.weekday())
    saturday = monday - timedelta(days=2)
    return (saturday if today < saturday else None), monday


def _pin_of(event: PublicEvent) -> dict[str, Any]:
    return {
        "latitude": event.latitude,
        "longitude": event.longitude,
        "title": event.title,
        "address": event.address or event.area,
    }


def _calendar_entry(event: PublicEvent) -> dict[str, str]:
    return {
        "name": f"{event.code}.ics",
        "mime": MIME_TYPE,
        "content": calendar_file(event),
    }
