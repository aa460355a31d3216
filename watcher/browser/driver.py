"""Playwright's driver, the process that starts browsers and speaks with them.

It takes a third of a second to start, in which other things can be done: whoever will need a browser begins it first of all.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from platformdirs import user_cache_path
from playwright.sync_api import Playwright, sync_playwright

_begun: list[Playwright] = []
launching, ending = threading.Event(), threading.Event()
"""Set as soon as a browser is being started, and as soon as one is being ended: while that takes its time, there is time for
other things."""


def begin() -> None:
    """Start a driver for the first block that needs one; what keeps it from starting is told there."""
    with suppress(Exception):
        _begun.append(_started())


def let_go() -> None:
    """Stop the driver that was begun, where nobody has needed it."""
    while _begun:
        _begun.pop().stop()


@contextmanager
def driving() -> Iterator[Playwright]:
    """Have a driver for the length of the block: the one that was begun, else a new one."""
    playwright = _begun.pop() if _begun else _started()
    try:
        yield playwright
    finally:
        playwright.stop()


def _started() -> Playwright:
    """Start a driver, which is a program for Node: what Node has compiled of it once, it finds again. That saves a third."""
    os.environ.setdefault("NODE_COMPILE_CACHE", str(user_cache_path("stornowacht") / "driver"))
    return sync_playwright().start()
