"""Places, and where a text mentions one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from actions.healing_map.distance import miles_between


@dataclass(frozen=True)
class Place:
    """A place in the service area.

    Attributes:
        name: as it is shown: "4100 S Ellis Ave", "63rd St & Halsted St", "Hyde Park", "60637".
        kind: "address", "intersection", "zip", "area", "neighborhood", "landmark", "geocoder" or
            "shared".
        latitude: of the place or of its middle, in degrees (WGS 84), as is longitude.
        areas: the community areas that it stands for, if it is an extent and no point.
    """

    name: str
    kind: str
    latitude: float
    longitude: float
    areas: tuple[str, ...] = ()

    def miles_to(self, other: Place) -> float:
        """Return the distance to another place in miles."""
        return miles_between(self.latitude, self.longitude, other.latitude, other.longitude)


class Likeness(Enum):
    """What else the words of a name may mean, so how much a sentence must say about it."""

    NOTHING = "nothing"
    """Unmistakable: Englewood, 60637, 4100 S Ellis."""
    WORD = "word"
    """An ordinary word as well: Uptown, Hermosa, the Loop."""
    PERSON = "person"
    """A person's name as well: Douglas, Austin, Gary."""


@dataclass(frozen=True)
class Mention:
    """Words of a text that name a place.

    Attributes:
        start, end: the first word, and the one after the last.
        places: what they may mean; several when the words do not decide.
        outside: the name of a place outside the service area, when they name one; then there are
            no places.
        like: what else they may mean.
    """

    start: int
    end: int
    places: tuple[Place, ...]
    outside: str | None = None
    like: Likeness = Likeness.NOTHING

    def overlaps(self, other: Mention) -> bool:
        """Tell whether a word belongs to both."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: Mention) -> bool:
        """Tell whether all words of another mention belong to this one, and more."""
        inside = self.start <= other.start and other.end <= self.end
        return inside and self.end - self.start > other.end - other.start

    def until(self, end: int) -> Mention:
        """Return the mention with the words up to this one taken in."""
        return replace(self, end=max(self.end, end))
