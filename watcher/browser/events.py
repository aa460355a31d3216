"""What a browser tells while it works, heard at little cost."""

from collections.abc import Callable
from inspect import Parameter, Signature
from typing import Any, Protocol


class _Teller(Protocol):
    """A page, a socket or a line to the browser's own protocol."""

    def on(self, event: Any, f: Callable[[Any], None]) -> None: ...


class _Listener:
    """Says by itself that it takes one argument.

    Playwright finds out anew for each event how many its handler takes: for a method that is a tenth of a millisecond, more
    than most of ours need themselves, and a page brings hundreds.
    """

    __signature__ = Signature([Parameter("event", Parameter.POSITIONAL_ONLY)])

    def __init__(self, handler: Callable[[Any], None]) -> None:
        self._handler = handler

    def __call__(self, event: Any, /) -> None:
        self._handler(event)


def listen(teller: _Teller, event: str, handler: Callable[[Any], None]) -> None:
    """Have a handler called with whatever each of these events brings, for as long as the one who tells them lives."""
    teller.on(event, _Listener(handler))
