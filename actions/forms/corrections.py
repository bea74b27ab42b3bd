"""Finds in a text that an earlier answer of a form is to be changed, and to what.

"Change the date", "actually it's at 4", "no wait, Sunday the 13th", "cambia el título a ...".
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from actions.forms.answers import Asked, Fit
from actions.forms.draft import CONFIRM, Draft
from actions.forms.form import Form
from actions.forms.moments import says_end
from actions.forms.signs import Words, bare_value, end_of_words, without_lead
from actions.forms.words import addresses_in, choice_in, field_names, has_words, is_words
from actions.healing_map.dates import find_span
from actions.healing_map.models import ADDRESS_LENGTH
from actions.healing_map.places import find_places
from actions.healing_map.query import plain_letters
from actions.texts import LANGUAGES

_WISH = (
    r"(?:(?:(?:can|could) (?:i|we|you|u) |let me |let'?s |i (?:want|need|would like|wanna|have) "
    r"(?:to )?|i'?d like to |i gotta |puedo |puedes |podemos |quiero |quisiera |necesito |hay que "
    r"|me gustaria |dejame |tengo que |go back and )(?:please )?)*"
)
_VERB = (
    r"(?:change|edit|fix|correct|update|modify|redo|switch|move|set|adjust|alter|revise|rewrite"
    r"|reword|cambi(?:a|ar|e|o)(?:le|me)?|corrige|corregir|edita|editar|modifica|modificar(?:le)?"
    r"|arregla|arreglar|actualiza|actualizar|pon|poner|mueve|mover|ajusta|ajustar|rehacer)"
)
_MAKE = r"(?:make|put|set|pon|ponle|pongan|poner|deja)"
_ARTICLE = (
    r"(?:(?:the|my|our|that|this|new|event'?s|el|la|los|las|lo de|de|mi|nuestr[oa]|ese|esa"
    r"|(?:el|la) nuev[oa]) )*"
)
_REMOVE = (
    r"(?:remove|delete|drop|erase|leave out|take out|take off|quita(?:r|me)?|borra(?:r|me)?"
    r"|elimina(?:r)?|saca(?:r)?)"
)
_PLEASE = r"(?:,? (?:please|pls|plz|por favor|porfa(?:vor)?|instead|again|otra vez|de nuevo))?"
_GIVEN = r"(?: (?:that |que )?(?:i|we|te|les|yo) (?:\w+ ){0,2}\w+)?"
"""What may stand behind a field's name: "the place I gave you"."""

_TO = r"(?:to|for|into|as|a|al|por|para|en)"
_WANT = r"(?:i'?d like |i would like |i want |quiero que |quisiera que |me gustaria que )?"
_IS_TO_BE = (
    r"(?:to be|sea|diga|(?:really |rather |actually )?(?:should|has to|have to|needs? to|must"
    r"|ought to)(?: really| rather| now)? (?:be|say|read)|is actually|is now|now is"
    r"|(?:has |was )?changed to"
    r"|(?:debe|deberia|tiene que|ha de) (?:ser|decir)|seria|en realidad es|ahora es|es ahora|ya es"
    r"|(?:ya |ahora )?va a ser)"
)
_SAID = r"(?:said|gave|put|wrote|typed|told you|have|got|dije|puse|di|escribi)"
_IS_WRONG = (
    r"(?: (?:is|was|'s|esta|es|era|estaba) (?:all |muy )?(?:wrong|incorrect|not right|off|mal"
    r"|equivocad[oa]|incorrect[oa])| (?:isn'?t|is not|no es|no esta) (?:right|correct|bien))"
)
_IS_NOT_WHAT = (
    r"(?:(?: that| que)?(?: \w+){1,3})? (?:(?:(?:is|was) not|(?:is|was)n'?t) (?:what|the one)"
    r" (?:i|we)\b.{0,20}|(?:no es|no era|no fue) (?:l[oa] )?que (?:dije|puse|di|queria)\b.{0,20})"
)
_BY_A_VERB = {
    "title": r"(?:re)?(?:name|title|call) (?:it|this|the event)(?: to| as)?|que se llame"
    r"|(?:it'?s|it is|it will be) called|se (?:llama|llamara|va a llamar)"
    r"|(?:llama|llame|titula|nombra)(?:n|r|mos)?(?:lo|la|le)"
    r"|le (?:ponemos|pondremos)(?: de nombre)?",
    "host": r"(?:it'?s |it is |it will be )?(?:hosted|organi[sz]ed|put on|run) by"
    r"|(?:lo|la) organizan?|(?:lo|la) organizara?n?",
    "author": r"(?:please )?sign (?:it|this|me|mine)(?: as| with)?|sign (?:as|with)"
    r"|firma(?:lo|la|do|r)?(?: como| con)?|firmen(?: como| con)?",
}
"""The verbs that name a field without its name: "call it ...", "sign it ..."."""

