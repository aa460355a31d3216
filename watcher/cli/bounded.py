"""A visit by hand under the same bounds as one that the daemon starts: there nobody else looks at its browser."""

import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from watcher.domain.outcome import Cause
from watcher.errors import BrowserError
from watcher.texts.language import _

if TYPE_CHECKING:
    from watcher.app.ports import Visit, Visitor
    from watcher.bootstrap import House
    from watcher.daemon.family import Family

_LOOK = 1.0
"""Seconds between two looks, as the daemon takes them."""
_GRACE = 5.0


class BrowserEndedError(BrowserError):
    """The browser took more than it may, and was ended; nothing of that visit is remembered."""

    def __init__(self, message: str, *, advice: str, reason: str, cause: Cause) -> None:
        super().__init__(message, advice=advice)
        self.reason, self.cause = reason, cause


@contextmanager
def visiting(our: "House", *, by_hand: bool) -> Iterator["Visitor"]:
    """Have somebody who visits the site, for the length of the block; what the daemon starts it bounds itself."""
    browser = our.config.browser
    with our.visitor() as visitor:
        yield Bounded(visitor, browser.memory_bytes, browser.check_seconds) if by_hand else visitor


@contextmanager
def begun(visitor: "Visitor", account: str) -> Iterator["Visitor"]:
    """Begin a visit now, for whoever asks for it within the block; the browser ends with that one's visit."""
    with ExitStack() as stack:
        visit = stack.enter_context(visitor.visit(account))
        yield _Begun(visit, stack)


@dataclass(frozen=True, slots=True)
class _Begun:
    _begun: "Visit"
    _stack: ExitStack

    @contextmanager
    def visit(self, account: str) -> Iterator["Visit"]:  # noqa: ARG002 - a visit has one
        with self._stack:
            yield self._begun


@dataclass(frozen=True, slots=True)
class Bounded:
    """A visitor whose browser is ended when it is over one of its bounds: a browser that hangs answers nobody else."""

    _visitor: "Visitor"
    _bytes: int
    """How much this process, the driver and the browser may hold together."""
    _seconds: float

    def visit(self, account: str) -> AbstractContextManager["Visit"]:
        """Start a browser as the visitor does.

        Raises:
            BrowserEndedError: at the end of the block, where the browser was ended; without it nothing can be read.
        """
        return self._visit(account)

    @contextmanager
    def _visit(self, account: str) -> Iterator["Visit"]:
        lookout = _Lookout(self._bytes, self._seconds)
        with lookout.looking():
            try:
                with self._visitor.visit(account) as visit:
                    yield visit
            except Exception as error:
                if lookout.has_ended_it is not None:
                    raise _ended(lookout.has_ended_it) from error
                raise
        if lookout.has_ended_it is not None:
            raise _ended(lookout.has_ended_it)


class _Lookout:
    """A thread that looks at memory and clock every second."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most, self._end = most, time.monotonic() + seconds
        self._over = threading.Event()
        self.has_ended_it: Cause | None = None

    @contextmanager
    def looking(self) -> Iterator[None]:
        thread = threading.Thread(target=self._look, name="lookout", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()

    def _look(self) -> None:
        if self._over.wait(_LOOK):  # whatever is done at once keeps the browser from starting
            return
        from watcher.daemon.family import Family  # noqa: PLC0415 - here no visit waits for it

        family = Family()
        family.begin_here()
        while not self._over.wait(_LOOK):
            family.look()
            if family.memory() > self._most:
                self.has_ended_it = Cause.TOO_MUCH_MEMORY
            elif time.monotonic() > self._end:
                self.has_ended_it = Cause.TOOK_TOO_LONG
            else:
                continue
            self._end_it(family)
            return

    def _end_it(self, family: "Family") -> None:
        """End the browser, and look again until the visit is over: there may be no browser yet, or one that starts another.

        A driver whose browser goes before it has answered once would wait for it for a minute more; it has a grace.
        """
        patience = time.monotonic() + _GRACE
        family.end_browsers(grace=_GRACE)
        while not self._over.wait(_LOOK):
            if time.monotonic() > patience:
                family.end_others(grace=_GRACE)
            else:
                family.end_browsers(grace=_GRACE)


def _ended(cause: Cause) -> BrowserEndedError:
    if cause is Cause.TOO_MUCH_MEMORY:
        return BrowserEndedError(
            _("The browser took more memory than [browser] memory allows, and was ended."),
            advice=_("Try again. If it happens often, allow it more: [browser] memory in your config."),
            reason="too_much_memory",
            cause=cause,
        )
    return BrowserEndedError(
        _("The browser took longer than a check may last, and was ended."),
        advice=_("Try again. If it happens often, see what `stornowacht doctor` says."),
        reason="ended_at_deadline",
        cause=cause,
    )
