"""What a typed text means while a form asks something: the answer, a step, or something between.

In doubt it is the answer: people are asked to write, and what they write must not get lost. Free
texts such as a title are read most cautiously, because they may sound like anything; a question
that is answered instead is kept, so that one tap makes it the answer all the same.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Any

from actions.forms.answers import Asked, Fit, Misfit
from actions.forms.corrections import Correction, find_correction
from actions.forms.draft import CHECK, CONFIRM, Draft
from actions.forms.evidence import CRISIS, INFORM, SURE_SUBMIT, Evidence
from actions.forms.field import Field
from actions.forms.form import Form
from actions.forms.side_questions import SIDE_QUESTIONS
from actions.forms.words import has_words, is_words
from actions.meaning import Meaning

_PLACE_CHECK = "place" + CHECK
_MEAN_A_CHOICE = frozenset({"change", "deny", "skip", "privacy", "feedback_negative"})
"""What a new choice may sound like: "don't show my address"."""

KIND_OF_QUESTION = {
    "faq_promote_dialogue": "dialogue",
    "faq_encourage_collaboration": "collaboration",
    "faq_facilitate_learning": "learning",
    "faq_seed_connections": "connections",
}
"""By the intent of a question about a kind of event, that kind: where the kind is asked, the
question names it."""

_SURE_MEANING = 0.5  # beside a word that names another choice
_SUBMIT_IN_WORDS = 0.15  # for a text with a word such as "send"
_SKIP_IN_WORDS = 0.1  # for a text with words such as "skip it"
_LIKELY_KIND = 0.4
_LIKELY_YES_OR_NO = 0.3


def read_in_form(
    parse: dict[str, Any], form: Form, draft: Draft, language: str, now: datetime
) -> Meaning | None:
    """Return what a typed text means for a form, or None for something else in between.

    Args:
        parse: what the pipeline found: text, intent, decision, and the whole intent_ranking.
        form: the open form.
        draft: what was answered so far, and what was asked last.
        language: the conversation's.
        now: the moment, in America/Chicago.
    """
    typed = parse["text"].strip()
    asked = form.field(draft.field_asked)
    is_side = draft.asked in SIDE_QUESTIONS
    is_free = asked is not None and asked.is_open and not is_side
    answer = Asked(typed, "", language, now, draft.answers, draft.side)
    fits = not is_free and _fits(answer, asked, draft)
    evidence = Evidence.of(parse, typed, asked, draft)
    has_other_words = fits or _names_hosts(typed, asked) or _keeps_private(typed, asked)
    is_harmless = has_other_words and evidence.is_harmless
    if parse["decision"] == CRISIS and not is_harmless and evidence.is_crisis(is_free):
        return None
    button = _button_in_words(typed, draft)
    if button:
        return button
    correction = find_correction(typed, form, draft, now, needs_sign=is_free or fits)
    if correction and not _is_something_else(evidence, correction, draft):
        value = {"value": correction.value} if correction.value else {}
        return Meaning("change", {"choice": correction.field, **value})
    if not is_free and _skips(evidence, asked, draft):
        return Meaning("skip")
    is_empty = is_free and _leaves_empty(answer, asked)
    if draft.asked == CONFIRM:
        meaning = _at_summary(evidence, draft)
    elif is_free:
        meaning = evidence.in_free_text(is_empty or _names_hosts(typed, asked))
    else:
        meaning = _named_choice(evidence, answer, asked, draft, fits) or evidence.beside_choices(
            fits
        )
    # What is suspected to be a crisis, and is none, is no question either.
    is_suspect = meaning is None and parse["decision"] == CRISIS
    return Meaning(INFORM) if is_suspect else meaning


def _is_something_else(evidence: Evidence, correction: Correction, draft: Draft) -> bool:
    """Tell whether a choice's word at the summary is by chance: "everything is right, send it"."""
    is_yes = evidence.share("submit", "affirm", "feedback_positive") >= _SURE_MEANING
    is_other = evidence.likeliest not in _MEAN_A_CHOICE and evidence.likelihood >= _SURE_MEANING
    is_by_chance = is_yes or is_other or evidence.is_question
    return draft.asked == CONFIRM and not correction.is_sure and is_by_chance


