"""The pictures of the documentation show what the assistant says now."""

from __future__ import annotations

from io import BytesIO
from xml.etree import ElementTree

import pytest
from PIL import Image, ImageChops

from bot.assistant import Assistant
from bot.settings import ROOT
from tests.pictures import phone
from tests.pictures.talk import Bubble, city_of, lead

SVG = "{http://www.w3.org/2000/svg}"


def words_in(svg: str) -> str:
    return " ".join(it.text or "" for it in ElementTree.fromstring(svg).iter(f"{SVG}text"))


@pytest.mark.usefixtures("talk")  # on the sample map
def test_the_conversation_is_what_the_assistant_says(assistant: Assistant) -> None:
    drawn = (ROOT / "docs" / "pictures" / "conversation.svg").read_text(encoding="utf-8")
    said = phone.draw(lead(assistant))
    assert words_in(drawn) == words_in(said), "make pictures draws it anew"


@pytest.mark.usefixtures("talk")  # on the sample map
def test_the_map_is_what_the_assistant_shows(assistant: Assistant) -> None:
    drawn = Image.open(ROOT / "docs" / "pictures" / "city.png").convert("RGB")
    shown = Image.open(BytesIO(city_of(assistant))).convert("RGB")
    assert ImageChops.difference(drawn, shown).getbbox() is None, "make pictures draws it anew"


def test_all_that_is_said_is_drawn() -> None:
    bubbles = [
        Bubble(True, "", "<hi> & 'hello'"),
        Bubble(False, "A heading", "A line.\n\nAnother one.", (("Yes", "No"), ("Perhaps",))),
    ]
    words = words_in(phone.draw(bubbles))
    assert words == "<hi> & 'hello' A heading A line.  Another one. Yes No Perhaps"


def test_long_lines_are_broken() -> None:
    svg = phone.draw([Bubble(False, "", "word " * 40)])
    assert all(len(it.text or "") <= 46 for it in ElementTree.fromstring(svg).iter(f"{SVG}text"))
    assert words_in(svg).split() == ["word"] * 40
