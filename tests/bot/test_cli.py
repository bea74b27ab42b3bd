"""The command `twh` as a shell sees it."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from actions import database
from actions.clock import set_now
from actions.healing_map.database import open_database
from actions.healing_map.migrations import VERSION_TABLE, migrate
from actions.knowledge import questions
from bot.cli import main
from bot.settings import ROOT
from tests.bot.program_logs import program_logs

TOKEN = "123456789:AAEabcdefghijklmnopqrstuvwxyz_-12345"
SETTINGS = (
    *("TELEGRAM_BOT_TOKEN", "TWH_LOG_LEVEL", "DATABASE_URL"),
    *("TWH_SAMPLE_MAP", "TWH_KEEP_UNANSWERED", "TWH_GEOCODER", "TWH_GEOCODER_URL"),
)
UNSET = dict.fromkeys(SETTINGS, "")


def twh(
    *arguments: str, options: tuple[str, ...] = (), **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, *options, "-m", "bot.cli", *arguments],
        capture_output=True,
        cwd=ROOT,
        env=os.environ | environment,
        encoding="utf-8",
        timeout=180,
        check=False,
    )


def exit_code_of(*arguments: str) -> int:
    """Run the command in this process."""
    try:
        return main(arguments)
    except SystemExit as end:
        return int(end.code or 0)


def test_a_process_ends_at_once_because_nothing_is_cleared_away() -> None:
    program = (
        "import atexit, gc; atexit.register(lambda: print(gc.get_freeze_count()));"
        "from bot.cli import main; main(['lookup', 'dates', '--json'])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, input=b"", capture_output=True)
    assert int(done.stdout) > 1000


def test_help_is_there_at_once_because_rasa_is_not_loaded_for_it() -> None:
    done = twh("--help", options=("-X", "importtime"))
    assert done.returncode == 0
    for command in [
        "run",
        "chat",
        "parse",
        "events",
        "messages",
        "lookup",
        "review",
        "stats",
        "unanswered",
        "texts",
        "train",
        "check",
    ]:
        assert command in done.stdout
    imported = {
        line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()
    }
    assert "argparse" in imported
    assert not imported & {"rasa", "rasa_sdk", "telegram", "tensorflow", "numpy", "sklearn"}


def test_no_text_is_read_before_a_file_that_is_broken_can_be_named() -> None:
    program = "import bot.cli; from actions.texts import texts; print(texts.cache_info().currsize)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True)
    assert done.stdout == b"0\n"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("chat", "--now", "foo"), "foo"),
        (("chat", "--now", "2020-13-01"), "2020-13-01"),
        (("chat", "--now", ""), "--now"),
        (("chat", "--language", "pl"), "pl"),
        (("chat", "--jsn"), "--jsn"),
        (("chat", "extra"), "extra"),
        (("parse",), "--json"),
        (("events",), "ACTION"),
        (("events", "export", "-"), "--format"),
        (("events", "export", "--format", "xls", "-"), "xls"),
        (("events", "export", "--format", "csv", "--status", "new", "-"), "new"),
        (("events", "export", "--format", "csv"), "FILE"),
        (("events", "import"), "FILE"),
        (("messages", "import", "file.csv"), "import"),
        (("unanswered",), "ACTION"),
        (("unanswered", "export"), "FILE"),
        (("unanswered", "export", "--language", "pl", "-"), "pl"),
        (("stats", "all"), "all"),
        (("texts", "--format", "xls"), "xls"),
        (("lookup",), "WHAT"),
        (("lookup", "places"), "--json"),
        (("lookup", "dates", "--json", "--now", "Smarch"), "Smarch"),
        (("nonsense",), "nonsense"),
        ((), "COMMAND"),
    ],
)
def test_a_bad_option_is_refused_in_one_line(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], named: str
) -> None:
    assert exit_code_of(*arguments) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert named in output.err
    assert len(output.err.splitlines()) == 1


@pytest.mark.parametrize(
    "command",
    [
        ("run",),
        ("chat", "--json"),
        ("check",),
        ("train",),
        ("events", "import", "-"),
        ("lookup", "places", "--json"),
    ],
)
@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TWH_CAMPAIGN_START", "foo"),
        ("DATABASE_URL", "nonsense"),
        ("TELEGRAM_BOT_TOKEN", "my token"),
        ("TELEGRAM_WEBHOOK_LISTEN", "8080"),
        ("TWH_SAMPLE_MAP", "yes"),
        ("TWH_KEEP_UNANSWERED", "yes"),
        ("TWH_GEOCODER", "google"),
        ("TWH_GEOCODER_URL", "nominatim.openstreetmap.org"),
        ("TWH_SECRET_KEY", "too short"),
    ],
)
def test_a_setting_that_cannot_be_used_stops_every_command_in_one_line(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
    variable: str,
    value: str,
) -> None:
    monkeypatch.setenv(variable, value)
    assert exit_code_of(*command) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("twh: ")
    assert variable in output.err
    assert len(output.err.splitlines()) == 1


def test_a_setting_that_cannot_be_used_ends_the_process_with_2() -> None:
    done = twh("chat", "--json", TWH_CAMPAIGN_START="foo")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "twh: TWH_CAMPAIGN_START is no date like 2020-12-01: 'foo'\n"


Outcome = tuple[int, str, str]
Run = Callable[..., Outcome]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """run(*arguments, typed="...", VARIABLE="...") runs a command here: (exit code, out, err)."""

    def command(*arguments: str, typed: str = "", **environment: str) -> Outcome:
        for variable, value in (UNSET | environment).items():
            monkeypatch.setenv(variable, value)
        monkeypatch.setattr(database, "_engine", None)  # so that the tests' own comes back
        stdin = io.TextIOWrapper(io.BytesIO(typed.encode()), encoding="utf-8")
        monkeypatch.setattr(sys, "stdin", stdin)
        with program_logs():
            exit_code = exit_code_of(*arguments)
        return exit_code, *capfd.readouterr()

    return command


def test_a_database_that_cannot_be_opened_is_named_in_one_line(run: Run, tmp_path: Path) -> None:
    exit_code, out, err = run("chat", "--json", typed="{}", DATABASE_URL=f"sqlite:///{tmp_path}")
    assert (exit_code, out) == (2, "")
    *before, reason = err.splitlines()
    assert before in ([], ["Starting ..."])
    assert reason.startswith("twh: ")
    assert str(tmp_path) in reason


def test_a_key_that_the_database_was_not_written_with_ends_in_one_line(
    run: Run, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'twh.db'}"
    assert titles_on(run, url) == []
    arguments = ("events", "export", "--format", "csv", "-")
    exit_code, out, err = run(*arguments, DATABASE_URL=url, TWH_SECRET_KEY="a key of somebody else")
    assert (exit_code, out) == (2, "")
    assert err.startswith("twh: TWH_SECRET_KEY is not the key that this database was written with")
    assert len(err.splitlines()) == 1


def objects(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


@pytest.mark.usefixtures("model")
def test_a_conversation_as_json_lines(run: Run, tmp_path: Path) -> None:
    lines = (
        '{"text": "Soy Zebulón. ¿Cuándo termina la campaña?"}\n'
        "\n"
        "this is no JSON\n"
        '{"tap": "¿Cómo vamos a celebrar?"}\n'
        '{"text": "/help", "chat": "other", "language_code": "en"}\n'
    )
    exit_code, out, err = run(
        *("chat", "--json", "--ephemeral", "--now", "2021-03-01", "--language", "es"),
        typed=lines,
        DATABASE_URL=f"sqlite:///{tmp_path / 'twh.db'}",
        TWH_LOG_LEVEL="DEBUG",
    )
    when, bad, celebrate, other = objects(out)
    assert when["intent"]["name"] == "faq_dates"
    set_now(datetime(2021, 3, 1))
    assert questions("es")["faq_dates"].answer("es") in when["replies"][0]["text"]
    assert list(bad) == ["error"]
    assert celebrate["intent"] == {"name": "faq_celebrate", "confidence": 1.0}
    assert [it["language"] for it in (when, celebrate, other)] == ["es", "es", "en"]
    assert "intent=faq_celebrate" in err
    assert "Zebul" not in err
    assert not list(tmp_path.iterdir())
    assert exit_code == 0


@pytest.mark.usefixtures("model")
def test_single_texts_as_json_lines(run: Run) -> None:
    exit_code, out, err = run("parse", "--json", typed="What is racial healing?\nquiero morir\n\n")
    healing, crisis, empty = objects(out)
    assert (healing["language"], healing["intent"]) == ("en", "faq_racial_healing")
    assert (crisis["language"], crisis["decision"]) == ("es", "crisis")
    assert (empty["text"], empty["decision"]) == ("", "out_of_scope")
    assert [line.split()[0] for line in err.splitlines()] == ["Starting", "Ready"]
    assert exit_code == 0


def arbitrary_lines(number: int) -> list[bytes]:
    """Make lines of random bytes, emoji, mixed scripts and invisible characters, always the same.

    Without what a text stream takes for the end of a line.
    """
    chance = random.Random(1)
    scripts = [(0x20, 0x7E), (0xA0, 0x24F), (0x400, 0x4FF), (0x600, 0x6FF), (0x4E00, 0x4FFF)]
    signs = [(0x1F300, 0x1F6FF), (0x2000, 0x206F), (0xFE00, 0xFE0F), (0xE0020, 0xE007F)]

    def some_text() -> bytes:
        ranges = chance.choices(scripts + signs, k=chance.randrange(60))
        return "".join(chr(chance.randint(*it)) for it in ranges).encode()

    made = [chance.choice((some_text(), chance.randbytes(60))) for _ in range(number)]
    return [line.translate(None, delete=b"\r\n") for line in made]


@pytest.mark.usefixtures("model")
def test_whatever_the_lines_are_each_has_one_result() -> None:
    lines = arbitrary_lines(1000)
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "parse", "--json"],
        input=b"\n".join(lines) + b"\n",
        capture_output=True,
        cwd=ROOT,
        timeout=300,
        check=True,
    )
    results = done.stdout.split(b"\n")[:-1]
    texts = [json.loads(result)["text"] for result in results]
    assert texts == [line.decode(errors="replace") for line in lines]


@pytest.mark.usefixtures("model")
def test_a_check_without_problems_ends_with_0(run: Run, tmp_path: Path) -> None:
    exit_code, out, _ = run("check", DATABASE_URL=f"sqlite:///{tmp_path / 'twh.db'}")
    assert {line.split()[0] for line in out.splitlines()} == {"ok"}
    for part in ("telegram", "database", "model", "key: TWH_SECRET_KEY", "geocoder"):
        assert part in out
    assert exit_code == 0


@pytest.mark.usefixtures("model")
def test_a_check_with_problems_names_each_and_ends_with_1(run: Run, tmp_path: Path) -> None:
    exit_code, out, err = run(
        "check",
        DATABASE_URL=f"sqlite:///{tmp_path}",
        TELEGRAM_BOT_TOKEN=TOKEN,
        TELEGRAM_API_URL="http://127.0.0.1:1/bot",
    )
    states = {line.split()[1].rstrip(":"): line.split()[0] for line in out.splitlines()}
    assert (states["telegram"], states["database"], states["model"]) == ("problem", "problem", "ok")
    assert TOKEN not in out + err
    assert exit_code == 1


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("", "no address leaves the machine"),
        (" off ", "no address leaves the machine"),
        ("nominatim", "Nominatim"),
    ],
)
def test_a_check_says_whether_addresses_leave_the_machine(
    run: Run, tmp_path: Path, setting: str, said: str
) -> None:
    url = f"sqlite:///{tmp_path / 'twh.db'}"
    exit_code, out, _ = run("check", DATABASE_URL=url, TWH_GEOCODER=setting)
    (line,) = (line for line in out.splitlines() if "geocoder" in line)
    assert said in line
    assert exit_code == 0


@pytest.mark.usefixtures("model")
def test_a_check_finds_a_key_that_the_database_was_not_written_with(
    run: Run, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'twh.db'}"
    assert titles_on(run, url) == []
    exit_code, out, _ = run("check", DATABASE_URL=url, TWH_SECRET_KEY="a key of somebody else")
    assert exit_code == 1
    (problem,) = (line for line in out.splitlines() if line.startswith("problem"))
    assert problem.startswith("problem database: TWH_SECRET_KEY is not the key")


@pytest.mark.usefixtures("model")
def test_a_check_finds_a_map_that_a_newer_program_made(run: Run, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'twh.db'}"
    engine = open_database(url)
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    exit_code, out, _ = run("check", DATABASE_URL=url)
    assert exit_code == 1
    (problem,) = (line for line in out.splitlines() if line.startswith("problem"))
    assert problem.startswith("problem database: The database was made by a newer version")


def test_a_map_that_is_in_use_for_too_long_is_said_in_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'twh.db'}"
    monkeypatch.setattr("actions.healing_map.database._BUSY_SECONDS", 0.1)
    with open_database(url).begin() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        exit_code, out, err = run("events", "import", "-", DATABASE_URL=url)
    assert (exit_code, out) == (2, "")
    assert err.startswith("twh: ")
    assert "database is locked" in err
    assert len(err.splitlines()) == 1


def titles_on(run: Run, url: str) -> list[str]:
    """The titles of all events on a map."""
    exit_code, out, _ = run("events", "export", "--format", "csv", "-", DATABASE_URL=url)
    assert exit_code == 0
    return [row["title"] for row in csv.DictReader(io.StringIO(out, newline=""))]


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize(
    ("settings", "has_sample"),
    [
        ({}, True),
        ({"TELEGRAM_BOT_TOKEN": TOKEN}, False),
        ({"TELEGRAM_BOT_TOKEN": TOKEN, "TWH_SAMPLE_MAP": "0"}, False),
        ({"TELEGRAM_BOT_TOKEN": TOKEN, "TWH_SAMPLE_MAP": "1"}, True),
    ],
)
def test_a_map_that_serves_telegram_gets_the_sample_only_when_told_so(
    run: Run, tmp_path: Path, settings: dict[str, str], has_sample: bool
) -> None:
    url = f"sqlite:///{tmp_path / 'twh.db'}"
    assert run("chat", "--json", DATABASE_URL=url, **settings)[0] == 0
    assert (len(titles_on(run, url)) >= 60) == has_sample
    assert bool(titles_on(run, url)) == has_sample


@pytest.mark.usefixtures("model")
def test_a_map_that_begins_to_serve_telegram_loses_the_sample_and_nothing_else(
    run: Run, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'twh.db'}"
    run("chat", "--json", DATABASE_URL=url)
    _, out, _ = run("events", "export", "--format", "csv", "-", DATABASE_URL=url)
    header, row, *_ = csv.reader(io.StringIO(out, newline=""))
    ours = dict(zip(header, row, strict=True)) | {"code": "", "title": "Our own event"}
    file = tmp_path / "ours.csv"
    with file.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([header, ours.values()])
    assert run("events", "import", str(file), DATABASE_URL=url)[0] == 0
    assert "Our own event" in titles_on(run, url)
    run("chat", "--json", DATABASE_URL=url, TELEGRAM_BOT_TOKEN=TOKEN)
    assert titles_on(run, url) == ["Our own event"]


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize(("setting", "number"), [("", 2), ("0", 0)])
def test_what_is_not_understood_is_kept_for_the_statistics_unless_that_is_switched_off(
    run: Run, tmp_path: Path, setting: str, number: int
) -> None:
    url = f"sqlite:///{tmp_path / 'twh.db'}"
    lines = '{"text": "Will it rain on Zebulon?"}\n' * 2 + '{"text": "What is TRHT?"}\n'
    run("chat", "--json", typed=lines, DATABASE_URL=url, TWH_KEEP_UNANSWERED=setting)
    exit_code, out, _ = run("stats", DATABASE_URL=url)
    assert exit_code == 0
    (asked,) = (line for line in out.splitlines() if "asked, out of scope" in line)
    assert int(asked.split()[-1]) == number
    exit_code, out, _ = run("unanswered", "export", "-", DATABASE_URL=url)
    assert exit_code == 0
    assert ("    - Will it rain on [name]?\n" in out) == bool(number)


def test_a_file_for_unanswered_questions_that_cannot_be_written_ends_in_one_line(
    run: Run, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'twh.db'}"
    exit_code, out, err = run("unanswered", "export", str(tmp_path), DATABASE_URL=url)
    assert (exit_code, out) == (2, "")
    assert err == f"twh: {tmp_path} cannot be written: Is a directory; choose another path.\n"
