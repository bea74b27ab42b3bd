"""Lets Rasa be imported without TensorFlow, which only the training of its own models needs.

Rasa 3.6.21 imports it on two ways that have no end in our pipeline: the callbacks and batches with
which its neural networks are trained, and the validator of the training's graph, whose name stands
in every model. TensorFlow takes about 365 MB and 3.3 s of the processor's time at every start.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

_LEFT_OUT = {
    "rasa.utils.tensorflow.callback": ("RasaTrainingLogger", "RasaModelCheckpoint"),
    "rasa.utils.tensorflow.data_generator": ("RasaBatchDataGenerator",),
    "rasa.graph_components.validators.default_recipe_validator": ("DefaultV1RecipeValidator",),
}
"""The classes that stand on these ways, by their modules."""


def leave_out_tensorflow() -> None:
    """Put empty modules in the place of those that import TensorFlow.

    To be called before Rasa is imported, in a process that trains nothing; what is there already
    stays.
    """
    for name, classes in _LEFT_OUT.items():
        module = ModuleType(name)
        for its in classes:
            setattr(module, its, type(its, (_LeftOut,), {}))
        sys.modules.setdefault(name, module)


class _LeftOut:
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise RuntimeError("TensorFlow was left out of this process, which trains nothing.")
