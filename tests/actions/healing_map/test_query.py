"""One sentence says all that somebody looks for: kinds, format, distance, time and place."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from actions.healing_map.dates import Span
from actions.healing_map.models import FORMATS, KINDS
from actions.healing_map.query import Query, plain_letters, read_query
from tests.actions.healing_map.making import NOW

QUERIES = yaml.load(
    Path(__file__).with_name("queries.yml").read_text(encoding="utf-8"), yaml.CBaseLoader
)
SENTENCES = [
    pytest.param(language, entry, id=f"{language}: {entry['text']}")
    for language, entries in QUERIES.items()
    for entry in entries
]


def read(text: str, language: str = "en") -> Query:
    return read_query(text, NOW, language)


def summary(query: Query) -> dict[str, Any]:
    """What a query says, as queries.yml writes it."""
    everything = {
        "kinds": list(query.kinds),
        "formats": list(query.formats),
        "miles": query.within_miles and str(round(query.within_miles, 3)),
        "when": query.span and when(query.span),
        "place": [place.name for place in query.place.matches],
        "outside": query.place.outside,
        "messages": query.wants_messages and "true",
        "city": query.whole_city and "true",
        "unknown_place": query.unknown_place and "true",
        "unclear_time": query.unclear_time and "true",
    }
    return {name: value for name, value in everything.items() if value}


def when(span: Span) -> str:
    moments = [span.start, span.end] if span.end else [span.start]
    return "/".join(short(moment, span.whole_day) for moment in moments)


def short(moment: datetime, whole_day: bool) -> str:
    return moment.date().isoformat() if whole_day else f"{moment:%Y-%m-%dT%H:%M}"


@pytest.mark.parametrize(("language", "entry"), SENTENCES)
def test_a_sentence_is_read_whole(language: str, entry: dict[str, Any]) -> None:
    said = {name: value for name, value in entry.items() if name != "text"}
    assert summary(read(entry["text"], language)) == said


def test_what_a_sentence_does_not_say_is_empty() -> None:
    assert read("") == Query()
    assert read("hello, is anybody there?") == Query()


@pytest.mark.parametrize(
    "text",
    [
        "near me",
        "Events Near Me",
        "NEAR US",
        "close to home",
        "around here",
        "cerca de mí",
        "cerca de mi casa",
        "CERCA DE AQUÍ",
        "cerca de nosotras",
        "something in English",
        "algo en Español",
    ],
)
def test_words_like_near_me_name_no_place(text: str) -> None:
    query = read(text)
    assert not query.place.matches
    assert not query.unknown_place


@pytest.mark.parametrize(
    "text", ["near Wakanda", "AROUND WAKANDA", "at Wakanda", "alrededor de Wakanda", "en Wakanda"]
)
def test_an_unknown_place_is_noticed(text: str) -> None:
    assert read(text).unknown_place


def test_two_places_that_fit_are_both_given() -> None:
    names = [place.name for place in read("book clubs in Lawndale").place.matches]
    assert names == ["North Lawndale", "South Lawndale"]


def test_the_same_words_mean_the_same_in_both_languages() -> None:
    for text in ("virtual book clubs near 60637", "eventos virtuales cerca de 60637"):
        assert read(text, "en") == read(text, "es")


def test_of_a_long_text_the_beginning_counts() -> None:
    assert read("book club " + "x" * 300 + " near 60637") == Query(kinds=("learning",))


def test_plain_letters_keep_their_places() -> None:
    assert plain_letters("CÍRCULO en ¡Ñoño!") == "circulo en ¡nono!"


@given(st.text())
def test_plain_letters_are_as_many(text: str) -> None:
    assert len(plain_letters(text)) == len(text)


ODDITIES = ["1/2", "½", ",5", "-6:00", "0/0", "'", "\n", "\0", "\ud800", "ﷺ", "İ", "ß", "🕊️"]
WORDS = {
    word for entries in QUERIES.values() for entry in entries for word in entry["text"].split()
}
PIECES = st.sampled_from([*sorted(WORDS), *ODDITIES])


@given(st.one_of(st.text(), st.lists(PIECES).map(" ".join)), st.sampled_from(["en", "es"]))
def test_any_text_is_safe(text: str, language: str) -> None:
    query = read(text, language)
    assert set(query.kinds) <= set(KINDS)
    assert set(query.formats) <= set(FORMATS)
    assert query.within_miles is None or 0 <= query.within_miles < 150
    assert not (query.unknown_place and query.place.matches)
