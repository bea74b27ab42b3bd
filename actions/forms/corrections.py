"""Finds in a text that an earlier answer of a form is to be changed, and to what.

"Change the date", "actually it's at 4", "no wait, Sunday the 13th", "cambia el título a ...".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from actions.forms.draft import CONFIRM, Draft
from actions.forms.form import Form
from actions.forms.moments import says_end
from actions.forms.words import addresses_in, choice_in, field_names, is_words
from actions.healing_map.dates import find_span
from actions.healing_map.models import ADDRESS_LENGTH
from actions.healing_map.places import find_places
from actions.healing_map.query import plain_letters
from actions.texts import LANGUAGES

_LEAD = (
    r"(?:(?:please|por favor|wait|sorry|oops|ooops|no|hey|actually|hold on|and|also|one thing|but"
    r"|by the way|siempre no|espera|perdon|oye|ay|y|pero|una cosa|tambien|disculpa|ah|oh|hmm|um)"
    r"[,.! ]+)*"
)
_WISH = (
    r"(?:(?:(?:can|could) (?:i|we|you|u) |let me |let'?s |i (?:want|need|would like|wanna|have) "
    r"(?:to )?|i'?d like to |i gotta |puedo |puedes |podemos |quiero |quisiera |necesito |hay que "
    r"|me gustaria |dejame |tengo que |go back and )(?:please )?)*"
)
_VERB = (
    r"(?:change|edit|fix|correct|update|modify|redo|switch|move|set|adjust|cambi(?:a|ar|arle|ame|o|e)"
    r"|corrige|corregir|edita|editar|modifica|modificar|arregla|arreglar|actualiza|actualizar"
    r"|pon|poner|mueve|mover|ajusta|ajustar|rehacer)"
)
_ARTICLE = r"(?:(?:the|my|our|that|this|event'?s|el|la|los|las|lo de|mi|nuestr[oa]|ese|esa) )*"
_REMOVE = (
    r"(?:remove|delete|drop|erase|leave out|take out|take off|quita(?:r|me)?|borra(?:r|me)?"
    r"|elimina(?:r)?|saca(?:r)?)"
)
_PLEASE = r"(?:,? (?:please|pls|plz|por favor|porfa(?:vor)?|instead|again|otra vez|de nuevo))?"
_TO = r"(?:to|for|into|as|a|al|por|para|en)"
_MARKER = re.compile(
    rf"{_LEAD}{_WISH}(?:actually|no wait|wait|sorry|oops|correction|i meant?|rather"
    r"|make (?:it|that)|(?:change|move|switch) (?:it|that) to|let'?s make it|let'?s do|en realidad"
    r"|la verdad|espera|perdon|mejor|digo|quise decir|me equivoque|que sea|no"
    r"|(?:cambia|mueve|pasa)lo a|ponlo|hagamoslo)\b[,.:;! ]*"
    r"(?:no[, ]+)?(?:it'?s|it is|it will be|it starts|that'?s|should be|is|es|sera|empieza|seria)?"
    r"\s*(?:actually |really |en realidad )?(?P<value>.+)",
    re.DOTALL,
)
_NAMES_A_DAY = re.compile(r"\b(date|day|fecha|dia)\b")
_NOTHING = "none"
_MOST_LETTERS_OF_A_CHOICE = 16
_MOST_OTHER_LETTERS = 8
"""What may stand beside a date or a place in a text that says nothing else ("instead", "not 3")."""


@dataclass(frozen=True)
class Correction:
    """An answer that is to be changed.

    Attributes:
        field: which one.
        value: the words that say the new answer; None where it has to be asked.
    """

    field: str
    value: str | None = None


def find_correction(
    typed: str, form: Form, draft: Draft, now: datetime, *, needs_sign: bool
) -> Correction | None:
    """Return the correction that a text asks for, of a field other than the open one.

    Args:
        typed: the text.
        form: the open form.
        draft: what was answered so far.
        now: the moment, in America/Chicago.
        needs_sign: whether a date or a place alone could be the answer to the open question, so
            that only a word such as "actually" makes it a correction.
    """
    typed = typed.strip()
    plain = plain_letters(typed)
    match = _MARKER.fullmatch(plain)
    has_sign = match is not None or not needs_sign
    found = _by_name(typed, plain, form, now) or _stated(typed, plain, form, draft, has_sign)
    if found is None and (draft.asked == CONFIRM or draft.side.get("changing")):
        found = _only_name(plain, form)
    found = found or _removed(plain, form, draft)
    if found is None and (has_sign or says_end(typed)):
        value = typed[match.start("value") :] if match else typed
        found = _by_value(value, draft, now)
    is_other = found is not None and found.field != draft.field_asked
    return found if is_other else None


def _field_pattern(fields: tuple[str, ...]) -> str:
    groups = "|".join(f"(?P<{name}>{field_names()[name]})" for name in fields)
    return rf"{_ARTICLE}(?:{groups})"


def _names(form: Form) -> tuple[str, ...]:
    return tuple(field.name for field in form.fields)


@cache
def _named_patterns(fields: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    field = _field_pattern(fields)
    return (
        re.compile(
            rf"{_LEAD}{_WISH}{_VERB} {field}(?:\s*(?::|{_TO}\b:?)\s*(?P<value>.+))?{_PLEASE}[.!?]*",
            re.DOTALL,
        ),
        re.compile(
            rf"{_LEAD}{field} (?:should be|should say|needs to be|is actually|debe ser"
            r"|deberia ser|en realidad es|tiene que ser)[:,]? (?P<value>.+)",
            re.DOTALL,
        ),
        re.compile(
            rf"{_LEAD}{field} (?:is|was|'s|esta|es|era|estaba) (?:all |muy )?(?:wrong|incorrect"
            r"|not right|off|mal|equivocad[oa]|incorrect[oa])[.!]*"
        ),
    )


@cache
def _statement(fields: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of "title: ..." and "the title is ...", which may stand for itself."""
    field = _field_pattern(fields)
    link = r"(?:(?P<colon>\s*[:=])\s*| (?:is|will be|es|sera|son):? )"
    return re.compile(rf"{_LEAD}{field}{link}(?P<value>.+)", re.DOTALL)


