"""What every carrier's module beside this one knows: the shapes of its numbers, and the words that name it.

A module is a carrier's when it has the constants `SHAPES` and `WORDS`; its name is the carrier's id. A new one is found by
itself. Each says where its shapes were read.
"""

import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from functools import cache
from types import ModuleType

import watcher.carriers.numbers as package
from watcher.carriers.numbers.shape import Shape


@cache
def all_shapes() -> Sequence[Shape]:
    """Return the shapes of all carriers, the surest first; what cannot be mistaken comes before mere digits."""
    found = (shape for module in _modules().values() for shape in module.SHAPES)
    return tuple(sorted(found, key=lambda shape: (shape.alone.rank, not shape.marked, shape.carrier)))


@cache
def all_words() -> Mapping[str, str]:
    """Return for each carrier's id the expression, to be used without regard to case, for the words that name it in a text."""
    return {name: module.WORDS for name, module in _modules().items()}


@cache
def _modules() -> Mapping[str, ModuleType]:
    names = (module.name for module in pkgutil.iter_modules(package.__path__))
    modules = {name: importlib.import_module(f"{package.__name__}.{name}") for name in sorted(names)}
    return {name: module for name, module in modules.items() if hasattr(module, "SHAPES")}
