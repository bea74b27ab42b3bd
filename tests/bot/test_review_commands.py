"""`twh review` as a shell sees it."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from actions.healing_map import review as domain
from actions.healing_map.models import Notice, sessions
from actions.healing_map.review import find
from actions.healing_map.store import draft_of, resubmit, withdraw
from bot import review_commands
from bot.errors import CommandError
from tests.actions.healing_map.making import NOW, in_hours, put_event, put_message
from tests.bot.program_logs import program_logs
from tests.bot.test_cli import exit_code_of

Outcome = tuple[int, str, str]
Run = Callable[..., Outcome]


@pytest.fixture
def review(
    own_map: Engine, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Run:
    """review(*arguments) runs `twh review ...` here: (exit code, out, err)."""

    def run(*arguments: str) -> Outcome:
        monkeypatch.setenv("DATABASE_URL", str(own_map.url))
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
        with program_logs():
            return exit_code_of("review", *arguments), *capfd.readouterr()

    return run


def submit_event(engine: Engine, title: str = "Book club", **fields: Any) -> str:
    with sessions(engine).begin() as session:
        usual = {"status": "pending", "submitter": "telegram:55"}
        return str(put_event(session, title, **(usual | fields)).code)


def submit_message(engine: Engine, text: str, **fields: Any) -> str:
    with sessions(engine).begin() as session:
        return str(put_message(session, text, status="pending", **fields).code)


def status(engine: Engine, code: str) -> tuple[str, str]:
    with sessions(engine)() as session:
        entry = find(session, code)
        return entry.status, entry.review_note


def test_an_empty_queue_is_said_to_be_empty(review: Run) -> None:
    assert review("list") == (0, "Nothing is waiting.\n", "")


def test_what_waits_is_listed_one_a_line_oldest_first(review: Run, own_map: Engine) -> None:
    message = submit_message(
        own_map, "We\nheal one block, one table and one story at a time, all of us together"
    )
    event = submit_event(own_map, "Círculo de paz", now=in_hours(-25), kind="dialogue")
    done = submit_event(own_map, "Done", status="approved")
    exit_code, out, err = review("list")
    assert (exit_code, err) == (0, "") and done not in out
    assert out.splitlines() == [
        f"{event}  event    2020-12-07 09:00  dialogue       Círculo de paz",
        f"{message}  message  2020-12-08 10:00                 "
        "We heal one block, one table and one story at a time, all o…",
    ]


def test_marks_stand_in_brackets(review: Run, own_map: Engine) -> None:
    first = submit_event(own_map, description="Call 773-555-0142", now=in_hours(-1))
    submit_event(own_map, description="Call 773-555-0142")
    _, out, _ = review("list")
    _, line = out.splitlines()
    assert line.endswith(f"Book club  [phone number in “Description”, the same text as {first}]")


def test_all_of_a_submission_can_be_shown(review: Run, own_map: Engine) -> None:
    code = submit_event(own_map, contact="dana@example.org", description="One\nTwo")
    exit_code, out, _ = review("show", code.lower())
    assert exit_code == 0
    assert out.startswith(f"New event · {code} · pending\nTitle: Book club\n")
    assert "Contact (not shown in public): dana@example.org\n" in out


def test_an_approved_entry_is_public_and_its_submitter_is_to_hear_of_it(
    review: Run, own_map: Engine
) -> None:
    code = submit_event(own_map)
    done = (0, f"Approved event {code} (Book club): it is public now.\n", "")
    assert review("approve", code.lower()) == done
    assert status(own_map, code) == ("approved", "")
    with sessions(own_map)() as session:
        outcomes = session.execute(select(Notice.outcome, Notice.audience)).all()
    assert ("approved", "submitter") in outcomes


def test_a_rejected_entry_keeps_the_reason(review: Run, own_map: Engine) -> None:
    code = submit_message(own_map, "We heal")
    done = (0, f"Rejected message {code} (We heal): It names somebody.\n", "")
    assert review("reject", code, "--reason", " It names\nsomebody. ") == done
    assert status(own_map, code) == ("rejected", "It names somebody.")


@pytest.mark.parametrize("action", ["show", "approve", "reject"])
@pytest.mark.parametrize("code", ["KX7M2Q", "", "'; DROP TABLE events; --", "\udcff"])
def test_an_unknown_code_is_named_in_one_line(review: Run, action: str, code: str) -> None:
    reason = ["--reason", "No"] if action == "reject" else []
    exit_code, out, err = review(action, code, *reason)
    assert (exit_code, out) == (2, "")
    assert err == (
        f"twh: There is no submission with the code {code!r}; `twh review list` shows what waits.\n"
    )


@pytest.mark.parametrize("before", ["approved", "rejected"])
def test_what_was_decided_stays_so(review: Run, own_map: Engine, before: str) -> None:
    code = submit_event(own_map, status=before)
    for arguments in (("approve", code.lower()), ("reject", code, "--reason", "No")):
        exit_code, out, err = review(*arguments)
        assert (exit_code, out, err) == (
            2,
            "",
            f"twh: {code} is {before} already; nothing was changed.\n",
        )
    assert status(own_map, code) == (before, "")


def test_what_was_withdrawn_cannot_be_approved(review: Run, own_map: Engine) -> None:
    code = submit_event(own_map)
    with sessions(own_map).begin() as session:
        withdraw(session, find(session, code), NOW)
    assert review("approve", code) == (
        2,
        "",
        f"twh: {code} is withdrawn already; nothing was changed.\n",
    )


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301, "bell \x07", "\udcff"])
def test_a_reason_that_cannot_be_used_is_refused_in_one_line(
    review: Run, own_map: Engine, reason: str
) -> None:
    code = submit_event(own_map)
    exit_code, out, err = review("reject", code, "--reason", reason)
    assert (exit_code, out) == (2, "")
    assert err == "twh: --reason should have 1 to 300 characters in one line.\n"
    assert status(own_map, code) == ("pending", "")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((), "ACTION"),
        (("approve",), "ID"),
        (("reject", "KX7M2Q"), "--reason"),
        (("delete", "KX7M2Q"), "delete"),
    ],
)
def test_bad_arguments_are_refused_in_one_line(
    review: Run, arguments: tuple[str, ...], named: str
) -> None:
    exit_code, out, err = review(*arguments)
    assert (exit_code, out) == (2, "")
    assert named in err and len(err.splitlines()) == 1


def test_an_entry_that_changes_in_the_middle_is_said_to_have_changed(
    own_map: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = submit_event(own_map)
    find_waiting = domain.find_waiting

    def find_before_the_change(*arguments: Any) -> Any:
        entry = find_waiting(*arguments)
        monkeypatch.setattr(domain, "find_waiting", find_waiting)
        with sessions(own_map).begin() as other:
            its = find(other, code)
            resubmit(other, its, draft_of(its), NOW)
        return entry

    monkeypatch.setattr(domain, "find_waiting", find_before_the_change)
    with pytest.raises(CommandError, match="was changed just now"):
        review_commands.approve(own_map, code)
    assert status(own_map, code) == ("pending", "")
