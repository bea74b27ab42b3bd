"""Which forms there are, and by which of them an entry came."""

from __future__ import annotations

from actions.forms.event import EVENT_FORM
from actions.forms.form import Form
from actions.forms.message import MESSAGE_FORM
from actions.healing_map.models import Entry, Event

FORMS = {form.name: form for form in (EVENT_FORM, MESSAGE_FORM)}
"""The forms by the name that Rasa knows them by."""


def form_of(entry: Entry) -> Form:
    """Return the form by which an entry is made and changed."""
    return EVENT_FORM if isinstance(entry, Event) else MESSAGE_FORM
