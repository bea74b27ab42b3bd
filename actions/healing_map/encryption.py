"""Keeps private texts unreadable without a key that lies apart from the database.

One secret, TWH_SECRET_KEY, opens everything. Where it is not set, it is read from the file
`secret.key` under var/, which the first start makes.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from base64 import urlsafe_b64encode
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

VARIABLE = "TWH_SECRET_KEY"
LEAST_CHARACTERS = 16
"""A shorter secret could be found by trying."""

FINGERPRINT_LENGTH = 64

KEY_DIRECTORY = Path(__file__).resolve().parents[2] / "var"
_KEY_FILE = "secret.key"

_SCRYPT_COST = 2**14
"""Takes 35 ms and 16 MB for each of the two keys, once a process, and as long for each guess."""


class WrongKey(Exception):
    """What is stored was not encrypted with this secret."""


class UnusableKey(Exception):
    """There is no usable secret; the text says in one line what to do."""


class Cipher:
    """Encrypts and fingerprints with keys that are derived from one secret."""

    def __init__(self, secret: str) -> None:
        self._fernet = Fernet(urlsafe_b64encode(_derived(secret, b"together-we-heal encryption")))
        self._fingerprint_key = _derived(secret, b"together-we-heal fingerprints")

    def encrypt(self, text: str) -> str:
        """Return a text of letters that only the same secret opens; never the same one twice."""
        return self._fernet.encrypt(text.encode()).decode("ascii")

    def decrypt(self, token: str) -> str:
        """Return the text that was encrypted.

        Raises:
            WrongKey: it was encrypted with another secret, or changed since.
        """
        try:
            return self._fernet.decrypt(token.encode()).decode()
        except InvalidToken:
            raise WrongKey(f"{VARIABLE} does not open what is stored.") from None

    def fingerprint(self, text: str) -> str:
        """Return 64 hexadecimal digits that stand for a text and, without the key, do not tell it.

        The same text has the same fingerprint, so that it can be looked for.
        """
        return hmac.new(self._fingerprint_key, text.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Secret:
    """A secret, and where it comes from.

    Attributes:
        text: the secret itself, left out where this value is printed.
        source: the variable's name, or the path of the file.
        is_new: the file was made just now.
    """

    text: str = field(repr=False)
    source: str
    is_new: bool = False


def secret_key(directory: Path = KEY_DIRECTORY) -> Secret:
    """Return the secret of TWH_SECRET_KEY or of the key file, which is made where it is missing.

    Of two processes that make the file at once, both get the same secret.

    Args:
        directory: the key file's folder.

    Raises:
        UnusableKey: the secret is too short, or the file cannot be read or made.
    """
    given = os.environ.get(VARIABLE, "").strip()
    if given:
        return _checked(Secret(given, VARIABLE))
    path = directory / _KEY_FILE
    try:
        is_new = not path.exists() and _make(path)
        return _checked(Secret(path.read_text(encoding="utf-8").strip(), str(path), is_new))
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableKey(f"The key file {path} cannot be used: {error}") from None


_cipher: Cipher | None = None


def use_secret(secret: str) -> None:
    """Let the whole process encrypt with this secret."""
    global _cipher
    _cipher = Cipher(secret)


def cipher() -> Cipher:
    """Return the process's cipher; where no secret was set, that of TWH_SECRET_KEY or the file.

    Raises:
        UnusableKey: there is none and none can be made.
    """
    if _cipher is None:
        use_secret(secret_key().text)
    assert _cipher is not None
    return _cipher


def _derived(secret: str, purpose: bytes) -> bytes:
    return Scrypt(salt=purpose, length=32, n=_SCRYPT_COST, r=8, p=1).derive(secret.encode())


def _checked(secret: Secret) -> Secret:
    if len(secret.text) < LEAST_CHARACTERS:
        raise UnusableKey(f"{secret.source} should have {LEAST_CHARACTERS} characters or more.")
    return secret


def _make(path: Path) -> bool:
    """Make the key file, and return whether it was this process that did.

    The file appears under its name only when it is complete.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
            return True
        return False
    finally:
        draft.unlink()
