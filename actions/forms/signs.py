"""How people lead up to a correction, and what they say beside the new answer.

"no wait, ...", "they moved us to ...", "..., not Friday", "... instead of Rose".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_LEADS = (
    r"please|por favor|hey|and|also|(?:one|another)(?: more| last)? thing|but|by the way|y|pero"
    r"|(?:una|otra) cosa|tambien|oye"
    r"|ay|ah|oh|hmm|um|well|ok(?:ay)?|bueno|pues|fijate(?: que)?|i think|creo que|my bad|disculpa"
)
"""What leads up to anything at all."""

_SIGNS = (
    r"actually|no|(?:no )?wait(?: a (?:second|minute))?|hold (?:on|up)|hang on|sorry|o+ps"
    r"|correction|scratch that|i meant?(?: to (?:say|put|write))?|rather|on second thoughts?"
    r"|on reflection|come to think of it|thinking about it|change of plans?"
    r"|better(?= (?:show|make|put|be|say)\b)"
    r"|(?:(?:can|could) (?:we|you|u|i) |let'?s |puedes |podemos )?make (?:it|that)|let'?s do"
    r"|(?:(?:can|could) (?:we|you|u|i) |let'?s )?(?:change|move|switch|push|bring)"
    r" (?:it|that|this|us)(?: (?:up|back|over))?(?: to)?"
    r"|siempre no|espera(?:te|me)?|perdon|en realidad|la verdad|mejor|mas bien|digo|quise decir"
    r"|me equivoque|que sea|(?:bien )?pensando(?:lo)?(?: bien| mejor)?|ahora que lo pienso"
    r"|cambio de planes"
    r"|(?:cambia|mueve|pasa|pon|deja|haga|recorre)(?:r?mos)?l[oa](?: mejor)?(?: (?:a|para))?"
)
"""What says that something is said anew, even in a story."""

_HINTS = (
    r"(?:(?:so|that) )?(?:we|they|it|i)(?:'?ve|'?s| have| has| had to| got| was| were| just)*"
    r" (?:moved?|changed?|switch(?:ed)?|push(?:ed)?|shift(?:ed)?|rescheduled?|postponed?)"
    r"(?: (?:it|us|that|this|back|over|the (?:event|time|date|place)))*(?: (?:to|for|until))?"
    r"|(?:i|they|we)(?:'?ve| have)? (?:just )?(?:got word|heard|found out|learned"
    r"|told (?:me|us)|let (?:me|us) know)(?: that)?"
    r"|(?:que )?(?:se|lo|la) (?:paso|cambio|movio|recorrio|adelanto|aplazo|pospuso|cambiamos"
    r"|movimos|pasamos|cambiaron|movieron|pasaron)(?: (?:a|para))?"
    r"|(?:me |nos )?(?:acaban de|acabo de) (?:avisar|decir|enterarme|saber)(?:me|nos)?(?: que)?"
    r"|i (?:said|put|wrote|typed) [^,.;]{1,30}?,? but|(?:dije|puse|escribi) [^,.;]{1,30}?,? pero"
    r"|(?:so )?(?:it|that|this|the event)(?:'?s| is) (?:now|going to be|not going to be|no longer)"
    r"|(?:ahora|ya|siempre) (?:es|va a ser|sera)|va a ser"
)
"""What says it where a story is not to be expected."""

_NOT_THAT = (
    r"(?:(?:it|that|this|we|they)(?:'?s|'?re| is| are)? ?)?(?:not|isn'?t|aren'?t|neither|no longer"
    r"|(?:ya )?no (?:es|son|va a ser)|ningun[oa])\b[^,.;]{0,40}?(?:[,.;]+|\bbut\b|\bsino\b)"
)
_CARRIERS = (
    r"(?:that |so )?(?:it|that|this|they|we|the event|el evento)(?:'?s|'?re| is| are| will| was)?"
    r"(?: really| actually| now)?(?: going to)?(?: be(?! )| be| start(?:s|ing)?| begin(?:s|ning)?"
    r"| meet(?:s|ing)?)?"
    r"|(?:starts?|begins?|should (?:be|say|read)|has to be|needs to be|will be|is|its|be|in fact)"
    r"|(?:ya )?(?:es|sera|seria|va a ser|empieza|empezamos|arranca|arrancamos|comienza|comenzamos"
    r"|inicia|debe (?:ser|decir)|tiene que ser)|que (?:salga|diga|sea)|en realidad|ya|ahora|now"
    r"|(?:a|an|one|un|una|uno) (?:day|hour|week|dia|hora|semana) (?:later|earlier|despues|antes"
    r"|mas tarde|mas temprano)(?=[,:])|(?:more|mas) (?:of|like)|mas de"
)
"""What may stand between a sign and the new answer."""

_LEAD = re.compile(rf"[¿¡]|(?:{_LEADS})\b[,.:;! ]*")
_SIGN = re.compile(rf"(?:{_SIGNS})\b[,.:;! ]*")
_HINT = re.compile(rf"(?:{_HINTS})\b[,.:;! ]*")
_NEGATION = re.compile(rf"(?:{_NOT_THAT})\s*")
_CARRIER = re.compile(rf"(?:{_CARRIERS})\b[,: ]*")
_BEHIND = re.compile(
    r"[,.;:! ]+(?:by the way|instead|please|pls|plz|actually|after all|now|por favor|porfa(?:vor)?"
    r"|mejor|ahora|en vez de eso|and not that)[.! ]*$"
)
_INSTEAD = re.compile(
    r"[,; ]\s?(?:instead of|rather than|en vez de|en lugar de) (?P<other>[^,.;?!]{1,60})[.! ]*$"
)
_NOT = re.compile(
    r"(?:, | )(?:and not|not|no longer|y no|ya no|y ya no|no) (?P<other>[^,.;?!]{1,40})[.! ]*$"
)
_THAN = re.compile(r"(?<=\S) (?:than|que) (?P<other>[^,.;?!]{1,40})[.! ]*$")
_PRONOUN = re.compile(r"(?:me|us|him|her|them|yo|nosotr[oa]s|el|ella|ell[oa]s|mi)")
_ALIKE = 0.6


@dataclass(frozen=True)
class Words:
    """A part of a text, and what was left out of it.

    Attributes:
        start: where it begins.
        end: where it ends.
        has_sign: whether what was left out says that something is said anew.
        has_hint: whether it may say so.
    """

    start: int
    end: int
    has_sign: bool = False
    has_hint: bool = False


def without_lead(plain: str) -> Words:
    """Return where a text really begins, behind "oh wait, sorry" and "it's not 3, but"."""
    words = Words(0, len(plain))
    while True:
        start = words.start
        hint = _NEGATION.match(plain, start) or _HINT.match(plain, start)
        sign = _SIGN.match(plain, start)
        found = hint or sign or _LEAD.match(plain, start)
        # What leads up to nothing is not a lead: "no", "better", "wait".
        if found is None or found.end() == len(plain):
            return words
        words = Words(
            found.end(),
            len(plain),
            has_sign=words.has_sign or (sign is not None and hint is None),
            has_hint=words.has_hint or hint is not None,
        )


def bare_value(plain: str, words: Words) -> Words:
    """Return the part of a text that may be a date, a place or a choice: without "it starts"."""
    start, end = words.start, words.end
    is_more = "more" in plain or "mas" in plain
    for contrast in (_INSTEAD, _NOT, _THAN if is_more else _INSTEAD):
        end = _end_before(_BEHIND, plain, start, end)
        end = _end_before(contrast, plain, start, end)
    end = _end_before(_BEHIND, plain, start, end)
    while carrier := _CARRIER.match(plain, start, end):
        if carrier.end() == end or carrier.end() == start:
            break
        start = carrier.end()
    return Words(start, end)


def end_of_words(plain: str, start: int, known: str) -> int:
    """Return where a new text ends: before "by the way", "instead of Rose", "not me".

    What stands behind "not" may belong to it ("Bridges, not walls"), unless it is much like the
    text that is known so far, or like the new one.
    """
    end = _end_before(_BEHIND, plain, start, len(plain))
    before = _end_before(_INSTEAD, plain, start, end)
    contrast = _NOT.search(plain, start, before)
    if contrast and contrast.start() > start:
        other = contrast["other"]
        new = plain[start : contrast.start()].strip()
        is_left_out = _PRONOUN.fullmatch(other) or _is_alike(other, known) or _is_alike(other, new)
        before = contrast.start() if is_left_out else before
    return _end_before(_BEHIND, plain, start, before)


def _end_before(pattern: re.Pattern[str], plain: str, start: int, end: int) -> int:
    found = pattern.search(plain, start, end)
    return found.start() if found and found.start() > start else end


def _is_alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one.strip(" '\""), other).ratio() >= _ALIKE
