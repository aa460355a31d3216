"""What the contract suite needs to know about a channel in order to try it for real.

Each channel `x` has a file ``bench_x.py`` beside this one, with a function ``bench(folder, environment)`` that yields
a `Bench`: a context manager, so that it can start and stop what the channel talks to.
"""

import importlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest


@dataclass(frozen=True)
class Bench:
    """A channel's opposite number, alive, and a dead one.

    Attributes:
        settings: Leads to the living one.
        arrived: What has arrived there so far, as text.
        die: Kills it, or leads elsewhere: from now on nothing is taken.
        press: Presses the button of that label on what arrived last, as a person would; None: it has no buttons
            that answer.
    """

    settings: Mapping[str, Any]
    arrived: Callable[[], list[str]]
    die: Callable[[], None]
    press: Callable[[str], None] | None = None


MakeBench = Callable[[Path, pytest.MonkeyPatch], AbstractContextManager[Bench]]


def bench_of(channel: str) -> MakeBench:
    """The bench of a channel.

    Raises:
        LookupError: It has none, so nobody knows whether it keeps its promises.
    """
    try:
        module = importlib.import_module(f"tests.notifiers.bench_{channel}")
    except ModuleNotFoundError as error:
        raise LookupError(
            f"channel {channel!r} has no tests/notifiers/bench_{channel}.py: the contract cannot be tried"
        ) from error
    make: MakeBench = module.bench
    return make
