"""The campaign's dates, and the words that depend on them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date

from actions.texts import text

_PARTS_OF_MONTH = ("beginning_of_month", "middle_of_month", "end_of_month")


@dataclass(frozen=True)
class Campaign:
    """When Together We Heal runs: from the first to the last day, both included."""

    start: date
    end: date

    @classmethod
    def from_environment(cls) -> Campaign:
        """Read TWH_CAMPAIGN_START and TWH_CAMPAIGN_END (by default as the City published them).

        Raises:
            ValueError: names the variable that holds no date, or says that the dates are turned
                round.
        """
        campaign = cls(
            _date_from("TWH_CAMPAIGN_START", "2020-12-01"),
            _date_from("TWH_CAMPAIGN_END", "2021-01-31"),
        )
        if campaign.end < campaign.start:
            raise ValueError("TWH_CAMPAIGN_END is before TWH_CAMPAIGN_START.")
        return campaign

    def phase(self, today: date) -> str:
        """Return "before", "during" or "after", as today stands to the campaign."""
        if today < self.start:
            return "before"
        return "during" if today <= self.end else "after"

    def words(self, language: str) -> dict[str, str]:
        """Return the words for the dates that FAQ answers leave open: start and end."""
        return {"start": _in_words(self.start, language), "end": _in_words(self.end, language)}


def _date_from(variable: str, default: str) -> date:
    value = os.environ.get(variable) or default
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{variable} is no date like 2020-12-01: {value!r}") from None


def _in_words(day: date, language: str) -> str:
    """Name the part of the month, as the City does: "the beginning of December 2020"."""
    part = _PARTS_OF_MONTH[min((day.day - 1) // 10, 2)]
    month = text("month_names", language).split()[day.month - 1]
    return text(part, language, month=month, year=str(day.year))
