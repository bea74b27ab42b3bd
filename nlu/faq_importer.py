"""Lets a question of the FAQ live in one file a language.

Every intent found in a training file called faq_*.yml joins the domain and gets the rule that the
FAQ action answers it, so that nobody has to name it anywhere else.
"""

from __future__ import annotations

import re
from pathlib import Path

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.rasa import RasaFileImporter

FAQ_ACTION = "action_faq"
_INTENT_LINE = re.compile(r"^\s*- intent: (faq_\w+)\s*$", re.MULTILINE)


def faq_intents(files: list[str]) -> list[str]:
    """Return the intents of those of the files that are called faq_*.yml, each once, sorted."""
    return sorted(
        {
            intent
            for file in files
            if Path(file).name.startswith("faq_")
            for intent in _INTENT_LINE.findall(Path(file).read_text(encoding="utf-8"))
        }
    )


class FaqImporter(RasaFileImporter):
    """Rasa's own importer, with the FAQ added to the domain and the rules."""

    def get_domain(self) -> Domain:
        """Return the domain with every FAQ intent."""
        intents = faq_intents(self._nlu_files)
        return super().get_domain().merge(Domain.from_dict({"intents": intents}))

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """Return the rules with one for each FAQ intent."""
        rules = [
            {"rule": intent, "steps": [{"intent": intent}, {"action": FAQ_ACTION}]}
            for intent in faq_intents(self._nlu_files)
        ]
        steps = YAMLStoryReader(self.get_domain()).read_from_parsed_yaml(
            {"version": "3.1", "rules": rules}
        )
        return super().get_stories(exclusion_percentage).merge(StoryGraph(steps))