_NEW_NAME_WISH = re.compile(
    rf"{_WISH}(?:(?:rename|retitle) (?:it|this|(?:the|my|our) event)|(?:renombra|rebautiza)\w*"
    r"(?: el evento)?)[.!]*"
)
_REWORD_WISH = re.compile(
    rf"{_WISH}{_VERB} (?:what (?:i|we) (?:just )?(?:wrote|said|typed)|(?:mi|lo) que (?:escribi|puse"
    r"|dije))\b.{0,40}"
)
_NO_NAME = re.compile(r"(?:a (?:day|night)|quits|off|que|what|how|como)\b")
_NAMES_A_DAY = re.compile(r"\b(date|day|fecha|dia)\b")
_IS_FINE = re.compile(
    r"(?:all |just |muy |esta )?(?:right|correct|fine|good|great|ok(?:ay)?|perfect|bien|correct[oa]"
    r"|perfect[oa])\b.{0,40}"
)
_DAY_OF_MONTH = re.compile(r"(?:al|para el|el dia) (\d{1,2})")
_NOTHING = "none"
_MOST_WORDS_OF_A_PLACE = 7
_OF_TIME_AND_PLACE = ("when", "place", "area")
_OF_CHOICES = ("format", "accessibility", "visibility", "kind")
"""These are the fields whose answer is known by what it says."""

_OF_WORDS = frozenset({"title", "description", "host", "text", "author"})
_MOST_LETTERS = 400
"""Of a text in which new answers are looked for in more than its first words."""

_MOST_LETTERS_OF_A_CHOICE = 16
_MOST_LETTERS_OF_A_SENTENCE = 60
_MOST_OTHER_LETTERS = 8
"""What may stand beside a date or a place in a text that says nothing else ("instead", "not 3")."""


@dataclass(frozen=True)
class Correction:
    """An answer that is to be changed.

    Attributes:
        field: which one.
        value: the words that say the new answer; None where it has to be asked.
        is_sure: whether it is not only a word of a choice that stands in the text.
    """

    field: str
    value: str | None = None
    is_sure: bool = dataclasses.field(default=True, compare=False)


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
    whole = Words(0, len(plain))
    words = without_lead(plain) if len(plain) <= _MOST_LETTERS else whole
    is_meant = words.has_sign or not needs_sign
    is_sure = not needs_sign and (words.has_sign or words.has_hint or draft.asked == CONFIRM)
    start = words.start
    found = _Search(
        typed[start:], plain[start:], form, draft, now, needs_sign, is_meant, is_sure
    ).correction()
    return found if found and found.field != draft.field_asked else None


