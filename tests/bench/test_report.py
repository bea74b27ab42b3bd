"""The report of the benchmarks: its table, its JSON and its pictures."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.bench.report import Curve, Figure, Report, ratio

GROWTH = Curve(
    name="search",
    title="A search among many events",
    x="events",
    y="ms",
    series={"SQLite": ((10, 1.0), (1_000, 2.0)), "PostgreSQL": ((10, 3.0), (1_000, 2.5))},
    is_logarithmic=True,
)


def small_report() -> Report:
    report = Report(curves=[GROWTH], notes=["Not measured: the training."])
    report.begin("places", "looking up a place")
    report.add(Figure("a place", (0.4, 0.2, 0.3), "ms", budget=1))
    report.begin("footprint", "start and memory")
    report.add(Figure("memory", (880,), "MB", budget=800), Figure("a start", (7.5,), "s"))
    return report


def row_of(report: Report, what: str) -> str:
    return next(line for line in report.table().splitlines() if line.startswith(f"  {what}"))


def test_a_row_says_the_median_the_spread_the_budget_and_whether_it_is_kept() -> None:
    cells = re.split(" {2,}", row_of(small_report(), "a place").strip())
    assert cells == ["a place", "0.3 ms", "0.2 to 0.4", "at most 1", "kept"]


def test_a_budget_that_is_missed_says_so() -> None:
    assert row_of(small_report(), "memory").endswith("MISSED")


def test_what_has_no_budget_has_no_verdict() -> None:
    row = row_of(small_report(), "a start")
    assert row.endswith("7.5 s")
    assert Figure("a start", (7.5,), "s").is_kept is None


def test_one_slow_repeat_does_not_break_a_budget() -> None:
    assert Figure("a place", (0.5, 0.6, 90.0), "ms", budget=1).is_kept


def test_some_budgets_are_to_be_reached() -> None:
    enough = Figure("turns", (31.0,), "a second", budget=30, at_least=True)
    too_few = Figure("turns", (29.0,), "a second", budget=30, at_least=True)
    assert (enough.is_kept, too_few.is_kept) == (True, False)
    report = Report()
    report.begin("chats", "many chats")
    report.add(enough)
    assert "at least 30" in row_of(report, "turns")


def test_each_part_has_a_line_above_its_figures() -> None:
    lines = small_report().table().splitlines()
    assert [line[:9].rstrip() for line in lines[1:-2]] == [
        *("", "places: l", "  a place"),
        *("", "footprint", "  memory", "  a start"),
    ]


def test_columns_stand_below_each_other() -> None:
    report = small_report()
    column = report.table().splitlines()[0].index("budget")
    assert row_of(report, "a place").index("at most 1") == column
    assert row_of(report, "memory").index("at most 800") == column


def test_notes_end_the_table() -> None:
    assert small_report().table().splitlines()[-1] == "Not measured: the training."


def test_a_ratio_compares_repeat_with_repeat() -> None:
    ours, theirs = Figure("ours", (1.0, 4.0), "ms"), Figure("stock", (2.0, 2.0), "ms")
    compared = ratio("ours beside the stock set-up", ours, theirs, budget=1)
    assert compared.values == (0.5, 2.0)
    assert compared.is_kept is False


def test_a_ratio_needs_as_many_repeats_on_both_sides() -> None:
    with pytest.raises(ValueError):
        ratio("odd", Figure("ours", (1.0,), "ms"), Figure("stock", (2.0, 2.0), "ms"))


def test_the_json_holds_every_value_with_its_verdict_and_the_machine() -> None:
    content = json.loads(small_report().to_json())
    assert content["figures"][0] == {
        "part": "places",
        "what": "a place",
        "values": [0.4, 0.2, 0.3],
        "unit": "ms",
        "budget": 1,
        "at_least": False,
        "median": 0.3,
        "is_kept": True,
    }
    assert content["curves"][0]["series"]["SQLite"] == [[10, 1.0], [1_000, 2.0]]
    assert content["notes"] == ["Not measured: the training."]
    assert content["machine"]["cores"] >= 1


def test_each_curve_is_drawn_into_a_file_with_its_name(tmp_path: Path) -> None:
    [drawn] = small_report().draw(tmp_path / "new")
    assert drawn == tmp_path / "new" / "search.svg"
    picture = drawn.read_text(encoding="utf-8")
    assert "<svg" in picture
    for words in ("A search among many events", "events", "ms", "SQLite", "PostgreSQL"):
        assert f"<!-- {words} -->" in picture


def test_the_same_curve_is_drawn_the_same_way(tmp_path: Path) -> None:
    first, second = (small_report().draw(tmp_path / name)[0] for name in ("one", "two"))
    assert first.read_bytes() == second.read_bytes()
