"""What a typed text means while a form asks something: the answer, a step, or something between.

In doubt it is the answer: people are asked to write, and what they write must not get lost. Free
texts such as a title are read most cautiously, because they may sound like anything; a question
that is answered instead is kept, so that one tap makes it the answer all the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from actions.forms.answers import Asked, Fit, Misfit
from actions.forms.corrections import find_correction
from actions.forms.draft import Draft
from actions.forms.field import Field
from actions.forms.form import Form
from actions.forms.side_questions import SIDE_QUESTIONS
from actions.forms.words import is_words
from actions.healing_map.query import plain_letters

INFORM = "inform"
"""The intent of a text that answers the open question."""

STEPS = frozenset(
    {
        *("go_back", "skip", "cancel", "start_over", "explain", "change", "submit"),
        *("resume_draft", "affirm", "deny"),
    }
)
"""The intents by which people get around in a form."""

_NOTHING = frozenset({INFORM, "out_of_scope"})
"""The intents of a text that means nothing by itself, so that it is an answer if anything."""
_CRISIS = "crisis"

_ANSWER_IN_FREE_TEXT = 0.15  # a free text is an answer from this probability on ...
_LEAST_IN_FREE_TEXT = 0.3  # ... or if nothing else is at least this likely
_LEAST_BESIDE_CHOICES = 0.3
_SURE_SUBMIT = 0.5  # because sending cannot be taken back
_SURE_QUESTION = 0.6  # for a text that would also fit, as "is it on Saturday?"
_CRISIS_IN_FREE_TEXT = 0.5
_VEILED_CRISIS = 0.25
_CRISIS_BESIDE_CHOICES = 0.35
_STORY = 0.4
_MOST_WORDS_OF_A_QUESTION = 25

_BEGINS_LIKE_A_QUESTION = re.compile(
    r"[¿\s]*(?:(?:but|so|and|wait|ok|okay|hey|sorry|quick question|pero|y|oye|espera|perdon|una"
    r" pregunta)[,: ]+)*(?:what|whats|who|whos|when|where|why|how|can|could|do|does|did|is|are|will"
    r"|would|should|may|which|tell me|explain|remind me|que|quien|quienes|cuando|donde|por ?que"
    r"|para que|como|puedo|puede|puedes|es|hay|cual|cuales|cuanto|cuantos|tengo que|dime|explica"
    r"\w*)\b"
)
_GOES_ON_AFTER_QUESTION = re.compile(r"[?][^?]*\w")


@dataclass(frozen=True)
class Reading:
    """What a text means: an intent, and values by entity name."""

    intent: str
    entities: dict[str, str] = field(default_factory=dict)


def read_in_form(
    parse: dict[str, Any], form: Form, draft: Draft, language: str, now: datetime
) -> Reading | None:
    """Return what a typed text means for a form, or None for something else in between.

    The thresholds were chosen on the held-back texts of tests/understanding.

    Args:
        parse: what the pipeline found: text, intent, decision, and the whole intent_ranking.
        form: the open form.
        draft: what was answered so far, and what was asked last.
        language: the conversation's.
        now: the moment, in America/Chicago.
    """
    typed = parse["text"].strip()
    asked = form.field(draft.field_asked)
    is_free = asked is not None and asked.is_open and draft.asked not in SIDE_QUESTIONS
    answer = Asked(typed, "", language, now, draft.answers, draft.side)
    fits = not is_free and _fits(answer, asked, draft)
    evidence = _Evidence.of(parse)
    if parse["decision"] == _CRISIS:
        return Reading(INFORM) if fits or not evidence.is_crisis(is_free) else None
    button = _button_in_words(typed, draft)
    if button:
        return button
    correction = find_correction(typed, form, draft, now, needs_sign=is_free or fits)
    if correction:
        value = {"value": correction.value} if correction.value else {}
        return Reading("change", {"choice": correction.field, **value})
    if is_free:
        is_answer = _leaves_empty(answer, asked) or evidence.is_free_answer(typed)
    else:
        is_answer = evidence.is_choice_answer(typed, fits)
    is_unsure_submit = evidence.meaning == "submit" and evidence.likelihood < _SURE_SUBMIT
    if is_answer or is_unsure_submit:
        return Reading(INFORM)
    return Reading(evidence.meaning) if evidence.meaning in STEPS else None


def _button_in_words(typed: str, draft: Draft) -> Reading | None:
    """Return what a text says that asks for one of the form's buttons in short words of its own."""
    if draft.asked in draft.answers and is_words("keep", typed):
        return Reading(INFORM, {"choice": f"{draft.asked}:keep"})
    if draft.held and is_words("use_it", typed):
        return Reading(INFORM, {"choice": "held"})
    if draft.aside and is_words("bring_back", typed):
        return Reading("start_over", {"choice": "back"})
    return None