@dataclass(frozen=True)
class _Search:
    """Looks for a correction in a text whose lead ("oh wait, sorry") was left out.

    Attributes:
        typed: the text.
        plain: the same in small letters without accents.
        form: the open form.
        draft: what was answered so far.
        now: the moment, in America/Chicago.
        needs_sign: whether a value alone could be the answer to the open question.
        is_meant: whether it is not, or the lead says that something is said anew.
        is_sure: whether it is not, and the lead says so.
    """

    typed: str
    plain: str
    form: Form
    draft: Draft
    now: datetime
    needs_sign: bool
    is_meant: bool
    is_sure: bool

    @property
    def _is_long(self) -> bool:
        return len(self.plain) > _MOST_LETTERS

    def correction(self) -> Correction | None:
        """Return what was found."""
        found = self._by_name() or self._by_verb() or self._stated()
        if found is None and (self.draft.asked == CONFIRM or self.draft.side.get("changing")):
            found = self._only_name()
        return found or self._removed() or self._by_value()

    def _by_name(self) -> Correction | None:
        """Find a field's name beside a wish to change it."""
        fields = _names(self.form)
        for pattern in _named_patterns(fields):
            match = pattern.fullmatch(self.plain)
            if match:
                has_value = "value" in pattern.groupindex and match["value"]
                return self._named(match, match.start("value") if has_value else None)
        if not self.needs_sign and not self._is_long:
            match = _is_not_what(fields).fullmatch(self.plain)
            if match:
                return self._named(match, None)
        match = _wish_with_value(fields).fullmatch(self.plain)
        if match and self._says_only(_field_in(match, fields), match["value"]):
            return self._named(match, match.start("value"))
        for pattern in _made(fields) if self.is_meant and not self._is_long else ():
            match = pattern.fullmatch(self.plain)
            if match:
                return self._named(match, match.start("value"))
        return None

    def _by_verb(self) -> Correction | None:
        """Find "call it ..." and "sign it ...", which name a field without its name."""
        if self._is_long:
            return None
        for name, pattern in _verb_patterns().items():
            match = pattern.match(self.plain) if self.form.field(name) else None
            if match and not _NO_NAME.match(match["value"]):
                end = end_of_words(self.plain, match.start("value"), self._known(name))
                is_meant = self.is_meant or end < len(self.plain)
                value = self.typed[match.start("value") : end].strip()
                return Correction(name, value) if is_meant and value else None
        is_renamed = self.form.field("title") and _NEW_NAME_WISH.fullmatch(self.plain)
        if is_renamed and not self.needs_sign:
            return Correction("title")
        text = "text" if self.form.field("text") else "description"
        return Correction(text) if _REWORD_WISH.fullmatch(self.plain) else None

    def _stated(self) -> Correction | None:
        """Find a field's name and its new answer without a wish: "title: Book night"."""
        fields = _names(self.form)
        match = _statement(fields).fullmatch(self.plain)
        if match is None or _IS_FINE.fullmatch(match["value"]):
            return None
        is_known = match["colon"] and _field_in(match, fields) in self.draft.answers
        return self._named(match, match.start("value")) if self.is_meant or is_known else None

    def _removed(self) -> Correction | None:
        """Find the wish to leave a field empty that may be."""
        fields = _names(self.form)
        match = _removal(fields).fullmatch(self.plain)
        field = self.form.field(_field_in(match, fields)) if match else None
        is_possible = field is not None and field.may_skip(self.draft.answers) and not field.choices
        return Correction(field.name, _NOTHING) if field and is_possible else None

    def _only_name(self) -> Correction | None:
        """Find a field's name alone, which says what to change where that was asked."""
        fields = _names(self.form)
        match = re.fullmatch(rf"{_field_pattern(fields)}{_PLEASE}[.!?]*", self.plain)
        return Correction(_field_in(match, fields)) if match else None

    def _named(self, match: re.Match[str], start: int | None) -> Correction:
        """Return the field that was named, with the new answer that begins at `start`."""
        field = _field_in(match, _names(self.form))
        if start is None:
            return Correction(field)
        end = match.end("value")
        if not self._is_long and field in _OF_WORDS:
            end = min(end, end_of_words(self.plain, start, self._known(field)))
        elif not self._is_long:
            words = bare_value(self.plain, Words(start, end))
            start, end = words.start, words.end
        value = self.typed[start:end].strip()
        if value.isdecimal() and _NAMES_A_DAY.search(self.plain):
            value = f"el {value}"  # a day of the month, and not an hour
        return Correction(field, value)

    def _known(self, field: str) -> str:
        """Return the answer so far in plain letters, as far as it is words."""
        answer = self.draft.answers.get(field, "")
        name = answer.get("name", "") if isinstance(answer, dict) else answer
        return plain_letters(str(name))

    def _by_value(self) -> Correction | None:
        """Find an answer that a text gives anew: a link, a date, a place, a choice."""
        answers = self.draft.answers
        if self.is_meant:
            for name, address in addresses_in(self.typed).items():
                if name in answers:
                    return Correction(name, address)
        if len(self.typed) > ADDRESS_LENGTH:
            return None
        words = bare_value(self.plain, Words(0, len(self.plain)))
        is_end = says_end(self.typed)
        if not (self.is_meant or is_end):
            return None
        bare = _as_day(self.typed[words.start : words.end].strip())
        for value in dict.fromkeys((bare, self.typed)):
            if "author" in answers and is_words("anonymous", value):
                return Correction("author", value)
            for name in (*_OF_TIME_AND_PLACE, *_OF_CHOICES):
                if name in answers and self._is_new(name, value):
                    return Correction(name, value, is_sure=name not in _OF_CHOICES)
        return None

    def _is_new(self, field: str, value: str) -> bool:
        """Tell whether a text says an answer to a field, and not the one that it has."""
        if not self._says_only(field, value):
            return False
        return self.is_sure or choice_in(field, value) != self.draft.answers.get(field)

    def _says_only(self, field: str, words: str) -> bool:
        """Tell whether a text says a date, a place or a choice, and hardly anything else."""
        if field == "when":
            spans = (find_span(words, self.now, name) for name in LANGUAGES)
            found = next((span for span in spans if span), None)
            return found is not None and _is_little(found.taken_out_of(words))
        if field in ("place", "area"):
            search = find_places(words)
            if not search.span or not (search.matches or search.outside):
                return self.is_sure and field == "place" and _is_venue(words)
            start, end = search.span
            return _is_little(words[:start] + words[end:])
        most = _MOST_LETTERS_OF_A_SENTENCE if self.is_sure else _MOST_LETTERS_OF_A_CHOICE
        return self._choice(field, words) and _is_little(words, most)

    def _choice(self, field: str, words: str) -> bool:
        """Tell whether a text names one of a field's choices."""
        if field != "kind":
            return choice_in(field, words) is not None
        kind = self.form.field(field)
        asked = Asked(words, "", LANGUAGES[0], self.now, self.draft.answers)
        return kind is not None and isinstance(kind.read(asked), Fit)


