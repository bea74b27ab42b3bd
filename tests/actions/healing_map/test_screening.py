"""The first look: what it marks, and the stories that it must leave alone."""

from __future__ import annotations

import time

import pytest

from actions.healing_map.models import Event, Message
from actions.healing_map.screening import Mark, marks
from tests.actions.healing_map.making import event_draft

# What people lived through, in their words. None of it is abuse.
STORIES = (
    "They called me a wetback on the bus and nobody looked up. I was nine.",
    "The first time a boy at school yelled the word nigger at me, my teacher told me to sit down.",
    "A man shouted “go back to your country” at my mother. She was born on 18th Street.",
    '"Dirty Mexicans." That is what was painted on our garage in 1986.',
    "I heard them say all Mexicans are criminals, and I was standing right there.",
    "Someone sprayed white power on the door of our church. We washed it off together.",
    "He said he would kill us all if we moved in. We moved in. We planted tulips.",
    "We will kill you, the note said. My father kept it in a drawer for thirty years.",
    "People act like immigrants are criminals, and then they eat the food that we cook.",
    "The officer told my son that you people are animals. He was fifteen and carrying a cello.",
    "They burned a cross on our lawn in Marquette Park. Dr. King had walked past the day before.",
    "My brother was shot by the police on the block where we learned to ride bikes.",
    "I was raped, and because I am black nobody believed me. I am telling you now.",
    "They followed me around the store again. I put the coat back and walked out crying.",
    "The bank drew a red line around us and said no loan. Three generations paid for it.",
    "I lost my son to gun violence. I light a candle at 79th and Ashland every Friday.",
    "I hated white people for a long time. I do not want to carry that anymore.",
    "They spat on us and screamed slurs while we marched to school.",
    "My grandmother was hit with a brick for swimming at the wrong beach.",
    "To them I was just another spic with a broom. To my daughter I hung the moon.",
    "Black people are not criminals. Say their names: Rekia, Laquan, Adam.",
    "My teacher made me feel that you are worthless if you have an accent.",
    "As a gay Latino I was beaten outside of the train and told that I deserved to die.",
    "Go home, they told me. I am home. Chicago is my home.",
    "I want to go back to Mexico once more, to bury my father beside my mother.",
    "It hurt so damn much. Why did they hate us? What did a child ever do to them?",
    "The redlining map had our block in red. They thought blacks were dirty and lazy.",
    "A guy in a truck slowed down. Go back to Africa, he laughed, and threw a bottle.",
    "White people should leave room for us to talk first. That is all I ask.",
    "We had to gas the car in Cicero, and my father would not let us get out of it.",
    "My dad was called boy until the day he died. He was the tallest man I knew.",
    "The landlord wrote that they do not rent to your kind. I kept the letter.",
    "They beat him with bats because he was black. He was thirteen. His name was Lenard.",
    "Me gritaron indio de mierda en el mercado y seguí cargando las cajas.",
    "A mi mamá le dijeron “vete a tu país” y ella nació en la calle 26.",
    "Nos llamaban mojados y sucios mexicanos en la escuela. Éramos niños.",
    "Pintaron “fuera los migrantes” en la puerta de la iglesia. La limpiamos entre todos.",
    "El policía le dijo a mi hijo que todos los negros son criminales. Mi hijo tiene doce años.",
    "Mataron a mi hermano en la esquina donde jugábamos. Todavía le hablo.",
    "Mi abuela contaba que las llamaban putas indias y que ella cantaba más fuerte.",
    "Nos amenazaron con quemar la casa: los vamos a quemar, decía la carta.",
    "Los migrantes no son animales. Somos los que cosechan su comida.",
    "Me sentí basura porque me trataban como si los pobres fueran una plaga.",
    "Le tenía odio a los blancos y hoy tengo un vecino que es mi hermano.",
)

ABUSE = (
    "All Mexicans are criminals and should be deported.",
    "You people are animals.",
    "youre nothing but trash",
    "You're nothing but trash",
    "Go back to your country!",
    "Just go back to Africa",
    "get the hell out of our neighborhood, we dont want your kind",
    "White power forever",
    "fuck you all",
    "We will kill you all on Saturday",
    "kill yourself",
    "Heil Hitler!",
    "stupid fucking bitch",
    "n1ggers out of Bridgeport",
    "The blacks are apes. This event is a joke.",
    "Immigrants should be shot at the border",
    "Lovely event. I hope you die.",
    "Todos los migrantes son delincuentes",
    "¡Váyanse a su país!",
    "Vete a la mierda, pinches negros",
    "Fuera los inmigrantes de Chicago",
    "Ojalá te mueras",
    "Ustedes son pura basura",
    "Hijos de puta",
    "negros de mierda",
    "Los vamos a matar a todos",
)

SPAM = (
    "Earn $500 a day from home, ask me how",
    "Invest in bitcoin with us and double your money",
    "Best online casino, claim your prize",
    "CLICK HERE for free followers",
    "Come come come come come come to the party",
    "Heeeeeeeeeeello neighbors",
    "Free food!!!!!!!!!!",
    "EVERYBODY HAS TO COME TO THIS EVENT BECAUSE IT IS THE VERY BEST ONE",
    "See a.com, b.com and c.com",
    "Gana dinero fácil desde casa",
    "Gana 300 dólares diarios, invierte hoy en criptomonedas",
    "Préstamos rápidos sin buró",
)

