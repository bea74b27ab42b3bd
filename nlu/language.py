"""Tells English from Spanish, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import joblib
import yaml
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from nlu.fingerprint import fingerprint_of
from nlu.normalizer import NORMALIZED, normalize
from nlu.trained_component import TrainedComponent

WRITTEN_LANGUAGE = "written_language"
"""The parse result's key for the evidence found in the text."""

_FILE = "language.joblib"

# English names stay English in a Spanish sentence and say nothing about its language.
_NAMES = re.compile(
    r"\b(together we heal|twh|oerj|trht|healing (illinois|map|event|circles?)|on[- ]the[- ]table"
    r"|truth,? racial healing(,? and transformation)?|office of equity and racial justice"
    r"|chief equity officer|candace moore|(mayor )?lori lightfoot|chicago|submission form"
    r"|(promote|encourage|facilitate|seed) (dialogue|collaboration|learning|connections)"
    r"|https?://\S+|\S+@\S+|\d+)\b",
    re.IGNORECASE,
)
_CODE = re.compile(r"/?\w+_\w+|\{[^}]*\}|\b(\w)\1{3,}\b")
"""What no language has: a payload's words and braces, and one letter again and again."""
_LATIN_WORD = re.compile(r"[a-zà-ɏ]+", re.IGNORECASE)


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


NOTHING_WRITTEN = WrittenLanguage(None, 0.5, 0)


class LanguageModel:
    """A logistic regression over the characters of texts whose language is known.

    It knows the short words of a chat ("hola", "ayuda") and the campaign's own, which general
    language identifiers take for the other language (34 errors in 1,485 held-back texts for one,
    7 for this, most of them texts of a number or of both languages).
    """

    def __init__(self, texts: list[str], languages: list[str]) -> None:
        """Learn from normalized texts."""
        self._model: Pipeline = make_pipeline(
            TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), sublinear_tf=True, min_df=2),
            LogisticRegression(C=30.0, class_weight="balanced", max_iter=200),
        )
        self._model.fit([_without_names(text) for text in texts], languages)

    def written_language(self, text: str) -> WrittenLanguage:
        """Return the language that a normalized text is written in."""
        rest = _without_names(text)
        words = len(_LATIN_WORD.findall(rest))
        if not words:
            return NOTHING_WRITTEN
        probabilities = self._model.predict_proba([rest])[0]
        best = probabilities.argmax()
        has_spanish_mark = "¿" in text or "¡" in text
        return WrittenLanguage(
            str(self._model.classes_[best]), float(probabilities[best]), words + has_spanish_mark
        )


def _without_names(text: str) -> str:
    return _NAMES.sub(" ", _CODE.sub(" ", text)).lower()


def examples_by_language(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield each training example with its language, the name of the folder that it stands in."""
    for path in sorted(folder.glob("*/*.yml")):
        content = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        for entry in content["nlu"]:
            for line in entry["examples"].splitlines():
                yield normalize(line.removeprefix("- ")), path.parent.name


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LanguageIdentifier(TrainedComponent):
    """Adds to each message the language that it is written in.

    Its config names the folder of training data, `examples`, with one folder a language.
    """

    _model: LanguageModel

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Depend on the examples' folders as well (see the parent class).

        Rasa asks again, without the config, about a component that it has cached.
        """
        examples = fingerprint_of(config.get("examples", __file__))
        return super().fingerprint_addon(config) + examples

    def learn(self, training_data: TrainingData) -> None:
        """Learn from the examples' folders: Rasa's training data does not tell the language."""
        examples = examples_by_language(Path(self._config["examples"]))
        texts, languages = zip(*examples, strict=True)
        self._model = LanguageModel(list(texts), list(languages))

    def write(self, directory: Path) -> None:
        """Store the model (see the parent class)."""
        joblib.dump(self._model, directory / _FILE)

    def read(self, directory: Path) -> None:
        """Read the model (see the parent class)."""
        self._model = joblib.load(directory / _FILE)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the evidence to each message."""
        for message in messages:
            evidence = self._model.written_language(message.get(NORMALIZED))
            message.set(WRITTEN_LANGUAGE, vars(evidence), add_to_output=True)
        return messages
