"""What somebody means, whether they type, tap or share a place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Meaning:
    """What a turn means: an intent, and values by entity name."""

    intent: str
    values: Mapping[str, str] = field(default_factory=dict)

    def as_parse(self) -> dict[str, Any]:
        """Return it as Rasa's pipeline says what it is sure of."""
        return {
            "intent": {"name": self.intent, "confidence": 1.0},
            "entities": [{"entity": name, "value": it} for name, it in self.values.items()],
        }
