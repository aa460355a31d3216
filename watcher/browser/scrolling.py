"""Scrolls the conversation list, so that the page loads what follows: scrolling is the only gesture."""

import time
from collections.abc import Callable

from playwright.sync_api import Page

from watcher.browser.recorder import Recorder
from watcher.browser.rest import state_of
from watcher.pages.signals import Signals

_MOST_PAGES = 40
_GROWTH_PATIENCE = 1.0
_POLL = 40


def scroll_through_list(
    page: Page,
    recorder: Recorder,
    signals: Signals,
    *,
    enough: Callable[[], bool],
    deadline: float,
    visit_deadline: float,
) -> None:
    """Scroll to the list's end again and again, until enough of its pages are loaded or nothing more comes.

    Args:
        page: the page with the list.
        recorder: who hears what it loads.
        signals: by which marks its rows are known.
        enough: whether what was heard so far is enough.
        deadline: after this nothing further is asked for, in `time.monotonic` seconds.
        visit_deadline: after this nothing further is waited for.
    """
    for _ in range(_MOST_PAGES):
        rows = state_of(page, signals)["rows"]
        if enough() or not rows or time.monotonic() >= deadline:
            return
        page.locator(signals.rows).last.scroll_into_view_if_needed()
        if not _grew(page, recorder, signals, rows, visit_deadline):
            return


def _grew(page: Page, recorder: Recorder, signals: Signals, rows: int, visit_deadline: float) -> bool:
    patience = time.monotonic() + _GROWTH_PATIENCE
    while time.monotonic() < patience or recorder.waiting:
        recorder.collect()
        if state_of(page, signals)["rows"] > rows and not recorder.waiting:
            return True
        if time.monotonic() >= visit_deadline:
            return False
        page.wait_for_timeout(_POLL)
    return False