def _at_summary(evidence: Evidence, draft: Draft) -> Meaning | None:
    """Return which step is meant where nothing is left to answer."""
    yes = evidence.share("submit", "affirm")
    no = evidence.share("deny", "cancel", "change", "feedback_negative")
    is_plain = not evidence.is_question and not has_words("not_yet", evidence.typed)
    is_said = is_plain and has_words("send", evidence.typed)
    is_yes = evidence.likeliest in ("submit", "affirm") and yes >= SURE_SUBMIT
    if evidence.likeliest == "submit" and has_words("do_not_send", evidence.typed):
        return Meaning("deny")
    if is_yes or (is_said and yes >= max(_SUBMIT_IN_WORDS, no)):
        is_sent = is_said and not draft.side
        return Meaning("submit" if is_sent else evidence.likeliest if is_yes else "affirm")
    if evidence.likeliest in ("submit", "affirm"):
        return Meaning(INFORM)
    if evidence.likeliest == "feedback_negative" or has_words("fix_something", evidence.typed):
        return Meaning("change")
    return evidence.beside_choices(fits=False)


def _named_choice(
    evidence: Evidence, answer: Asked, asked: Field | None, draft: Draft, fits: bool
) -> Meaning | None:
    """Return the choice that a text means without its words: "nope, it's on the third floor"."""
    if asked is None or fits or evidence.is_question:
        return None
    if draft.asked != asked.name:
        return Meaning(INFORM) if _names_another_place(evidence, draft) else None
    if _keeps_private(evidence.typed, asked):
        return Meaning("deny")
    likely, intent = evidence.likelihood, evidence.likeliest
    if asked.name == "kind" and intent in KIND_OF_QUESTION:
        others = [evidence.share(it) for it in KIND_OF_QUESTION if it != intent]
        is_sure = likely >= max(_LIKELY_KIND, 2 * max(others))
        return Meaning(INFORM, {"choice": f"kind:{KIND_OF_QUESTION[intent]}"} if is_sure else {})
    if intent in ("affirm", "deny") and likely >= _LIKELY_YES_OR_NO:
        finding = asked.read(replace(answer, intent=intent))
        if isinstance(finding, Fit) and asked.choices:
            return Meaning(INFORM, {"choice": f"{asked.name}:{finding.answers[asked.name]}"})
    return None


def _keeps_private(typed: str, asked: Field | None) -> bool:
    """Tell whether a message may not be shown: "no, keep it private"."""
    return asked is not None and asked.name == "consent" and has_words("keep_private", typed)


def _names_another_place(evidence: Evidence, draft: Draft) -> bool:
    """Tell whether none of several places is meant, but one more: "neither, the one on 95th"."""
    has_place = bool(re.search(r"\d", evidence.typed)) or has_words("venue", evidence.typed)
    return draft.asked == _PLACE_CHECK and evidence.likeliest == "deny" and has_place


def _skips(evidence: Evidence, asked: Field | None, draft: Draft) -> bool:
    """Tell whether a text says in words of its own that the question be skipped."""
    if asked is None or not has_words("skip_it", evidence.typed):
        return False
    least = _SKIP_IN_WORDS if asked.may_skip(draft.answers) else 2 * _SKIP_IN_WORDS
    return evidence.likeliest == "skip" and evidence.likelihood >= least


def _names_hosts(typed: str, asked: Field | None) -> bool:
    """Tell whether a text says that the writer is the host, and nothing else: "my wife and I"."""
    return asked is not None and asked.name == "host" and is_words("own_hosts", typed)


def _button_in_words(typed: str, draft: Draft) -> Meaning | None:
    """Return what a text says that asks for one of the form's buttons in short words of its own."""
    if draft.asked in draft.answers and is_words("keep", typed):
        return Meaning(INFORM, {"choice": f"{draft.asked}:keep"})
    if draft.held and is_words("use_it", typed):
        return Meaning(INFORM, {"choice": "held"})
    if draft.aside and is_words("bring_back", typed):
        return Meaning("start_over", {"choice": "back"})
    return None


def _leaves_empty(answer: Asked, asked: Field | None) -> bool:
    """Tell whether a text says that a field stays without an answer: "anonymous"."""
    finding = asked.read(answer) if asked else None
    return isinstance(finding, Fit) and not any(finding.answers.values())


def _fits(answer: Asked, asked: Field | None, draft: Draft) -> bool:
    """Tell whether a text answers a question with a known set of answers: a choice, a date ..."""
    side = SIDE_QUESTIONS.get(draft.asked)
    read = side.read if side else asked.read if asked else None
    return read is not None and not isinstance(read(answer), Misfit)
