"""What somebody may write who means harm, and how a test sees that nothing came of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Engine

from actions.healing_map.models import Event, Message, Notice, sessions
from actions.texts import LANGUAGES, text
from bot.assistant import Answer
from tests.conversation import everything_in, text_of

MARKUP = (
    '<b>bold</b> <a href="tg://user?id=1">who</a>',
    "<script>alert(1)</script></script>",
    "&lt;b&gt; &amp; & &#60;b&#62;",
    "</b></code></blockquote>",
    "*bold* _slanted_ [link](https://example.org) `code`",
    "{title} {0} {0.__class__} %s %(title)s $title",
)
"""Texts that would look like something else, if anything read them as HTML, Markdown or a form."""

FORMULAS = (
    '=HYPERLINK("http://example.org","Click")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(1+1)",
    "＝1+1",
    "'=1+1",
)
"""Texts that a spreadsheet would calculate."""

SQL = ("'; DROP TABLE events; --", "' OR '1'='1", '" OR ""="', "100%_\\", ":code %(code)s ?", "--")
"""Texts that would be commands, if anything put them into a statement."""

CODES = (
    *SQL,
    "../../etc/passwd",
    "..\\..\\secret.key",
    "/etc/passwd",
    "%2e%2e%2f",
    "H7K2Q?",
    "H7K2Q%",
    "______",
    "H7K2QM\nH7K2QM",
    "Ｈ７Ｋ２ＱＭ",
    "\x00",
    "\ud800",
    "",
    " ",
    "H" * 10_000,
)
"""What could stand in the place of a code; no entry has any of these."""


def stored_in(engine: Engine) -> list[Any]:
    """Return all that the map holds, to compare it before and after."""
    with sessions(engine)() as session:
        return [
            session.execute(select(table.__table__).order_by(table.id)).all()
            for table in (Event, Message, Notice)
        ]


def is_answered(answer: Answer) -> bool:
    """Tell whether somebody got an answer, and not the sentence that something went wrong."""
    failures = {text("failure", language) for language in LANGUAGES}
    return bool(everything_in(answer).strip()) and text_of(answer) not in failures
