"""Cleans what people type before anything else looks at it."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.fingerprint import fingerprint_of

NORMALIZED = "normalized"
"""The message property that holds the cleaned text."""

MAX_BYTES = 300
"""What the encoders see of a text, in UTF-8: their cost grows with it (8 s for 4,096 letters), and
a letter of another script costs as much as a word."""

_MOST_CHARACTERS = 6000  # of a longer text only the beginning is looked at

_INVISIBLE_CATEGORIES = ("Cc", "Cf", "Cs", "Co", "Cn")
_KEPT_INVISIBLE = "\u200d"  # joins the parts of an emoji


def normalize(text: str) -> str:
    """Return the text in one Unicode form, on one line, without invisible characters, cut.

    A text that begins with "/" loses the slash, so that Rasa never takes typed text for
    a payload such as `/intent{"slot": 1}`. Of a text that is too long, the beginning and the
    end are kept, because the question mostly stands in one of them.
    """
    composed = unicodedata.normalize("NFKC", text[:_MOST_CHARACTERS])
    visible = "".join(map(_visible, composed))
    line = " ".join(visible.split()).lstrip("/ ")
    encoded = line.encode("utf-8", "replace")
    if len(encoded) <= MAX_BYTES:
        return line
    half = MAX_BYTES // 2
    ends = (encoded[:half], encoded[-half + 1 :])
    return " ".join(end.decode("utf-8", "ignore") for end in ends)


def _visible(character: str) -> str:
    if character in _KEPT_INVISIBLE or not _is_invisible(character):
        return character
    return " "


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in _INVISIBLE_CATEGORIES


_NOT_A_WORD = re.compile(r"[^\w\s]|_")


def fold(text: str) -> str:
    """Return a normalized text in lower case without accents, punctuation and double spaces.

    Emoji are kept when nothing else is there, so that a lone thumbs-up still says something.
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    words = " ".join(_NOT_A_WORD.sub(" ", plain.replace("'", "").replace("’", "")).split())
    return words or plain.strip()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class Normalizer(GraphComponent):
    """Gives every message its cleaned text, which the later components read."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Normalizer:
        """Create the component (see the parent class)."""
        return cls()

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Depend on the whole module (see the parent class)."""
        return fingerprint_of(__file__)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the cleaned text to each message."""
        for message in messages:
            message.set(NORMALIZED, normalize(message.get(TEXT) or ""))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the cleaned text to each training example."""
        self.process(training_data.training_examples)
        return training_data
