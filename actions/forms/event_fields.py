"""The fields of the event form, in the order in which they are asked."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.forms.answers import Asked, Finding, Fit, Misfit, SideQuestion
from actions.forms.draft import Answers
from actions.forms.field import (
    Field,
    always,
    is_refusal,
    nothing,
    read_choice,
    read_line,
    read_text,
    without_introduction,
)
from actions.forms.moments import read_when
from actions.forms.spots import read_place
from actions.forms.words import has_words, mended
from actions.healing_map.drafts import is_web_address
from actions.healing_map.models import (
    ACCESSIBILITIES,
    ADDRESS_VISIBILITIES,
    CONTACT_LENGTH,
    DESCRIPTION_LENGTH,
    FORMATS,
    HOST_NAME_LENGTH,
    INDIVIDUAL,
    JOIN_URL_LENGTH,
    KINDS,
    ORGANIZATION,
    TITLE_LENGTH,
)
from actions.healing_map.query import kinds_in, plain_letters

_NAMES = {
    "dialogue": r"(promot\w+ )?dialogues?|dialogo|promover (el )?dialogo",
    "collaboration": r"(encourag\w+ )?collaborations?|colaboracion|fomentar (la )?colaboracion",
    "learning": r"(facilitat\w+ )?learning|aprendizaje|facilitar (el )?aprendizaje",
    "connections": r"(seed\w* )?connections?|conexion(es)?|sembrar conexiones",
}
"""What each kind of event is called, beside what query.py knows of words that describe one."""

_SELF = re.compile(r"(it'?s |just |only |solo )?(me|myself|i am|yo|yo mism[oa])", re.IGNORECASE)
_TITLE_LEAD = re.compile(
    r"^((the |my |our |el )?(title|name|t[ií]tulo|nombre)( of (it|the event))?"
    r"(\s*[:=]|\s+(is|will be|should be|es|ser[aá])\b:?)|it'?s called|(we|i|let'?s) call it|call it"
    r"|se (va a llamar|llamar[aá]|llama)|ll[aá]m[ae]lo)\s*(?=\S)",
    re.IGNORECASE,
)
_MOST_NAMES = 3
_SEVERAL = re.compile(r"(ers|ors|ists|ians|folks?|men|moms|dads|kids|crew|youth)$", re.IGNORECASE)
"""How a name of several people may end; a surname may as well, so that it is asked."""
_ARTICLE = re.compile(r"(the|los|las)\b", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@<>,;]{1,64}@[^\s@<>,;]+\.[a-z]{2,}", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w@])@[A-Za-z]\w{3,31}\b")
_PHONE = re.compile(r"\+?\d[\d\s().-]{5,18}\d")
_PHONE_DIGITS = range(7, 16)  # of a local number, and the most that E.164 allows
_LINK = re.compile(r"(https?://)?([\w-]+\.)+[a-z]{2,}(:\d+)?([/?#]\S*)?", re.IGNORECASE)


def _read_kind(asked: Asked) -> Finding:
    named = [kind for kind in KINDS if _is_named(kind, asked.text)] or list(kinds_in(asked.text))
    if len(named) == 1:
        return Fit({"kind": named[0]})
    return read_choice("kind", KINDS)(asked)


def _is_named(kind: str, text: str) -> bool:
    """Tell whether the kind's name stands in a text, in either language."""
    return bool(re.search(rf"\b({_NAMES[kind]})\b", mended(plain_letters(text))))


def _read_title(asked: Asked) -> Finding:
    """Read a title, without the words by which people lead up to it: "it's called ..."."""
    words = _TITLE_LEAD.sub("", asked.text.strip())
    return read_line("title", TITLE_LENGTH)(replace(asked, text=words.strip('"“”«»')))


def _read_format(asked: Asked) -> Finding:
    """Read how people take part; whoever names a place instead meets there."""
    finding = read_choice("format", FORMATS)(asked)
    place = read_place(asked) if isinstance(finding, Misfit) else finding
    if isinstance(finding, Fit) or isinstance(place, Misfit):
        return finding
    beside = place.answers if isinstance(place, Fit) else {}
    return Fit({"format": "in_person", **beside})


