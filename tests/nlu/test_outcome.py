"""The four outcomes and their thresholds, and the words that always mean a crisis."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message

from actions.forms import evidence
from nlu.intent_classifier import INTENT_RANKING
from nlu.normalizer import fold, normalize
from nlu.outcome import (
    ANSWER,
    ANSWER_LEAD,
    CRISIS,
    CRISIS_SHARE,
    CRISIS_SUSPICION,
    ELSE_SHARE,
    INFORM,
    LIKELY_STEP,
    MOST_OFFERS,
    OFFER,
    ONLY_IN_FORMS,
    OUT_OF_SCOPE,
    OUT_OF_SCOPE_LEAD,
    UNSURE_INTENT,
    Outcome,
    OutcomeDecider,
    decide,
    outside_of_forms,
    read_crisis_words,
)
from tests.nlu.components import output_of, trained, typed

CRISIS_WORDS = Path(__file__).parents[2] / "data" / "crisis"
OFFERABLE = frozenset({"dates", "map", "host", "share", "celebrate"})
A_BIT = 0.001


def decision(has_crisis_words: bool = False, **probabilities: float) -> Outcome:
    """Decide for these intents, ranked by their probabilities."""
    return decide(ranked(**probabilities), has_crisis_words, OFFERABLE)


def ranked(**probabilities: float) -> list[dict[str, Any]]:
    ranking = sorted(probabilities.items(), key=lambda item: -item[1])
    return [{"name": name, "confidence": confidence} for name, confidence in ranking]


def test_a_sure_meaning_is_answered() -> None:
    assert decision(dates=0.9, map=0.1) == Outcome(ANSWER, "dates", 0.9)


def test_the_answer_is_the_same_when_the_intent_cannot_be_offered() -> None:
    assert decision(greet=0.9, dates=0.1) == Outcome(ANSWER, "greet", 0.9)


@pytest.mark.parametrize(("beyond", "outcome"), [(A_BIT, ANSWER), (-A_BIT, OFFER)])
def test_an_answer_needs_a_lead_over_the_second_meaning(beyond: float, outcome: str) -> None:
    assert decision(dates=0.3 + ANSWER_LEAD + beyond, map=0.3, host=0.2).decision == outcome


@pytest.mark.parametrize(("beyond", "outcome"), [(A_BIT, ANSWER), (-A_BIT, OFFER)])
def test_the_lead_is_over_the_second_meaning_and_out_of_scope_together(
    beyond: float, outcome: str
) -> None:
    probability = 0.35 + ANSWER_LEAD + beyond

    assert decision(dates=probability, map=0.2, out_of_scope=0.15).decision == outcome


@pytest.mark.parametrize(
    ("probability", "outcome"),
    [
        (ANSWER_LEAD, ANSWER),
        (ANSWER_LEAD - A_BIT, OFFER),
        (OUT_OF_SCOPE_LEAD, OFFER),
        (OUT_OF_SCOPE_LEAD - A_BIT, OUT_OF_SCOPE),
    ],
)
def test_a_lead_that_is_just_reached_counts(probability: float, outcome: str) -> None:
    assert decision(dates=probability).decision == outcome


def test_a_meaning_with_nothing_but_out_of_scope_beside_it_is_answered() -> None:
    assert decision(dates=0.9, out_of_scope=0.1) == Outcome(ANSWER, "dates", 0.9)


def test_a_low_probability_is_enough_where_nothing_else_is_likely() -> None:
    others = dict.fromkeys(("map", "host", "share", "celebrate", "greet"), 0.05)

    assert decision(dates=0.3, **others).decision == ANSWER


def test_what_else_may_be_meant_stands_under_an_answer_that_is_not_sure() -> None:
    outcome = decision(dates=0.5, map=0.2, host=0.1, share=0.5 * ELSE_SHARE - A_BIT, greet=0.05)

    assert outcome == Outcome(ANSWER, "dates", 0.5, ("map", "host"))


def test_no_more_than_two_others_stand_under_an_answer() -> None:
    outcome = decision(dates=0.4, map=0.2, host=0.15, share=0.13, celebrate=0.12)

    assert outcome == Outcome(ANSWER, "dates", 0.4, ("map", "host"))


def test_nothing_else_stands_under_a_sure_answer() -> None:
    assert decision(dates=0.75, map=0.25).offers == ()


def test_near_meanings_are_offered_the_likeliest_first() -> None:
    outcome = decision(map=0.3, dates=0.35, host=0.2)

    assert outcome == Outcome(OFFER, UNSURE_INTENT, 0.35, ("dates", "map", "host"))


def test_no_more_than_three_meanings_are_offered() -> None:
    outcome = decision(dates=0.25, map=0.22, host=0.2, share=0.18, celebrate=0.15)

    assert len(outcome.offers) == MOST_OFFERS == 3
    assert outcome.offers == ("dates", "map", "host")


def test_what_cannot_stand_on_a_button_is_not_offered() -> None:
    outcome = decision(greet=0.3, dates=0.25, out_of_scope=0.15, map=0.12, crisis=0.1, deny=0.08)

    assert outcome.decision == OFFER
    assert outcome.offers == ("dates", "map")


def test_an_offer_may_have_nothing_to_offer() -> None:
    assert decision(greet=0.4, deny=0.35) == Outcome(OFFER, UNSURE_INTENT, 0.4, ())


@pytest.mark.parametrize(("beyond", "outcome"), [(A_BIT, OFFER), (-A_BIT, OUT_OF_SCOPE)])
def test_an_offer_must_be_likelier_than_out_of_scope(beyond: float, outcome: str) -> None:
    outside = 0.3 - OUT_OF_SCOPE_LEAD

    assert decision(dates=0.3 + beyond, map=0.2, out_of_scope=outside).decision == outcome


def test_out_of_scope_carries_its_own_probability_and_what_may_have_been_meant_instead() -> None:
    outcome = decision(out_of_scope=0.6, dates=0.3, greet=0.1)

    assert outcome == Outcome(OUT_OF_SCOPE, "out_of_scope", 0.6, ("dates",))


def test_what_is_hardly_meant_is_not_shown_beside_out_of_scope() -> None:
    assert decision(out_of_scope=0.9, dates=0.1).offers == ()
    assert decision(out_of_scope=1.0, dates=ELSE_SHARE).offers == ("dates",)
    assert decision(out_of_scope=1.0, dates=ELSE_SHARE - A_BIT).offers == ()


def test_what_reads_like_an_answer_to_a_form_counts_half_and_as_out_of_scope() -> None:
    ranking = outside_of_forms(ranked(inform=0.4, dates=0.4, out_of_scope=0.2))

    assert {it["name"]: round(it["confidence"], 2) for it in ranking} == {
        "dates": 0.5,
        "out_of_scope": 0.5,
    }


def test_what_reads_like_an_answer_to_a_form_is_out_of_scope_where_nothing_else_was() -> None:
    ranking = outside_of_forms(ranked(dates=0.6, inform=0.4))

    assert [(it["name"], round(it["confidence"], 2)) for it in ranking] == [
        ("dates", 0.75),
        ("out_of_scope", 0.25),
    ]


def test_a_step_of_a_form_is_left_out_where_it_is_not_likely() -> None:
    assert decision(submit=LIKELY_STEP - A_BIT, dates=0.35, map=0.1).intent == "dates"
    assert decision(submit=LIKELY_STEP, dates=0.35, map=0.1).intent == "submit"


def test_unlikely_steps_of_a_form_stay_where_there_is_nothing_else() -> None:
    ranking = ranked(submit=0.4, change=0.3)

    assert outside_of_forms(ranking) == ranking


def test_a_text_with_no_meaning_but_out_of_scope_is_out_of_scope() -> None:
    assert decision(out_of_scope=1.0) == Outcome(OUT_OF_SCOPE, "out_of_scope", 1.0)


@pytest.mark.parametrize(
    ("suspicion", "outcome"),
    [(CRISIS_SUSPICION, CRISIS), (CRISIS_SUSPICION - A_BIT, ANSWER)],
)
def test_a_suspicion_of_a_crisis_is_enough(suspicion: float, outcome: str) -> None:
    assert decision(dates=0.4, crisis=suspicion).decision == outcome


@pytest.mark.parametrize(
    ("suspicion", "outcome"),
    [(CRISIS_SHARE * 0.6, CRISIS), (CRISIS_SHARE * 0.6 - A_BIT, ANSWER)],
)
def test_a_suspicion_is_none_where_another_meaning_is_far_likelier(
    suspicion: float, outcome: str
) -> None:
    assert decision(dates=0.6, crisis=suspicion).decision == outcome


def test_a_suspected_crisis_carries_its_probability() -> None:
    assert decision(out_of_scope=0.6, crisis=0.3) == Outcome(CRISIS, "crisis", 0.3)


def test_crisis_words_are_a_crisis_whatever_the_classifier_says() -> None:
    assert decision(True, dates=0.99) == Outcome(CRISIS, "crisis", 1.0)
    assert decision(True, out_of_scope=1.0) == Outcome(CRISIS, "crisis", 1.0)


@pytest.fixture(scope="module")
def crisis_words() -> re.Pattern[str]:
    return read_crisis_words(CRISIS_WORDS)


def found(crisis_words: re.Pattern[str], text: str) -> bool:
    return crisis_words.search(fold(normalize(text))) is not None


@pytest.mark.parametrize(
    "text",
    [
        "I want to kill myself",
        "I WANT TO DIE!!!",
        "i'm gonna hurt myself tonight",
        "I don't want to live anymore",
        "I do not want to be alive",
        "i dont wanna be here anymore",
        "I can't take it, I want to end my life",
        "thinking about ending it all",
        "I'm thinking about suicide",
        "suicidal thoughts",
        "how do I stop self-harming",
        "kms fr",
        "i wanna unalive myself tbh",
        "I wish I was never born",
        "They would be better off without me",
        "there's no reason to go on living",
        "I took all my pills",
        "I'm going to jump off a bridge",
        "my husband hit me",
        "my dad hits me with a belt",
        "he beat me up again",
        "My boyfriend is choking me",
        "he threatened me with a gun",
        "they attacked us at night",
        "he said he is going to shoot me",
        "there is a man who has a gun outside",
        "I have been raped",
        "my son was attacked on the bus because he is Black",
        "I want to report a hate crime",
        "someone painted a swastika on our door",
        "there is a noose hanging from the tree",
        "a man yelled slurs at my mother",
        "domestic violence",
        "we are not safe, the kids are in danger",
        "I'm going to kill them all",
        "please call 911",
    ],
)
def test_english_words_that_always_mean_a_crisis(crisis_words: re.Pattern[str], text: str) -> None:
    assert found(crisis_words, text)


@pytest.mark.parametrize(
    "text",
    [
        "quiero matarme",
        "ME QUIERO MORIR",
        "Ya no quiero vivir",
        "no quiero seguir viviendo",
        "quiero quitarme la vida",
        "voy a suicidarme",
        "pienso mucho en el suicidio",
        "quiero hacerme daño",
        "mi vida ya no tiene sentido",
        "todos estarían mejor sin mí",
        "voy a acabar con mi vida",
        "me tomé todas las pastillas",
        "voy a tirarme de un puente",
        "dejé una carta de despedida",
        "mi esposo me pega",
        "mi novio me golpeó anoche",
        "me amenazó mi vecino",
        "me quieren matar",
        "me violaron",
        "nos atacaron por hablar español",
        "fui víctima de un crimen de odio",
        "sufro violencia doméstica",
        "hay un hombre con una pistola afuera",
        "estoy en peligro",
        "no estamos a salvo",
        "llamen a la policía",
        "¡auxilio!",
    ],
)
def test_spanish_words_that_always_mean_a_crisis(crisis_words: re.Pattern[str], text: str) -> None:
    assert found(crisis_words, text)


@pytest.mark.parametrize(
    "text",
    [
        "this weather is killing me",
        "my feet are killing me",
        "shoot me an email",
        "can you shoot me an email?",
        "photo shoot downtown",
        "I got a flu shot",
        "my phone is about to die",
        "my uncle died last year",
        "those tacos are to die for",
        "I'm dying to see the map",
        "is suicide squad a good movie",
        "hit me up later",
        "beat the traffic",
        "I could kill for a coffee",
        "my mom is gonna kill me if I'm late",
        "killing time at the dentist",
        "when does the campaign end?",
        "an event about ending gun violence",
        "the killing of George Floyd",
        "racism hurts all of us",
        "I don't want to be on the map",
        "este clima me está matando",
        "me muero de risa",
        "¿El Escuadrón Suicida es buena película?",
        "mi mamá me va a matar si llego tarde",
        "clase de primeros auxilios",
        "se me murió el teléfono",
        "un evento contra la violencia",
        "¿cuándo termina la campaña?",
        "",
    ],
)
def test_harmless_words_are_no_crisis(crisis_words: re.Pattern[str], text: str) -> None:
    assert not found(crisis_words, text)


@pytest.mark.parametrize(
    "text",
    [
        "I'll shoot you an email tomorrow",
        "shoot her a message",
        "my phone is going to die soon",
        "beats me",
        "I can't go on the 12th",
        "I do not want to live stream it",
        "¿hay eventos a menos de 5 kms de aquí?",
        "quiero acabar con todo el racismo",
        "queremos terminar con todo el odio",
        "me voy a morir de risa",
        "voy a matar el tiempo",
        "no puedo vivir sin café",
    ],
)
def test_harmless_words_that_resemble_those_of_a_crisis_are_none(
    crisis_words: re.Pattern[str], text: str
) -> None:
    assert not found(crisis_words, text)


def test_the_forms_know_the_intents_by_the_same_names() -> None:
    assert (evidence.INFORM, evidence.CRISIS) == (INFORM, CRISIS)
    assert ONLY_IN_FORMS <= evidence.STEPS


def test_comments_and_empty_lines_are_no_crisis_words(tmp_path: Path) -> None:
    (tmp_path / "en.txt").write_text("# a comment\n\n\\bhelp me now\\b\n", encoding="utf-8")
    (tmp_path / "es.txt").write_text("\\bayudame ya\\b\n", encoding="utf-8")
    words = read_crisis_words(tmp_path)

    assert words.search("please help me now")
    assert words.search("ayudame ya por favor")
    assert not words.search("# a comment")
    assert not words.search("")


@pytest.fixture
def decider(tmp_path: Path) -> OutcomeDecider:
    """A decider that knows one word for a crisis, and a title for two of three intents."""
    words = tmp_path / "crisis"
    words.mkdir()
    (words / "es.txt").write_text("\\bayudame ya\\b\n", encoding="utf-8")
    examples = [
        titled("when is it", "dates", "The dates"),
        titled("where is it", "map", "The map"),
        typed("hello", intent="greet"),
        typed("good morning", intent="greet", metadata={"intent": {"note": "without a title"}}),
    ]
    return trained(OutcomeDecider, tmp_path, examples, {"crisis_words": str(words)})


def titled(text: str, intent: str, title: str) -> Message:
    return typed(text, intent=intent, metadata={"intent": {"title": title}})


def test_only_meanings_that_have_a_title_are_offered(decider: OutcomeDecider) -> None:
    message = typed("is it", **{INTENT_RANKING: ranked(dates=0.36, greet=0.33, map=0.31)})

    assert output_of(decider, message) == {
        INTENT: {"name": UNSURE_INTENT, "confidence": 0.36},
        "decision": OFFER,
        "offers": ["dates", "map"],
    }


def test_the_crisis_words_come_before_the_ranking_however_they_are_written(
    decider: OutcomeDecider,
) -> None:
    message = typed("¡AYÚDAME YA!", **{INTENT_RANKING: ranked(greet=1.0)})

    assert output_of(decider, message) == {
        INTENT: {"name": CRISIS, "confidence": 1.0},
        "decision": CRISIS,
        "offers": [],
    }


def test_what_no_classifier_ranked_is_out_of_scope(decider: OutcomeDecider) -> None:
    assert output_of(decider, typed("")) == {
        INTENT: {"name": OUT_OF_SCOPE, "confidence": 1.0},
        "decision": OUT_OF_SCOPE,
        "offers": [],
    }


def test_every_message_of_a_batch_is_decided(decider: OutcomeDecider) -> None:
    messages = [typed("ayudame ya"), typed("hello", **{INTENT_RANKING: ranked(greet=1.0)})]

    decider.process(messages)

    assert [message.get("decision") for message in messages] == [CRISIS, ANSWER]
