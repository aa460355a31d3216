"""A visit by hand under the same bound on memory as one that the daemon starts: there nobody else looks at its browser."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from watcher.errors import BrowserError
from watcher.texts.language import _

if TYPE_CHECKING:
    from watcher.app.ports import Visit, Visitor
    from watcher.bootstrap import House

_LOOK = 1.0
"""Seconds between two looks, as the daemon takes them."""
_GRACE = 5.0


class TooMuchMemoryError(BrowserError):
    """The browser took more memory than it may, and was ended; nothing of that visit is remembered."""


@contextmanager
def visiting(our: "House", *, by_hand: bool) -> Iterator["Visitor"]:
    """Have somebody who visits the site, for the length of the block; what the daemon starts it bounds itself."""
    with our.visitor() as visitor:
        yield _Bounded(visitor, our.config.browser.memory_bytes) if by_hand else visitor


@dataclass(frozen=True, slots=True)
class _Bounded:
    """A visitor whose browser is ended when this process, the driver and the browser hold more than that together."""

    _visitor: "Visitor"
    _bytes: int

    def visit(self, account: str) -> AbstractContextManager["Visit"]:
        """Start a browser as the visitor does.

        Raises:
            TooMuchMemoryError: at the end of the block, where the browser was ended; without it nothing can be read.
        """
        return self._visit(account)

    @contextmanager
    def _visit(self, account: str) -> Iterator["Visit"]:
        lookout = _Lookout(self._bytes)
        try:
            with self._visitor.visit(account) as visit, lookout.looking():
                yield visit
        except Exception as error:
            if lookout.has_ended_it:
                raise _too_much() from error
            raise
        if lookout.has_ended_it:
            raise _too_much()


class _Lookout:
    """A thread that looks at the memory every second."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._over = threading.Event()
        self.has_ended_it = False

    @contextmanager
    def looking(self) -> Iterator[None]:
        thread = threading.Thread(target=self._look, name="memory", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()

    def _look(self) -> None:
        from watcher.daemon.family import Family  # noqa: PLC0415 - here no visit waits for it

        family = Family()
        family.begin_here()
        while not self._over.wait(_LOOK):
            family.look()
            if family.memory() > self._most:
                self.has_ended_it = True
                family.end_browsers(grace=_GRACE)
                return


def _too_much() -> TooMuchMemoryError:
    return TooMuchMemoryError(
        _("The browser took more memory than [browser] memory allows, and was ended."),
        advice=_("Try again. If it happens often, allow it more: [browser] memory in your config."),
    )
