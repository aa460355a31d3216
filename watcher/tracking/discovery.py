"""Finds the sources: every module of this package with a constant `SOURCE` is one."""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import watcher.tracking
from watcher.tracking.source import SourceKind


@cache
def sources() -> Mapping[str, SourceKind]:
    """Return all kinds of sources by name, sorted.

    A module that cannot be imported fails loudly here: a source that vanishes in silence would be a parcel that
    nobody follows.

    Raises:
        ValueError: two modules claim one name.
    """
    found: dict[str, SourceKind] = {}
    for module in pkgutil.iter_modules(watcher.tracking.__path__):
        kind = getattr(importlib.import_module(f"{watcher.tracking.__name__}.{module.name}"), "SOURCE", None)
        if not isinstance(kind, SourceKind):
            continue
        if kind.name in found:
            raise ValueError(f"two sources are called {kind.name!r}, one of them in {module.name}.py")
        found[kind.name] = kind
    return MappingProxyType(dict(sorted(found.items())))
