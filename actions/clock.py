"""The time in Chicago, which a script or a test can set."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

CHICAGO = ZoneInfo("America/Chicago")

_fixed: datetime | None = None


def now() -> datetime:
    """Return the present moment in America/Chicago."""
    return _fixed or datetime.now(CHICAGO)


def set_now(moment: datetime | None) -> None:
    """Stop the clock at a moment (in Chicago's time where it has no offset); None lets it run."""
    global _fixed
    if moment is None:
        _fixed = None
    elif moment.tzinfo is None:
        _fixed = moment.replace(tzinfo=CHICAGO)
    else:
        _fixed = moment.astimezone(CHICAGO)
