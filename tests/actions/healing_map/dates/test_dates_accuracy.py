"""How many of the expressions in dates.yml are read rightly."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from actions.clock import CHICAGO
from actions.healing_map.dates import FoundSpan, find_span
from tests.conftest import DURING_THE_CAMPAIGN

NOW = DURING_THE_CAMPAIGN.replace(tzinfo=CHICAGO)
EXPRESSIONS = Path(__file__).parents[1] / "dates.yml"

FLOORS = {
    ("en", "tuning"): 0.98,
    ("en", "held_back"): 0.98,
    ("es", "tuning"): 0.98,
    ("es", "held_back"): 0.96,
}
"""Just under the measured shares: 107 of 107 and 53 of 53 in English, 69 of 70 and 35 of 35 in
Spanish (34 when those held back were first measured)."""


def expressions(language: str, part: str) -> dict[str, str]:
    content = EXPRESSIONS.read_text(encoding="utf-8")
    return yaml.load(content, yaml.CBaseLoader)[language][part]


def as_written(found: FoundSpan | None) -> str:
    """Return what was found as dates.yml writes it."""
    if found is None:
        return "null"
    span = found.span
    form = "%Y-%m-%d" if span.whole_day else "%Y-%m-%dT%H:%M"
    return "/".join(moment.strftime(form) for moment in (span.start, span.end) if moment)


@pytest.mark.parametrize(("language", "part"), FLOORS)
def test_nearly_all_expressions_are_read_rightly(language: str, part: str) -> None:
    expected = expressions(language, part)
    wrong = {
        text: reading
        for text, right in expected.items()
        if (reading := as_written(find_span(text, NOW, language))) != right
    }
    share = 1 - len(wrong) / len(expected)
    assert share >= FLOORS[language, part], f"{share:.1%} read rightly; wrong: {wrong}"


def test_the_set_is_as_large_as_it_says() -> None:
    sizes = {
        language: sum(len(expressions(language, part)) for part in ("tuning", "held_back"))
        for language in ("en", "es")
    }
    assert sizes == {"en": 160, "es": 105}
