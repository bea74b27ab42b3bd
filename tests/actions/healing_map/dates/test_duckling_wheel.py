"""What is relied on in the Duckling wheel, and the hazards that it is kept from."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from importlib.metadata import version

import pytest

from actions.healing_map.dates.duckling_wheel import Reading, read

NOW = datetime(2020, 12, 8, 10)


def test_the_wheel_is_the_one_that_was_measured() -> None:
    assert version("pyduckling-native-phihos") == "0.4.0"


@pytest.mark.parametrize(
    ("words", "language", "start", "grain"),
    [
        ("tuesday", "en", datetime(2020, 12, 15), "day"),
        ("next saturday", "en", datetime(2020, 12, 19), "day"),
        ("in two weeks", "en", datetime(2020, 12, 22), "day"),
        ("next week", "en", datetime(2020, 12, 14), "week"),
        ("mlk day", "en", datetime(2021, 1, 18), "day"),
        ("december", "en", datetime(2020, 12, 1), "month"),
        ("in 2 hours", "en", datetime(2020, 12, 8, 12), "minute"),
        ("martes", "es", datetime(2020, 12, 15), "day"),
        ("pasado manana", "es", datetime(2020, 12, 10), "day"),
        ("hace dos semanas", "es", datetime(2020, 11, 24), "day"),
        ("primer sabado de enero", "es", datetime(2021, 1, 2), "day"),
    ],
)
def test_days_are_read_by_the_wall_clock(
    words: str, language: str, start: datetime, grain: str
) -> None:
    assert read(words, NOW, language) == Reading(start, None, grain)


def test_a_stretch_has_its_end() -> None:
    three_days = Reading(datetime(2020, 12, 9), datetime(2020, 12, 12), "day")
    assert read("next 3 days", NOW, "en") == three_days


def test_words_that_are_read_only_in_part_are_not_read() -> None:
    assert read("saturday pancakes", NOW, "en") is None
    assert read("healing", NOW, "en") is None


@pytest.mark.parametrize("words", ["\0", "mañana", "a\nb", "one two three four five six seven"])
def test_what_it_cannot_bear_never_reaches_it(words: str) -> None:
    with pytest.raises(ValueError, match="not for Duckling"):
        read(words, NOW, "en")


def test_it_reads_in_threads() -> None:
    with ThreadPoolExecutor(4) as pool:
        readings = list(pool.map(lambda _: read("next saturday", NOW, "en"), range(200)))
    assert readings == [Reading(datetime(2020, 12, 19), None, "day")] * 200


def test_a_nul_byte_still_raises_what_no_except_exception_catches() -> None:
    script = (
        "import duckling as d, tempfile\n"
        "z = d.load_time_zones(tempfile.mkdtemp())\n"
        "c = d.Context(d.parse_ref_time(z, 'UTC', 0), d.default_locale_lang(d.parse_lang('en')))\n"
        "try: d.parse('\\0', c, d.parse_dimensions(['time']))\n"
        "except Exception: print('caught')\n"
        "except BaseException as error: print(type(error).__name__)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.strip() == "PanicException"
