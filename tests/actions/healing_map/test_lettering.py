"""Letters on pictures: accents that Pillow's own font does not have."""

from __future__ import annotations

import string

import pytest
from PIL import Image, ImageChops, ImageFont

from actions.healing_map.areas import AREAS
from actions.healing_map.lettering import text_width, write
from actions.texts import LANGUAGES, texts

WHITE = (255, 255, 255)


def written(text: str, **how) -> Image.Image:
    picture = Image.new("RGB", (300, 100), WHITE)
    write(picture, (150, 50), text, 40, "black", **how)
    return picture


def changed(one: str, other: str) -> tuple[int, int, int, int] | None:
    """Return the box (left, top, right, bottom) in which two texts look different."""
    return ImageChops.difference(written(one), written(other)).getbbox()


@pytest.mark.parametrize("letters", ["aá", "eé", "oó", "uú", "nñ", "AÁ", "NÑ"])
def test_an_accent_stands_over_its_letter_and_leaves_it_as_it_is(letters: str) -> None:
    plain, accented = letters
    middle_of_capitals, small_letters_begin = 50, 43
    box = changed(plain, accented)
    assert box is not None
    assert box[3] <= (small_letters_begin if plain.islower() else middle_of_capitals - 14)


def test_an_accented_i_has_no_dot() -> None:
    stem = written("í").crop((145, 44, 155, 64))
    assert ImageChops.difference(stem, written("i").crop((145, 44, 155, 64))).getbbox() is None
    columns = [written("í").getpixel((150, y)) for y in range(20, 64)]
    dark = "".join("#" if pixel[0] < 128 else " " for pixel in columns).split()
    assert len(dark) == 2, "one accent and one stem, and nothing between them"


def test_an_accent_takes_no_room() -> None:
    assert text_width("Estás aquí", 22) == text_width("Estas aqui", 22)
    assert text_width("Diálogo", 44) > text_width("Diálogo", 22) > 0


def test_a_halo_rims_the_letters_and_bold_ones_are_darker() -> None:
    def dark_pixels(picture: Image.Image) -> int:
        return sum(picture.convert("L").histogram()[:128])

    assert dark_pixels(written("You are here", bold=True)) > dark_pixels(written("You are here"))
    colours = written("a", halo="#FF0000").getcolors() or []
    assert (255, 0, 0) in [colour for _, colour in colours]


def test_a_turned_line_stands_upright() -> None:
    left, top, right, bottom = ImageChops.invert(written("Kedzie", turned=90)).getbbox() or (0,) * 4
    assert bottom - top > right - left


def test_every_word_on_the_pictures_can_be_written() -> None:
    font = ImageFont.load_default(20)
    missing = bytes(font.getmask("\N{SNOWMAN}"))
    known = {c for c in string.printable if c == " " or bytes(font.getmask(c)) != missing}
    known |= set("áéíóúñÁÉÍÓÚÑ")
    words = [
        text
        for language in LANGUAGES
        for name, text in texts(language).items()
        if name.startswith(("picture_", "kind_"))
    ]
    unknown = {c for text in (*words, *(area.name for area in AREAS)) for c in text} - known
    assert unknown == set()
