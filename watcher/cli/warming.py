"""Getting ready while the browser starts: what a check imports and compiles once, it does then.

A process that checks once would else spend a good part of its time on that, with the browser standing by.
"""

import threading
from contextlib import suppress


def warm_up() -> threading.Thread:
    """Begin to import what a check needs and to read two invented pages, in a thread of its own, which ends by itself."""
    thread = threading.Thread(target=_get_ready, name="warm-up", daemon=True)
    thread.start()
    return thread


def _get_ready() -> None:
    with suppress(Exception):  # what is wrong with any of these shows where they are used in earnest
        import watcher.app.check_account  # noqa: PLC0415
        import watcher.browser.visitor  # noqa: PLC0415
        import watcher.cli.report  # noqa: F401, PLC0415
        from watcher.app.invented_pages import read_invented_pages  # noqa: PLC0415

        read_invented_pages()
