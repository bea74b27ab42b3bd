"""Tells English from Spanish, and how sure that is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from py3langid.langid import MODEL_FILE
from py3langid.langid import LanguageIdentifier as Py3LangId
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.normalizer import NORMALIZED

LANGUAGES = ("en", "es")
"""The languages of the assistant, the default first."""

WRITTEN_LANGUAGE = "written_language"
"""The parse result's key for the evidence found in the text."""

# English names stay English in a Spanish sentence and say nothing about its language.
_NAMES = re.compile(
    r"\b(together we heal|twh|oerj|trht|healing (illinois|map|event|circles?)|on[- ]the[- ]table"
    r"|truth,? racial healing(,? and transformation)?|office of equity and racial justice"
    r"|chief equity officer|candace moore|(mayor )?lori lightfoot|chicago|submission form"
    r"|(promote|encourage|facilitate|seed) (dialogue|collaboration|learning|connections)"
    r"|https?://\S+|\S+@\S+|\d+)\b",
    re.IGNORECASE,
)
_SPANISH_MARKS = re.compile(r"[¿¡ñ]", re.IGNORECASE)


@dataclass(frozen=True)
class WrittenLanguage:
    """What a text tells about its language.

    Attributes:
        language: "en" or "es", or None when the text has no word of either.
        probability: 0.5 to 1, that it is this one of the two.
        words: how many words that rests on, names and numbers aside; an inverted question or
            exclamation mark counts as one.
    """

    language: str | None
    probability: float
    words: int


@lru_cache(maxsize=1)
def _identifier() -> Py3LangId:
    identifier = Py3LangId.from_pickled_model(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    return identifier


def written_language(text: str) -> WrittenLanguage:
    """Return the language that a normalized text is written in."""
    rest = _NAMES.sub(" ", text)
    words = len(re.findall(r"[^\W\d_]{2,}|[^\W\d_]\b", rest))
    if _SPANISH_MARKS.search(text):
        return WrittenLanguage("es", 1.0, words + ("¿" in text or "¡" in text))
    if not words:
        return WrittenLanguage(None, 0.5, 0)
    language, probability = _identifier().classify(rest)
    return WrittenLanguage(language, float(probability), words)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class LanguageIdentifier(GraphComponent):
    """Adds to each message the language that it is written in."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageIdentifier:
        """Create the component (see the parent class)."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the evidence to each message."""
        for message in messages:
            evidence = written_language(message.get(NORMALIZED))
            message.set(WRITTEN_LANGUAGE, vars(evidence), add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the training examples alone: no other component learns from their language."""
        return training_data
