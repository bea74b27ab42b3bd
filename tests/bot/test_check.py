"""What `twh check` says of the staff's chat, Redis and the texts; the other parts are tested as a
shell sees them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import check, training
from bot.settings import ROOT, Settings
from tests.bot.telegram.test_webhook import settings_for
from tests.fakes.bot_api import BotApiThread, Chat, User
from tests.processes import free_port
from tests.redis import RedisServer

STAFF = Chat(-1009, "Healing team")


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[BotApiThread]:
    """A Bot API with the staff's chat; the model, which takes seconds to load, is taken as good."""
    monkeypatch.setattr(check, "model_path", lambda: ROOT / "pyproject.toml")
    monkeypatch.setattr(check, "load_agent", lambda *arguments: None)
    with BotApiThread() as api:
        api.standing(User(), STAFF, "member")
        yield api


def staff_line(settings: Settings, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    return line_of("staff chat", settings, capsys)


def line_of(part: str, settings: Settings, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    exit_code = check.report(settings)
    (line,) = (line for line in capsys.readouterr().out.splitlines() if f" {part}: " in line)
    return exit_code, line


def test_the_staffs_chat_is_named(api: BotApiThread, capsys: pytest.CaptureFixture[str]) -> None:
    settings = replace(settings_for(api.base_url), staff_chat=STAFF.id)
    assert staff_line(settings, capsys) == (0, "ok      staff chat: -1009 (Healing team)")


def test_a_chat_that_the_assistant_is_not_in_is_a_problem(
    api: BotApiThread, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = replace(settings_for(api.base_url), staff_chat=-4711)
    exit_code, line = staff_line(settings, capsys)
    assert exit_code == 1
    assert line.startswith("problem staff chat: -4711 cannot be reached (Chat not found)")


@pytest.mark.parametrize(
    ("missing", "named"),
    [({"staff_chat": None}, "TWH_STAFF_CHAT"), ({"telegram_token": ""}, "TELEGRAM_BOT_TOKEN")],
)
def test_without_a_chat_or_a_token_the_command_line_is_named(
    api: BotApiThread,
    capsys: pytest.CaptureFixture[str],
    missing: dict[str, str | None],
    named: str,
) -> None:
    settings = replace(settings_for(api.base_url), **{"staff_chat": STAFF.id, **missing})
    exit_code, line = staff_line(settings, capsys)
    assert exit_code == 0
    assert line == (
        f"ok      staff chat: no {named}, so submissions are reviewed with `twh review`"
    )


def test_redis_is_needed_only_where_it_is_set(
    api: BotApiThread, capsys: pytest.CaptureFixture[str]
) -> None:
    exit_code, line = line_of("redis", settings_for(api.base_url), capsys)
    assert exit_code == 0
    assert line.startswith("ok      redis: no REDIS_URL")


def test_a_redis_that_answers_is_good(
    api: BotApiThread, capsys: pytest.CaptureFixture[str], shared_redis: RedisServer
) -> None:
    settings = replace(settings_for(api.base_url), redis_url=shared_redis.url)
    assert line_of("redis", settings, capsys) == (
        0,
        "ok      redis: locks are shared with other processes",
    )


def test_a_redis_that_does_not_answer_is_a_problem(
    api: BotApiThread, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"redis://:hunter2@127.0.0.1:{free_port()}"
    exit_code, line = line_of("redis", replace(settings_for(api.base_url), redis_url=url), capsys)
    assert exit_code == 1
    assert line.startswith("problem redis: REDIS_URL does not answer")
    assert "hunter2" not in line


def lines_of(part: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    exit_code = check.report(replace(settings_for(""), telegram_token=""))
    lines = capsys.readouterr().out.splitlines()
    return exit_code, [line for line in lines if f" {part}: " in line]


@pytest.fixture
def without_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model, which takes seconds to load, is taken as good."""
    monkeypatch.setattr(check, "model_path", lambda: ROOT / "pyproject.toml")
    monkeypatch.setattr(check, "load_agent", lambda *arguments: None)


@pytest.mark.usefixtures("without_model")
def test_texts_that_are_complete_are_good(capsys: pytest.CaptureFixture[str]) -> None:
    exit_code, [line] = lines_of("texts", capsys)
    assert exit_code == 0
    assert line.endswith("sentences in en and es, none is missing")


@pytest.mark.usefixtures("without_model")
def test_each_text_that_is_missing_has_a_line(
    data_to_edit: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = data_to_edit / "texts" / "es.yml"
    words = path.read_text(encoding="utf-8")
    path.write_text(words.replace("no_more:", "nada_mas:"), encoding="utf-8")
    assert lines_of("texts", capsys) == (
        1,
        [
            "problem texts: data/texts/es.yml: no_more is missing",
            "problem texts: data/texts/en.yml: nada_mas is missing",
        ],
    )


def test_training_data_that_cannot_be_read_is_said_and_the_other_parts_are_still_looked_at(
    data_to_edit: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(training, "ROOT", data_to_edit.parent)
    for name in ("config.yml", "domain.yml"):
        (data_to_edit.parent / name).touch()
    (data_to_edit / "nlu" / "en" / "faq_new.yml").write_text("nlu:\n- intent: [a\n")
    assert lines_of("model", capsys)[1] == [
        "problem model: the training data cannot be read (see texts)"
    ]
    exit_code, [line] = lines_of("texts", capsys)
    assert exit_code == 1
    assert line.startswith("problem texts: data/nlu/en/faq_new.yml, near line 3: ")