ORDINARY = (
    "Book club: we read The Warmth of Other Suns and share a meal.",
    "Doors open at 6:30 pm, Dec 12, 2020. Bring 2 chairs and $5 for 1 plate.",
    "Meet under the 606 bridge, then we walk 3 miles to 63rd and Halsted.",
    "In 1968 King spoke here; in 1986 Harold Washington danced here.",
    "We are 5 South Side churches, 12 West Side families and 300 North Side neighbors.",
    "Ages 12-18. ZIP codes 60637-60649. Room 204, 2nd floor, apt 3 of the old school.",
    "A talk about the racial wealth gap, credit, and how to buy your first home.",
    "We will beat you at dominoes, and I will shoot you an email with the score.",
    "El 31 hacemos muñecos de año viejo y los vamos a quemar juntos. Te vamos a partir pastel.",
    "Police escort for the march; call 311 or 988 if you need help.",
    "YWCA and NAACP, ASL and CART. RSVP by noon.",
    "Círculo de paz en español, sábado 12 de diciembre a las 3 de la tarde.",
    "Taller de pan para 20 familias. Hay lugar para 4 bebés y 2 abuelas.",
)


def marks_of(text: str) -> set[str]:
    return {mark.kind for mark in marks(Message(text=text, author_name=""))}


def event(**fields: str) -> Event:
    draft = event_draft()
    texts = {"title": draft.title, "description": "", "host_name": draft.host_name}
    return Event(**(texts | {"join_url": "", "address": ""} | fields))


@pytest.mark.parametrize("text", STORIES)
def test_a_story_of_what_somebody_lived_through_is_not_marked(text: str) -> None:
    assert marks_of(text) == set()


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_text_is_not_marked(text: str) -> None:
    assert marks_of(text) == set()


@pytest.mark.parametrize("text", ABUSE)
def test_words_aimed_at_somebody_are_marked(text: str) -> None:
    assert "abuse" in marks_of(text)


def test_abuse_is_found_behind_a_story() -> None:
    assert "abuse" in marks_of("I said hello to my neighbor. It was a fine day. You are animals.")


@pytest.mark.parametrize("text", SPAM)
def test_advertisements_and_noise_are_marked(text: str) -> None:
    assert "spam" in marks_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "Call 773-555-0142",
        "call me (312) 555.0142 after 5",
        "+1 312 555 0142",
        "3125550142",
        "text 555-0142",
        "Mi número es +52 55 1234 5678",
        "３１２-５５５-０１４２",
        "312\u200b-555-0142",
    ],
)
def test_a_phone_number_is_marked(text: str) -> None:
    assert marks_of(text) == {"phone"}


@pytest.mark.parametrize(
    "text",
    ["write to ana.lopez@example.org", "ana [at] example.org", "ana at gmail dot com"],
)
def test_an_email_address_is_marked_and_is_no_link(text: str) -> None:
    assert marks_of(text) == {"email"}


@pytest.mark.parametrize(
    "text",
    [
        "I live at 4100 S. Ellis Ave, ring twice",
        "vivo en 2345 south kedzie, apto 2",
        "come to 12 W Randolph",
        "9100 block of S Commercial",
    ],
)
def test_a_street_address_is_marked(text: str) -> None:
    assert marks_of(text) == {"address"}


@pytest.mark.parametrize(
    "text", ["see https://zoom.us/j/81234567890", "www.example.org", "on bit.ly/3abc", "twh.org"]
)
def test_a_web_address_is_marked_and_its_digits_are_no_phone_number(text: str) -> None:
    assert marks_of(text) == {"link"}


def test_a_mark_names_the_field() -> None:
    found = marks(
        event(title="Call 773-555-0142", description="You are trash.", host_name="ana@x.org")
    )
    assert found == (
        Mark("phone", "title"),
        Mark("abuse", "description"),
        Mark("email", "host_name"),
    )


def test_the_author_of_a_message_is_looked_at() -> None:
    assert marks(Message(text="Peace", author_name="Call 773-555-0142")) == (
        Mark("phone", "author_name"),
    )


def test_the_link_of_an_event_may_be_a_link_but_no_advertisement() -> None:
    assert marks(event(join_url="https://zoom.us/j/7735550142?pwd=abc@x.org")) == ()
    assert marks(event(join_url="https://best-casino.example/win")) == (Mark("spam", "join_url"),)


def test_an_address_is_marked_unless_it_is_the_one_that_is_shown() -> None:
    told = "Join us at 9525 S. Halsted St."
    assert marks(event(description=told, address="9525 S Halsted St, Chicago")) == ()
    assert marks(event(description=told)) == (Mark("address", "description"),)
    other = event(description="I live at 4100 S Ellis Ave.", address="9525 S Halsted St")
    assert marks(other) == (Mark("address", "description"),)


@pytest.mark.costly
@pytest.mark.parametrize(
    "piece",
    ["x", "-", "a.", "a@", "+1", "1", " 1", "12 W Randolf ", "no ", "You are. ", "ñ", "(", '"'],
)
def test_no_text_makes_it_slow(piece: str) -> None:
    """A text that is made to be slow takes no longer than a few times an ordinary one."""
    entry = event(description=(piece * 2000)[:2000])
    marks(entry)
    seconds = []
    for _ in range(3):
        started = time.thread_time()
        marks(entry)
        seconds.append(time.thread_time() - started)
    assert min(seconds) < 0.05
