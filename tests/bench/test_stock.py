"""The stock set-up, as far as it can be seen without training it."""

from __future__ import annotations

import yaml

from tests.bench.stock import DEFAULTS, EPOCHS, stock_config


def test_stock_differs_from_the_defaults_in_the_importer_and_the_epochs_only() -> None:
    defaults = yaml.safe_load(DEFAULTS.read_text(encoding="utf-8"))
    config = stock_config()
    assert config.pop("importers") == [{"name": "nlu.faq_importer.FaqImporter"}]
    trained = [it for it in (*defaults["pipeline"], *defaults["policies"]) if "epochs" in it]
    assert {it["name"] for it in trained} == {
        *("DIETClassifier", "ResponseSelector", "UnexpecTEDIntentPolicy", "TEDPolicy")
    }
    for part in trained:
        part["epochs"] = EPOCHS
    assert config == defaults
