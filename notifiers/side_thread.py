"""Asynchronous libraries behind a plain call."""

import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")

# How long after its limit a piece of work may take to clean up before it is left to itself.
_GRACE_SECONDS = 1.0


def run(work: Callable[[], Coroutine[Any, Any, T]], *, seconds: float) -> T:
    """The result of `work`, run on an event loop of its own in a thread of its own.

    So it can be called from anywhere, from within a running event loop, too, which it then blocks. The thread
    cannot keep the process alive, even if something in it hangs without ever awaiting.

    Raises:
        TimeoutError: It was not done within `seconds`.
        Exception: Whatever `work` raises.
    """
    import asyncio  # noqa: PLC0415  slow to import, and many a process delivers nothing

    outcome: Future[T] = Future()

    def body() -> None:
        try:
            outcome.set_result(asyncio.run(asyncio.wait_for(work(), seconds)))
        except BaseException as error:  # noqa: BLE001  handed to the caller, whatever it is
            outcome.set_exception(error)

    threading.Thread(target=body, name="notifiers-side-thread", daemon=True).start()
    return outcome.result(timeout=seconds + _GRACE_SECONDS)
