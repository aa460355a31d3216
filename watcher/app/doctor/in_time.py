"""Examinations side by side, each with a time limit: one that hangs or breaks down becomes a line of its own."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass
from typing import TypeVar

from watcher.app.doctor.finding import Finding, bad, warn
from watcher.errors import StornowachtError
from watcher.texts.fill import one_line
from watcher.texts.language import _

T = TypeVar("T")
SECONDS = 12.0
_LONGEST_WORDS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """One examination; `make` may do input and output, may raise, and may take `seconds`."""

    name: str
    make: Callable[[], Sequence[Finding]]
    seconds: float = SECONDS


def begin(work: Callable[[], T]) -> "Future[T]":
    """Start work in a thread that cannot keep the process alive."""
    outcome: Future[T] = Future()

    def body() -> None:
        try:
            outcome.set_result(work())
        except BaseException as error:  # noqa: BLE001 - handed on, whatever it is: the doctor is called when things break
            outcome.set_exception(error)

    threading.Thread(target=body, name="doctor", daemon=True).start()
    return outcome


def examined(examinations: Sequence[Examination]) -> Iterator[Finding]:
    """Make all examinations at the same time; yields what each found, in their order. Raises nothing."""
    start = time.monotonic()
    begun = [(examination, begin(examination.make)) for examination in examinations]
    for examination, outcome in begun:
        wait([outcome], timeout=max(start + examination.seconds - time.monotonic(), 0))
        yield from _found(examination, outcome)


def _found(examination: Examination, outcome: "Future[Sequence[Finding]]") -> Sequence[Finding]:
    if not outcome.done():
        said = _("not done after {seconds:.0f} seconds").format(seconds=examination.seconds)
        return [warn(examination.name, said, _("Try again. If it stays so, whatever is asked there hangs."))]
    error = outcome.exception()
    if error is None:
        return outcome.result()
    return [fault(examination.name, error)]


def fault(name: str, error: BaseException) -> Finding:
    """Return what a fault means: one for the user in its own words, any other by its kind."""
    if isinstance(error, StornowachtError):
        return bad(name, error.message, error.advice)
    told = one_line(f"{type(error).__name__}: {error}", limit=_LONGEST_WORDS)
    return bad(
        name,
        _("could not be examined: {reason}").format(reason=told),
        _("What the other lines say still holds."),
    )
