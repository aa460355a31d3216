"""A head start for the command that visits: what else a check needs is imported and compiled while others are still starting.

What starts the browser is imported while Playwright's driver starts; what visits is imported and compiled while the browser
does, and what tells of it while the browser ends. One after the other they would cost each check half a second, with nobody
doing anything for most of it.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module

_VISITING = "check"
_TO_START = ("watcher.config_file", "watcher.bootstrap", "watcher.browser.visitor")
_TO_VISIT = ("watcher.app.check_account", "watcher.browser.visit")
_TO_TELL = ("watcher.storage.writing", "rfc8785", "watcher.app.anchor", "watcher.app.round")
"""In the order in which they are needed: before the browser, beside its start, and beside its end. Nothing of the command
line: it chooses its words when it is imported, and the language is not known yet."""


@contextmanager
def head_start(arguments: Sequence[str]) -> Iterator[None]:
    """Begin the driver if these arguments ask for a visit; at the end of the block it is gone, needed or not."""
    if _VISITING not in arguments[:1]:
        yield
        return
    from watcher.browser import driver  # noqa: PLC0415 - 0.1 s that other commands do not need

    threading.Thread(target=_get_ready, name="head-start", daemon=True).start()
    driver.begin()
    try:
        yield
    finally:
        driver.let_go()


def _get_ready() -> None:
    with suppress(Exception):  # what is wrong with any of these shows where they are used in earnest
        for module in _TO_START:
            import_module(module)
        from watcher.browser import driver  # noqa: PLC0415

        driver.launching.wait()  # anything else sooner would only keep the browser waiting
        for module in _TO_VISIT:
            import_module(module)
        from watcher.app.invented_pages import read_invented_pages  # noqa: PLC0415

        read_invented_pages()
        driver.ending.wait()
        for module in _TO_TELL:
            import_module(module)