def _read_place(asked: Asked) -> Finding:
    if _is_virtual(asked.answers) and is_refusal(asked):
        return nothing("place")
    return read_place(asked)


def _read_host(asked: Asked) -> Finding:
    name = without_introduction(asked.text).strip(" .")
    if not any(character.isalpha() for character in name) or _SELF.fullmatch(name):
        return Misfit("host_empty")
    if len(name) > HOST_NAME_LENGTH:
        return Misfit("host_misfit", {"most": str(HOST_NAME_LENGTH)})
    host_type = _host_type(name)
    if host_type is None:
        return SideQuestion({"name": name})
    return Fit({"host": {"name": name, "type": host_type}})


def _host_type(name: str) -> str | None:
    """Return what a name sounds like: an organization's, a person's, or None in doubt."""
    if has_words("organization", name):
        return ORGANIZATION
    names = [word for word in re.split(r"[\s-]+", name) if word.lower() not in ("de", "la", "del")]
    if _SEVERAL.search(name):
        return None
    if _ARTICLE.match(name):
        return None
    is_personal = all(re.fullmatch(r"[^\W\d_]+[.']?[^\W\d_]*", word) for word in names)
    return INDIVIDUAL if 2 <= len(names) <= _MOST_NAMES and is_personal else None


def _read_contact(asked: Asked) -> Finding:
    typed = " ".join(asked.text.split())
    if is_refusal(asked):
        return Fit({"contact": ""})
    phones = [re.sub(r"\D", "", phone) for phone in _PHONE.findall(typed)]
    has_phone = any(len(digits) in _PHONE_DIGITS for digits in phones)
    is_contact = has_phone or _EMAIL.search(typed) or _HANDLE.search(typed)
    if not is_contact or len(typed) > CONTACT_LENGTH:
        return Misfit("contact_misfit")
    return Fit({"contact": typed})


def _read_link(asked: Asked) -> Finding:
    if is_refusal(asked):
        return Fit({"link": ""})
    links = [word for word in asked.text.split() if _LINK.fullmatch(word.strip("<>.,;"))]
    for word in links:
        bare = word.strip("<>.,;")
        link = bare if "://" in bare else f"https://{bare}"
        if len(link) <= JOIN_URL_LENGTH and is_web_address(link):
            return Fit({"link": link})
    return Misfit("link_misfit")


def _read_accessibility(asked: Asked) -> Finding:
    finding = read_choice("accessibility", ACCESSIBILITIES)(asked)
    by_intent = {"affirm": "accessible", "deny": "not_accessible"}
    if isinstance(finding, Misfit) and asked.intent in by_intent:
        return Fit({"accessibility": by_intent[asked.intent]})
    return finding


def _takes_place(answers: Answers) -> bool:
    return answers.get("format") in ("in_person", "hybrid")


def _is_online(answers: Answers) -> bool:
    return answers.get("format") in ("virtual", "hybrid")


def _is_virtual(answers: Answers) -> bool:
    return answers.get("format") == "virtual"


def _has_exact_place(answers: Answers) -> bool:
    return bool(answers.get("place", {}).get("exact"))


EVENT_FIELDS = (
    Field("kind", _read_kind, choices=KINDS),
    Field("title", _read_title, is_open=True),
    Field("when", read_when),
    Field("format", _read_format, choices=FORMATS),
    Field("place", _read_place, may_skip=_is_virtual),
    Field("description", read_text("description", DESCRIPTION_LENGTH), is_open=True),
    Field("host", _read_host, is_open=True),
    Field("contact", _read_contact, may_skip=always),
    Field("link", _read_link, applies=_is_online, may_skip=always),
    Field(
        "accessibility",
        _read_accessibility,
        applies=_takes_place,
        may_skip=always,
        choices=ACCESSIBILITIES,
    ),
    Field(
        "visibility",
        read_choice("visibility", ADDRESS_VISIBILITIES),
        applies=_has_exact_place,
        choices=ADDRESS_VISIBILITIES,
        depends_on=("place",),
    ),
)
