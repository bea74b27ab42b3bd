"""The time: in Chicago, as a script or a test can set it, and the real one."""

from __future__ import annotations

from datetime import datetime, timezone
from zoneinfo import ZoneInfo

CHICAGO = ZoneInfo("America/Chicago")

_fixed: datetime | None = None


def now() -> datetime:
    """Return the present moment in America/Chicago, for what people say, read and submit."""
    return _fixed or datetime.now(CHICAGO)


def real_now() -> datetime:
    """Return the real moment in UTC, whatever the clock was set to.

    For what is kept and tried again for so many seconds or days: a clock that was set would delete
    what is new, and Chicago's time repeats an hour in autumn.
    """
    return datetime.now(timezone.utc)


def set_now(moment: datetime | None) -> None:
    """Stop the clock at a moment (in Chicago's time where it has no offset); None lets it run."""
    global _fixed
    if moment is None:
        _fixed = None
    elif moment.tzinfo is None:
        _fixed = moment.replace(tzinfo=CHICAGO)
    else:
        _fixed = moment.astimezone(CHICAGO)