def _names(form: Form) -> tuple[str, ...]:
    return tuple(field.name for field in form.fields)


def _field_in(match: re.Match[str], fields: tuple[str, ...]) -> str:
    return next(name for name in fields if match[name])


def _field_pattern(fields: tuple[str, ...]) -> str:
    groups = "|".join(f"(?P<{name}>{field_names()[name]})" for name in fields)
    return rf"{_ARTICLE}(?:{groups})"


@cache
def _named_patterns(fields: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    field = _field_pattern(fields)
    return (
        re.compile(
            rf"{_WISH}{_VERB} {field}(?:\s*(?::|{_TO}\b:?)\s*(?P<value>.+))?"
            rf"{_PLEASE}{_GIVEN}[.!?]*",
            re.DOTALL,
        ),
        re.compile(rf"{_WANT}{field} {_IS_TO_BE}[:,]? (?P<value>.+)", re.DOTALL),
        re.compile(
            rf"{field} (?:is not|isn'?t|no es) [^,;.]{{1,40}}(?:[,;.]| but| sino)\s*"
            r"(?:it'?s |it is |es )?(?P<value>.+)",
            re.DOTALL,
        ),
        re.compile(rf"{field}{_IS_WRONG}[.!]*"),
        re.compile(rf"(?:[\w']+ ){{0,4}}{_SAID} (?:you )?(?:the wrong|mal) {field}.{{0,30}}"),
    )


@cache
def _is_not_what(fields: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of "the hour you have there is not what I said"."""
    return re.compile(rf"{_field_pattern(fields)}{_IS_NOT_WHAT}[.!]*")


@cache
def _statement(fields: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of "title: ..." and "the title is ...", which may stand for itself."""
    field = _field_pattern(fields)
    link = r"(?:(?P<colon>\s*[:=])\s*| (?:is|will be|es|sera|son):? )"
    return re.compile(rf"{field}{link}(?P<value>.+)", re.DOTALL)


@cache
def _wish_with_value(fields: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of "pon la fecha el sábado", which has no word before the value."""
    return re.compile(rf"{_WISH}{_VERB} {_field_pattern(fields)} (?P<value>.+)", re.DOTALL)


@cache
def _made(fields: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """Return the patterns of "make the place the Town Hall" and "put Lou as the name"."""
    field = _field_pattern(fields)
    return (
        re.compile(rf"{_WISH}{_MAKE} {field} (?P<value>.+)", re.DOTALL),
        re.compile(rf"{_WISH}{_MAKE} (?P<value>.+) (?:as|for|como|de) {field}{_PLEASE}[.!]*"),
    )


@cache
def _removal(fields: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"{_WISH}{_REMOVE} {_field_pattern(fields)}{_PLEASE}[.!?]*")


@cache
def _verb_patterns() -> dict[str, re.Pattern[str]]:
    return {
        field: re.compile(rf"{_WISH}(?:{verbs}):? (?P<value>.+)", re.DOTALL)
        for field, verbs in _BY_A_VERB.items()
    }


def _as_day(value: str) -> str:
    """Return "el 13" for "al 13", which no hour follows."""
    day = _DAY_OF_MONTH.fullmatch(plain_letters(value))
    return f"el {day[1]}" if day else value


def _is_venue(words: str) -> bool:
    """Tell whether a text is the name of a place that may be unknown: "Austin library"."""
    return has_words("venue", words) and len(words.split()) <= _MOST_WORDS_OF_A_PLACE


def _is_little(rest: str, most: int = _MOST_OTHER_LETTERS) -> bool:
    return sum(character.isalpha() for character in rest) <= most
