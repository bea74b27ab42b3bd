"""Dates and times as people type them, in English and Spanish, and read back in words.

`find_span` is the way in. What stands on a calendar ("Dec 12", "15/1") is read in month_days, what
is counted from today ("next Saturday", "in two weeks") in from_today with the Duckling library,
the clock and the parts of a day in hours; reading puts them together.
"""

from actions.healing_map.dates.reading import FoundSpan, find_span
from actions.healing_map.dates.spans import Span, in_words, is_past

__all__ = ["FoundSpan", "Span", "find_span", "in_words", "is_past"]
