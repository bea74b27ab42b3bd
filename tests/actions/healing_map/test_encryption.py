"""One secret that opens everything private: where it comes from, and what it keeps closed."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from actions.healing_map import encryption
from actions.healing_map.encryption import (
    LEAST_CHARACTERS,
    Cipher,
    UnusableKey,
    WrongKey,
    cipher,
    secret_key,
    use_secret,
)

SECRET = "correct horse battery"


@pytest.fixture
def without_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """No TWH_SECRET_KEY, as on a fresh machine."""
    monkeypatch.delenv("TWH_SECRET_KEY")


@pytest.mark.parametrize("text", ["", "dana@example.org", "Círculo 🕊️\n\x00", "x" * 100_000])
def test_what_is_encrypted_is_opened_by_the_same_secret(text: str) -> None:
    token = Cipher(SECRET).encrypt(text)
    assert Cipher(SECRET).decrypt(token) == text
    assert "dana" not in token


def test_the_same_text_is_never_encrypted_to_the_same() -> None:
    same = Cipher(SECRET)
    assert same.encrypt("dana@example.org") != same.encrypt("dana@example.org")


def test_another_secret_opens_nothing() -> None:
    token = Cipher(SECRET).encrypt("dana@example.org")
    with pytest.raises(WrongKey) as refused:
        Cipher(SECRET + ".").decrypt(token)
    assert token not in str(refused.value)


@pytest.mark.parametrize("broken", ["", "plain text", "gAAAAA", "ñ"])
def test_what_was_never_encrypted_is_not_opened(broken: str) -> None:
    with pytest.raises(WrongKey):
        Cipher(SECRET).decrypt(broken)


def test_what_was_changed_is_not_opened() -> None:
    token = Cipher(SECRET).encrypt("41.7423")
    changed = token[:40] + ("A" if token[40] != "A" else "B") + token[41:]
    with pytest.raises(WrongKey):
        Cipher(SECRET).decrypt(changed)


def test_a_fingerprint_stands_for_one_text_under_one_secret() -> None:
    first = Cipher(SECRET).fingerprint("telegram:55")
    assert len(first) == 64
    assert int(first, 16)
    assert Cipher(SECRET).fingerprint("telegram:55") == first
    assert Cipher(SECRET).fingerprint("telegram:56") != first
    assert Cipher(SECRET + ".").fingerprint("telegram:55") != first


def test_the_variable_goes_before_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("the secret of the file\n", encoding="utf-8")
    monkeypatch.setenv("TWH_SECRET_KEY", f" {SECRET}\n")
    secret = secret_key(tmp_path)
    assert (secret.text, secret.source, secret.is_new) == (SECRET, "TWH_SECRET_KEY", False)


@pytest.mark.usefixtures("without_variable")
def test_without_the_variable_a_file_is_made_that_nobody_else_reads(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    made, found = secret_key(folder), secret_key(folder)
    path = folder / "secret.key"
    assert (made.source, made.is_new) == (str(path), True)
    assert (found.text, found.is_new) == (made.text, False)
    assert len(made.text) >= 40
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [it.name for it in folder.iterdir()] == ["secret.key"]


@pytest.mark.usefixtures("without_variable")
def test_every_machine_gets_another_secret(tmp_path: Path) -> None:
    assert secret_key(tmp_path / "one").text != secret_key(tmp_path / "two").text


def test_a_secret_is_not_printed_with_its_source() -> None:
    assert os.environ["TWH_SECRET_KEY"] not in repr(secret_key())


def test_a_short_variable_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TWH_SECRET_KEY", "x" * (LEAST_CHARACTERS - 1))
    with pytest.raises(UnusableKey, match="TWH_SECRET_KEY should have 16 characters"):
        secret_key(tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("without_variable")
@pytest.mark.parametrize("content", [b"", b"short\n", b"\xff" * 40])
def test_a_damaged_file_is_refused_and_stays_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "secret.key"
    path.write_bytes(content)
    with pytest.raises(UnusableKey) as refused:
        secret_key(tmp_path)
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)
    assert path.read_bytes() == content


@pytest.mark.usefixtures("without_variable")
def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnusableKey, match=r"secret\.key cannot be used"):
        secret_key(tmp_path / "file")


def test_processes_that_start_at_once_end_with_one_key(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path;"
        "from actions.healing_map.encryption import secret_key;"
        "print('ready', flush=True); sys.stdin.readline();"
        "secret = secret_key(Path(sys.argv[1])); print(secret.text, secret.is_new)"
    )
    together = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path)],
            env={key: value for key, value in os.environ.items() if key != "TWH_SECRET_KEY"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in together:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    said = [process.communicate("go\n", timeout=60)[0].split() for process in together]
    assert len({text for text, _ in said}) == 1
    assert sorted(is_new for _, is_new in said) == ["False", "False", "False", "True"]


def test_the_process_uses_the_secret_that_it_was_given() -> None:
    use_secret(SECRET)
    assert cipher().fingerprint("x") == Cipher(SECRET).fingerprint("x")


def test_a_process_that_was_given_none_uses_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encryption, "_cipher", None)
    monkeypatch.setenv("TWH_SECRET_KEY", SECRET)
    assert cipher().fingerprint("x") == Cipher(SECRET).fingerprint("x")
    assert cipher() is cipher()
