"""What the model found in the texts that were typed last: many people ask the same."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any

from nlu.normalizer import normalize

MOST = 1000
"""How many texts are remembered, at about 5 kB each; what was not typed for longest goes."""


class RememberedParses:
    """Parses each text once, as long as it is remembered; safe for several threads.

    Nothing makes it wrong: what a model finds depends on the normalized text alone, and a process
    has one model for as long as it lives. Of a text only a digest is kept.
    """

    def __init__(self, parse: Callable[[str], dict[str, Any]]) -> None:
        """Set what parses a text that is not remembered; its result has to fit into JSON."""
        self._parse = parse
        self._parses: OrderedDict[bytes, str] = OrderedDict()
        self._lock = Lock()

    def parse(self, text: str) -> dict[str, Any]:
        """Return what is found in a text; the caller may change it."""
        digest = hashlib.sha256(normalize(text).encode("utf-8", "replace")).digest()
        with self._lock:
            remembered = self._parses.get(digest)
            if remembered:
                self._parses.move_to_end(digest)
        if remembered is None:
            remembered = json.dumps(self._parse(text) | {"text": ""})
            with self._lock:
                self._parses[digest] = remembered
                if len(self._parses) > MOST:
                    self._parses.popitem(last=False)
        parse: dict[str, Any] = json.loads(remembered)
        return parse | {"text": text}
