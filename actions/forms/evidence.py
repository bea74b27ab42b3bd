"""How likely a typed text means what while a form asks: what the model finds, and what was asked.

The thresholds were chosen on the held-back texts of tests/understanding. The intents' names stand
in nlu/outcome.py too, which is not imported, because it loads Rasa; a test says that they agree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from actions.forms.draft import Draft
from actions.forms.field import Field
from actions.forms.words import has_words
from actions.healing_map.query import plain_letters
from actions.meaning import Meaning

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

CRISIS = "crisis"
_ASIDES = frozenset({"privacy", "about_assistant", "contact_human"})
"""The other intents whose answer lets the form go on."""

_LIKELIER_QUESTIONS = {
    "kind": {"faq_event_kinds": 4.0},
    "when": {"faq_dates": 3.0},
    "area": {"privacy": 2.0},
    "author": {"privacy": 2.0},
    "consent": {"privacy": 2.0},
    "contact": {"privacy": 2.0},
    "text": {"privacy": 2.0},
    "visibility": {"privacy": 2.0},
}
"""By field, how much likelier a question is there than elsewhere."""

_LIKELIER_EXPLAIN = 1.25  # a question in a form is about what it asks more often than elsewhere
_LIKELIER_SKIP = 2.0  # where a question may be skipped
_LIKELIER_SENT = 0.5  # a question about what was sent, where something is not sent yet
_LIKELIER_NOTHING = 0.3  # the wish to change something, where there is nothing yet
_ANSWER_IN_FREE_TEXT = 0.15  # a free text is an answer from this probability on ...
_LEAST_IN_FREE_TEXT = 0.3  # ... or if nothing else is at least this likely
_LEAST_STATED = 0.6  # ... or this, of a question that is not put as one, or a yes to nothing
_LEAST_IN_CAPITALS = 0.9  # ... or this, where every word has a capital, as in a title
_LEAST_BESIDE_CHOICES = 0.3
_LEAST_CHANGE = 0.4  # of what, it does not say ...
_LEAST_CHANGE_IN_FREE_TEXT = 0.8  # ... as "change is slow" does not
SURE_SUBMIT = 0.5  # because sending cannot be taken back
_SURE_QUESTION = 0.6  # for a text that would also fit, as "is it on Saturday?"
_SURE_EXPLAIN = 0.75  # the same for "not sure what that is" ...
_EXPLAIN_IN_A_QUESTION = 0.3  # ... for "why do you ask about stairs?"
_EXPLAIN_IN_WORDS = 0.1  # ... and for a text with words such as "what do you mean"
_NEXT_LEAD = 0.12
_CRISIS_IN_FREE_TEXT = 0.5
_VEILED_CRISIS = 0.25
_CRISIS_BESIDE_CHOICES = 0.35
_CRISIS_DESPITE_AN_ANSWER = 0.6
_FEW_WORDS = 4
_STORY = 0.4
_MOST_WORDS_OF_A_QUESTION = 25
_LEAST_WORDS_OF_A_TITLE = 3
_BEGINS_LIKE_A_QUESTION = re.compile(
    r"[¿\s]*(?:(?:but|so|and|wait|ok|okay|hey|sorry|quick question|pero|y|oye|espera|perdon|una"
    r" pregunta)[,: ]+)*(?:what|whats|who|whos|when|where|why|how|can|could|do|does|did|is|are|will"
    r"|would|should|may|which|tell me|explain|remind me"
    r"|que(?! (?:salga|sea|se|no|lo|la|los|las|nadie|todos|quede|diga|aparezca|muestren?|vean?)\b)"
    r"|quien|quienes|cuando|donde|por ?que"
    r"|para que|como|puedo|puede|puedes|cual|cuales|cuanto|cuantos|tengo que|dime|explica"
    r"\w*)\b"
)

_GOES_ON_AFTER_QUESTION = re.compile(r"[?][^?]*\w")


@dataclass(frozen=True)
class Evidence:
    """How likely a text means what, given what was asked.

    Attributes:
        typed: the text.
        is_question: whether it is put as a question.
        found: by intent, how likely the model finds it.
        likely: the same, where what is asked makes some likelier than elsewhere.
        has_crisis_words: that it has words that always tell of a crisis.
        may_skip: whether what is asked may stay without an answer.
        likeliest: the likeliest intent beside those that mean nothing, and a crisis.
        understood: the intent that the text has without what was asked.
    """

    typed: str
    is_question: bool
    found: dict[str, float]
    likely: dict[str, float]
    has_crisis_words: bool
    may_skip: bool
    likeliest: str
    understood: str

    @classmethod
    def of(cls, parse: dict[str, Any], typed: str, asked: Field | None, draft: Draft) -> Evidence:
        """Read it out of what the pipeline found."""
        likely = {it["name"]: it["confidence"] for it in parse["intent_ranking"]}
        is_question = sounds_like_question(typed)
        likelier = _likelier(asked, draft, is_question)
        weighed = {name: it * likelier.get(name, 1.0) for name, it in likely.items()}
        others = [name for name in weighed if name not in (*_NOTHING, CRISIS)]
        return cls(
            typed=typed,
            is_question=is_question,
            found=likely,
            likely=weighed,
            has_crisis_words=parse["intent"] == {"name": CRISIS, "confidence": 1.0},
            may_skip=asked is not None and asked.may_skip(draft.answers),
            likeliest=max(others, key=lambda name: weighed[name], default=""),
            understood=parse["intent"]["name"] if parse["decision"] == "answer" else "",
        )

    def share(self, *intents: str) -> float:
        """Return how likely a text means one of these."""
        return sum(self.likely.get(name, 0.0) for name in intents)

    @property
    def nothing(self) -> float:
        """How likely it means nothing by itself."""
        return self.share(*_NOTHING)

    @property
    def likelihood(self) -> float:
        """Of the likeliest."""
        return self.share(self.likeliest)

    @property
    def asked_in_between(self) -> float:
        """How likely it is a question or a task, whichever."""
        known = {*STEPS, *_NOTHING, CRISIS}
        return sum(it for name, it in self.likely.items() if name not in known)

    @property
    def is_harmless(self) -> bool:
        """Whether the words of an answer tell enough against a suspected crisis."""
        is_short = len(self.typed.split()) <= _FEW_WORDS
        is_unlikely = self.found.get(CRISIS, 0.0) < _CRISIS_DESPITE_AN_ANSWER
        return not self.has_crisis_words and (is_short or is_unlikely)

    def is_crisis(self, is_free: bool) -> bool:
        """Tell whether a suspected crisis is one, and not a story told in a title or a message."""
        crisis, inform = (self.found.get(it, 0.0) for it in (CRISIS, INFORM))
        nothing = sum(self.found.get(it, 0.0) for it in _NOTHING)
        if not is_free:
            return self.has_crisis_words or crisis >= _CRISIS_BESIDE_CHOICES
        if self.has_crisis_words:
            return not inform >= max(_STORY, crisis)
        is_veiled = crisis >= _VEILED_CRISIS and (
            nothing < _ANSWER_IN_FREE_TEXT or has_words("done_to_oneself", self.typed)
        )
        return crisis >= _CRISIS_IN_FREE_TEXT or is_veiled

    def in_free_text(self, is_empty: bool) -> Meaning | None:
        """Return what a text means where any text may be the answer."""
        is_sure_step = self.likeliest in ("explain", "skip") and self.likelihood >= _SURE_QUESTION
        if is_empty and not (is_sure_step and self.likeliest == "skip"):
            return Meaning(INFORM)
        goes_on = _GOES_ON_AFTER_QUESTION.search(self.typed) and not is_sure_step
        is_nothing = self.nothing >= _ANSWER_IN_FREE_TEXT or goes_on
        is_likely = self.likelihood >= self._least_in_free_text()
        if is_nothing or not is_likely or self._is_unsure_submit:
            return Meaning(INFORM)
        return self._step_or_question()

    @property
    def _is_unsure_submit(self) -> bool:
        return self.likeliest == "submit" and self.likelihood < SURE_SUBMIT

    def _least_in_free_text(self) -> float:
        """Return how likely another meaning has to be where any text may be the answer."""
        if _has_capitals(self.typed):
            return _LEAST_IN_CAPITALS
        is_faq = self.likeliest.startswith("faq_")
        has_no_sense = self.likeliest in ("affirm", "deny") and " " in self.typed
        has_no_sense = has_no_sense or (self.likeliest == "skip" and not self.may_skip)
        if self.likeliest == "change" and not has_words("wish", self.typed):
            return _LEAST_CHANGE_IN_FREE_TEXT
        if (is_faq and not self.is_question) or has_no_sense:
            return _LEAST_STATED
        if self.is_question and self.asked_in_between >= _SURE_QUESTION:
            return 0.0
        return _LEAST_IN_FREE_TEXT

    def beside_choices(self, fits: bool) -> Meaning | None:
        """Return what a text means where a choice, a date or the like is asked for."""
        explain = self.share("explain")
        is_about_field = explain >= _EXPLAIN_IN_WORDS and self.asked_in_between < _SURE_QUESTION
        if is_about_field and has_words("asks_meaning", self.typed):
            return Meaning("explain")
        if fits:
            is_explain = self.likeliest == "explain" and (
                explain >= _SURE_EXPLAIN or (self.is_question and explain >= _EXPLAIN_IN_A_QUESTION)
            )
            is_asked = self.is_question and self.asked_in_between >= _SURE_QUESTION
            is_answer = not (is_explain or is_asked)
        else:
            least = _LEAST_CHANGE if self.likeliest == "change" else _LEAST_BESIDE_CHOICES
            is_other = self.likelihood >= max(least, self.nothing)
            is_answer = not is_other and not self.is_question
        if is_answer or self._is_unsure_submit:
            return Meaning(INFORM)
        return self._step_or_question()

    def _step_or_question(self) -> Meaning | None:
        """Return the meaning; None where what was understood without the form holds."""
        if self.likeliest in STEPS:
            return Meaning(self.likeliest)
        is_answered = self.likeliest.startswith("faq_") or self.likeliest in _ASIDES
        if not (is_answered and self.is_question) or self.likeliest == self.understood:
            return None
        if self.understood:
            return Meaning(self.likeliest)
        others = [it for name, it in self.likely.items() if name not in (self.likeliest, *_NOTHING)]
        lead = self.likelihood - max([*others, self.nothing - _NEXT_LEAD])
        return Meaning(self.likeliest) if lead >= _NEXT_LEAD else None


def _likelier(asked: Field | None, draft: Draft, is_question: bool) -> dict[str, float]:
    """Return by intent how much likelier it is than elsewhere."""
    likelier: dict[str, float] = {}
    if not draft.answers:
        likelier |= {"change": _LIKELIER_NOTHING}
    if is_question:
        likelier |= {"my_submissions": _LIKELIER_SENT}
    if is_question and asked:
        likelier |= {"explain": _LIKELIER_EXPLAIN, **_LIKELIER_QUESTIONS.get(asked.name, {})}
    if asked and asked.may_skip(draft.answers):
        likelier |= {"skip": _LIKELIER_SKIP}
    return likelier


def _has_capitals(typed: str) -> bool:
    """Tell whether each long word has a capital, and not all the letters: "My Street, My Story"."""
    words = re.findall(r"[^\W\d_]+", typed)
    capitals = [word for word in words if word[0].isupper()]
    has_them = all(word in capitals or len(word) <= len("and") for word in words)
    return has_them and len(capitals) >= _LEAST_WORDS_OF_A_TITLE and not typed.isupper()


def sounds_like_question(typed: str) -> bool:
    """Tell whether a text is a question and nothing more."""
    plain = plain_letters(typed)
    sounds = typed.rstrip().endswith("?") or bool(_BEGINS_LIKE_A_QUESTION.match(plain))
    is_short = len(typed.split()) <= _MOST_WORDS_OF_A_QUESTION
    return sounds and is_short and not _GOES_ON_AFTER_QUESTION.search(typed)
