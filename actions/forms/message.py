"""The message form: how a message of healing is read, said back, and made an entry."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from actions.forms.draft import Answers
from actions.forms.form import FirstSentence, Form
from actions.forms.message_fields import MESSAGE_FIELDS
from actions.healing_map.drafts import MessageDraft
from actions.healing_map.models import MESSAGE_LENGTH
from actions.texts import text

_SAID_BEHIND = re.compile(
    r"\b(?:messages?|notes?|words?|mensajes?|notas?|palabras?)\b[^:\"“«]{0,40}"
    r"(?::\s*|(?=[\"“«]))(?P<words>.+)",
    re.IGNORECASE | re.DOTALL,
)
_LEAST_LETTERS = 8


def read_first_sentence(typed: str, language: str, now: datetime) -> FirstSentence:
    """Return the message in a text such as "I want to leave a message: we are one city"."""
    match = _SAID_BEHIND.search(typed)
    words = match["words"].strip().strip('"“”«»').strip() if match else ""
    is_message = _LEAST_LETTERS <= len(words) <= MESSAGE_LENGTH
    return FirstSentence({"text": words} if is_message else {})


def in_words(field: str, answers: Answers, language: str, now: datetime) -> str:
    """Return the answer to a field as it is read back."""
    answer = answers.get(field)
    if field == "author" and not answer:
        return text("message_author_anonymous", language)
    if field == "consent" and answer:
        return text("message_consent_yes", language)
    return str(answer) if answer else text("not_given", language)


def summary(answers: Answers, language: str, now: datetime) -> str:
    """Return all answers, to look at before they are sent."""
    said = {field.name: in_words(field.name, answers, language, now) for field in MESSAGE_FIELDS}
    return text("message_summary", language, **said)


def entry_of(answers: Answers, language: str) -> MessageDraft:
    """Return the message that the answers describe."""
    return MessageDraft(
        text=answers["text"],
        language=language,
        author_name=answers["author"],
        area=answers["area"],
    )


def answers_of(message: MessageDraft) -> dict[str, Any]:
    """Return the answers that a message was made of, to change some of them."""
    return {
        "text": message.text,
        "author": message.author_name,
        "area": message.area,
        "consent": "yes",
    }


MESSAGE_FORM = Form(
    name="message_form",
    thing="message",
    slot="message_draft",
    start_intent="submit_message",
    fields=MESSAGE_FIELDS,
    read_first_sentence=read_first_sentence,
    in_words=in_words,
    summary=summary,
    entry_of=entry_of,
    answers_of=answers_of,
)
