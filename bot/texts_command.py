"""The command `twh texts`: every sentence that the assistant can say to people, in each language.

The sentences stand in two places: data/texts, and beside the training examples of data/nlu (titles
of buttons, and the questions and answers of the FAQ).
"""

from __future__ import annotations

import csv
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TextIO

from actions.knowledge import PHASES, entries, faq_entries
from actions.texts import LANGUAGES, file_name, texts

_OPEN_WORDS = frozenset({"start", "end"})
"""What an answer may leave open: the campaign's dates (see Campaign.words)."""


@dataclass(frozen=True)
class Sentence:
    """Something that the assistant can say.

    Attributes:
        key: the name of a text, or an intent and what of it, as "faq_dates.answer.during".
        file: where it stands, with <language> in the place of the language.
        words: by language; without those in which it is missing.
    """

    key: str
    file: str
    words: Mapping[str, str]


def sentences() -> list[Sentence]:
    """Return all that the assistant can say, in the order of the files.

    Raises:
        UnreadableData: one of the files cannot be read.
    """
    found: dict[tuple[str, str], dict[str, str]] = {}
    for language in LANGUAGES:
        for file, key, words in (*_texts(language), *_beside_examples(language)):
            found.setdefault((key, file), {})[language] = words
    return [Sentence(key, file, words) for (key, file), words in found.items()]


def _texts(language: str) -> Iterator[tuple[str, str, str]]:
    for key, words in texts(language).items():
        yield "data/texts/<language>.yml", key, words


def _beside_examples(language: str) -> Iterator[tuple[str, str, str]]:
    for path, entry in entries(language):
        metadata, intent = entry.get("metadata") or {}, entry["intent"]
        file = f"data/nlu/<language>/{path.name}"
        if metadata.get("title"):
            yield file, f"{intent}.title", metadata["title"]
        answer = metadata.get("answer") or {}
        phases = answer if isinstance(answer, dict) else {"": answer}
        for phase, words in phases.items():
            yield file, ".".join(filter(None, [intent, "answer", phase])), words.strip()


def write_csv(sink: TextIO) -> None:
    """Write a row for each sentence: key, file, and its words in each language.

    Raises:
        UnreadableData: one of the files cannot be read.
    """
    rows = csv.writer(sink)
    rows.writerow(["key", "file", *LANGUAGES])
    for it in sentences():
        rows.writerow([it.key, it.file, *(it.words.get(language, "") for language in LANGUAGES)])


def problems() -> Iterator[str]:
    """Yield what the sentences lack, one line each: a title, a translation, an open word.

    Raises:
        UnreadableData: one of the files cannot be read.
    """
    intents = {entry["intent"] for _, entry in entries(LANGUAGES[0])}
    for language in LANGUAGES:
        for path, entry in faq_entries(language):
            for problem in _faq_problems(entry, intents):
                yield f"{file_name(path)}: {entry['intent']} {problem}"
    for sentence in sentences():
        yield from _differences(sentence)


def _faq_problems(entry: dict[str, Any], intents: set[str]) -> Iterator[str]:
    """Yield what is wrong with a question of the FAQ in one language."""
    metadata = entry.get("metadata") or {}
    answer = metadata.get("answer") or ""
    phases = answer if isinstance(answer, dict) else dict.fromkeys(PHASES, answer)
    yield from (f"has no {name}" for name in ("title", "answer") if not metadata.get(name))
    yield from (f"has no answer {phase} the campaign" for phase in PHASES if phase not in phases)
    unknown = set().union(*map(_open_words, phases.values())) - _OPEN_WORDS
    yield from (f"has {{{word}}} in its answer, which nothing fills" for word in sorted(unknown))
    missing = set(metadata.get("next") or ()) - intents
    yield from (f"names {intent} as next, which is no intent" for intent in sorted(missing))


def _differences(sentence: Sentence) -> Iterator[str]:
    """Yield where a sentence is missing, or leaves other words open than in the first language."""
    open_words = _open_words(sentence.words.get(LANGUAGES[0], ""))
    for language in LANGUAGES:
        file = sentence.file.replace("<language>", language)
        words = sentence.words.get(language)
        if not words:
            yield f"{file}: {sentence.key} is missing"
        elif _open_words(words) != open_words:
            yield f"{file}: {sentence.key} has other words in braces than in {LANGUAGES[0]}"


def _open_words(words: str) -> set[str]:
    """Return the words in braces; of braces that do not match, the brace."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(words) if name is not None}
    except ValueError:
        return {"{"}
