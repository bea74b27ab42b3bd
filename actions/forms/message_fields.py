"""The fields of the message form, in the order in which they are asked."""

from __future__ import annotations

from dataclasses import replace

from actions.forms.answers import Asked, Finding, Fit, Misfit
from actions.forms.field import (
    Field,
    always,
    is_refusal,
    read_line,
    read_text,
    without_introduction,
)
from actions.forms.spots import read_area
from actions.forms.words import has_words
from actions.healing_map.models import AUTHOR_NAME_LENGTH, MESSAGE_LENGTH

CONSENTS = ("yes", "no")


def _read_author(asked: Asked) -> Finding:
    if is_refusal(asked) or has_words("anonymous", asked.text):
        return Fit({"author": ""})
    name = without_introduction(asked.text)
    return read_line("author", AUTHOR_NAME_LENGTH)(replace(asked, text=name))


def _read_area(asked: Asked) -> Finding:
    return Fit({"area": ""}) if is_refusal(asked) else read_area(asked)


def _read_consent(asked: Asked) -> Finding:
    if asked.intent in ("affirm", "submit"):
        return consent("yes")
    return consent("no") if asked.intent == "deny" else Misfit("consent_misfit")


def consent(choice: str) -> Finding:
    """Return the consent; without it there is nothing to send, so that "no" is no answer yet."""
    return Fit({"consent": "yes"}) if choice == "yes" else Misfit("consent_refused")


MESSAGE_FIELDS = (
    Field("text", read_text("text", MESSAGE_LENGTH), is_open=True),
    Field("author", _read_author, may_skip=always, is_open=True),
    Field("area", _read_area, may_skip=always),
    Field("consent", _read_consent, choices=CONSENTS),
)