@cache
def _wish_with_value(fields: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of "pon la fecha el sábado", which has no word before the value."""
    field = _field_pattern(fields)
    return re.compile(rf"{_LEAD}{_WISH}{_VERB} {field} (?P<value>.+)", re.DOTALL)


@cache
def _removal(fields: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"{_LEAD}{_WISH}{_REMOVE} {_field_pattern(fields)}{_PLEASE}[.!?]*")


def _by_name(typed: str, plain: str, form: Form, now: datetime) -> Correction | None:
    """Find a field's name beside a wish to change it."""
    fields = _names(form)
    for pattern in _named_patterns(fields):
        match = pattern.fullmatch(plain)
        if match:
            has_value = "value" in pattern.groupindex and match["value"]
            value = typed[match.start("value") :].strip() if has_value else None
            if value and value.isdecimal() and _NAMES_A_DAY.search(plain):
                value = f"el {value}"  # a day of the month, and not an hour
            return Correction(_named(match, fields), value)
    match = _wish_with_value(fields).fullmatch(plain)
    if match and _says_only(_named(match, fields), match["value"], now):
        return Correction(_named(match, fields), typed[match.start("value") :].strip())
    return None


def _stated(typed: str, plain: str, form: Form, draft: Draft, has_sign: bool) -> Correction | None:
    """Find a field's name and its new answer without a wish: "title: Book night"."""
    fields = _names(form)
    match = _statement(fields).fullmatch(plain)
    if match is None:
        return None
    named = _named(match, fields)
    is_meant = has_sign or (match["colon"] and named in draft.answers)
    return Correction(named, typed[match.start("value") :].strip()) if is_meant else None


def _removed(plain: str, form: Form, draft: Draft) -> Correction | None:
    """Find the wish to leave a field empty that may be."""
    fields = _names(form)
    match = _removal(fields).fullmatch(plain)
    field = form.field(_named(match, fields)) if match else None
    is_possible = field is not None and field.may_skip(draft.answers) and not field.choices
    return Correction(field.name, _NOTHING) if field and is_possible else None


def _only_name(plain: str, form: Form) -> Correction | None:
    """Find a field's name alone, which says what to change where that was asked."""
    fields = _names(form)
    match = re.fullmatch(rf"{_LEAD}{_field_pattern(fields)}{_PLEASE}[.!?]*", plain)
    return Correction(_named(match, fields)) if match else None


def _named(match: re.Match[str], fields: tuple[str, ...]) -> str:
    return next(name for name in fields if match[name])


def _by_value(value: str, draft: Draft, now: datetime) -> Correction | None:
    """Find an answer that a text gives anew: a link, a date, a place, how people take part."""
    for field, address in addresses_in(value).items():
        if field in draft.answers:
            return Correction(field, address)
    if len(value) > ADDRESS_LENGTH:
        return None
    if "author" in draft.answers and is_words("anonymous", value):
        return Correction("author", value)
    for field in ("when", "place", "area", "format"):
        is_known = choice_in(field, value) == draft.answers.get(field)
        if field in draft.answers and _says_only(field, value, now) and not is_known:
            return Correction(field, value)
    return None


def _says_only(field: str, words: str, now: datetime) -> bool:
    """Tell whether a text says a date, a place or a choice, and hardly anything else."""
    if field == "when":
        found = next((it for name in LANGUAGES if (it := find_span(words, now, name))), None)
        return found is not None and _is_little(found.taken_out_of(words))
    if field in ("place", "area"):
        search = find_places(words)
        if not search.span or not (search.matches or search.outside):
            return False
        start, end = search.span
        return _is_little(words[:start] + words[end:])
    return choice_in(field, words) is not None and _is_little(words, _MOST_LETTERS_OF_A_CHOICE)


def _is_little(rest: str, most: int = _MOST_OTHER_LETTERS) -> bool:
    return sum(character.isalpha() for character in rest) <= most