@dataclass(frozen=True)
class _Evidence:
    """How likely the model takes a text for what.

    Attributes:
        nothing: that it means nothing by itself.
        inform: that it reads like an answer to a form's question, which is a part of `nothing`.
        crisis: that it tells of a crisis.
        has_crisis_words: that it has words that always do.
        meaning: the likeliest intent beside these.
        likelihood: of that intent.
    """

    nothing: float
    inform: float
    crisis: float
    has_crisis_words: bool
    meaning: str
    likelihood: float

    @classmethod
    def of(cls, parse: dict[str, Any]) -> _Evidence:
        """Read it out of what the pipeline found."""
        likely = {it["name"]: it["confidence"] for it in parse["intent_ranking"]}
        others = {name: it for name, it in likely.items() if name not in (*_NOTHING, _CRISIS)}
        meaning = max(others, key=lambda name: others[name], default="")
        return cls(
            nothing=sum(likely.get(name, 0.0) for name in _NOTHING),
            inform=likely.get(INFORM, 0.0),
            crisis=likely.get(_CRISIS, 0.0),
            has_crisis_words=parse["intent"] == {"name": _CRISIS, "confidence": 1.0},
            meaning=meaning,
            likelihood=others.get(meaning, 0.0),
        )

    def is_crisis(self, is_free: bool) -> bool:
        """Tell whether a suspected crisis is one, and not a story told in a title or a message."""
        if not is_free:
            return self.has_crisis_words or self.crisis >= _CRISIS_BESIDE_CHOICES
        if self.has_crisis_words:
            return not self.inform >= max(_STORY, self.crisis)
        is_veiled = self.crisis >= _VEILED_CRISIS and self.nothing < _ANSWER_IN_FREE_TEXT
        return self.crisis >= _CRISIS_IN_FREE_TEXT or is_veiled

    def is_free_answer(self, typed: str) -> bool:
        """Tell whether a text is the answer to a question that any text may answer."""
        if self.nothing >= _ANSWER_IN_FREE_TEXT or _GOES_ON_AFTER_QUESTION.search(typed):
            return True
        return self.likelihood < _LEAST_IN_FREE_TEXT

    def is_choice_answer(self, typed: str, fits: bool) -> bool:
        """Tell whether a text is the answer, perhaps a bad one, to a question with choices."""
        is_question = _is_question(typed)
        if fits:
            return not (is_question and self.likelihood >= _SURE_QUESTION)
        is_other = self.likelihood >= max(_LEAST_BESIDE_CHOICES, self.nothing)
        return not is_other and not is_question


def _leaves_empty(answer: Asked, asked: Field | None) -> bool:
    """Tell whether a text says that a field stays without an answer: "anonymous"."""
    finding = asked.read(answer) if asked else None
    return isinstance(finding, Fit) and not any(finding.answers.values())


def _fits(answer: Asked, asked: Field | None, draft: Draft) -> bool:
    """Tell whether a text answers a question with a known set of answers: a choice, a date ..."""
    side = SIDE_QUESTIONS.get(draft.asked)
    read = side.read if side else asked.read if asked else None
    return read is not None and not isinstance(read(answer), Misfit)


def _is_question(typed: str) -> bool:
    """Tell whether a text is a question and nothing more."""
    plain = plain_letters(typed)
    sounds = typed.rstrip().endswith("?") or bool(_BEGINS_LIKE_A_QUESTION.match(plain))
    is_short = len(typed.split()) <= _MOST_WORDS_OF_A_QUESTION
    return sounds and is_short and not _GOES_ON_AFTER_QUESTION.search(typed)
