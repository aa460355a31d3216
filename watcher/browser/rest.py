"""When a page has come to rest."""

import time
from collections.abc import Callable
from typing import Literal, TypedDict

from playwright.sync_api import Page

from watcher.browser.recorder import Recorder
from watcher.pages.signals import SHIPPED, Signals

STEADY = 0.04
"""Seconds without a change that count as rest."""
NO_MARKER_PATIENCE = 1.5
"""Seconds that a page without the logged-in marker gets to show it after it has loaded."""
KNOWN_PATIENCE = 0.3
"""Seconds without a change that are rest for a page which comes whole, and is known by what it shows."""
NO_ANSWER_PATIENCE = 2.5
"""Seconds that a page gets to ask for its JSON once its rows are there."""
_POLL = 15
_LONGEST_PAUSE = 0.1
"""Seconds between two looks at a page that stands still."""
_PATIENCE = 200
"""Milliseconds that one question to the page may wait for its answer: nothing else is seen meanwhile."""
_STATE = """async ([marker, rows, skeletons, thread, loaded, error, wanted, patience, poll]) => {
  const visible = element => element.getClientRects().length > 0;
  const look = () => {
    const wrapper = document.querySelector(thread);
    return {
      marker: document.querySelector(marker) !== null,
      rows: document.querySelectorAll(rows).length,
      skeletons: [...document.querySelectorAll(skeletons)].filter(visible).length,
      items: wrapper === null ? 0 : wrapper.querySelectorAll(loaded).length,
      error: [...document.querySelectorAll(error)].some(visible),
      complete: document.readyState === 'complete',
      size: document.body === null ? 0 : document.body.getElementsByTagName('*').length,
    };
  };
  // Where a page has put something of its own in the place of its clock, it is asked again from outside instead.
  const ticks = typeof setTimeout === 'function' && Function.prototype.toString.call(setTimeout).includes('[native code]');
  for (let left = ticks ? patience / poll : 0; ; left -= 1) {
    const state = look();
    const shows = state[wanted] > 0 && state.skeletons === 0;
    if (shows || state.error || (state.complete && !state.marker) || left <= 0) return state;
    await new Promise(resolve => setTimeout(resolve, poll));
  }
}"""


class State(TypedDict):
    """What the page shows at one moment."""

    marker: bool
    rows: int
    skeletons: int
    items: int
    error: bool
    complete: bool
    size: int


def state_of(page: Page, signals: Signals = SHIPPED) -> State:
    """Look at the page once, without touching it."""
    return _state(page, signals, wanted="rows", patience=0)


def _state(page: Page, signals: Signals, *, wanted: Literal["rows", "items"], patience: float) -> State:
    """Look at the page until it shows what is wanted, or an end; after so many milliseconds as it stands then.

    The page looks by itself: a question from outside every few milliseconds takes the time that it needs to be built.
    """
    asked = [
        signals.marker,
        signals.rows,
        signals.skeletons,
        signals.thread,
        signals.thread_loaded,
        signals.error,
        wanted,
        patience,
        _POLL,
    ]
    state: State = page.evaluate(_STATE, asked)
    return state


def wait_for_rest(
    page: Page,
    recorder: Recorder,
    *,
    conversation: str | None,
    deadline: float,
    signals: Signals = SHIPPED,
    answered: Callable[[], bool] | None = None,
    meanwhile: Callable[[], object] = lambda: None,
    clock: Callable[[], float] = time.monotonic,
) -> bool:
    """Wait until the page shows what was asked for, its JSON is here and nothing moves any more.

    1. List: rows are there (for a conversation: its messages, too), no skeleton is visible, the JSON answer has arrived.
    2. A page without the logged-in marker that has loaded is a wall, and is at rest as it is.
    3. An error box is an answer as well.

    `answered` says whether the JSON answer has arrived; without it, that of the list, or of the conversation, is waited for.
    `meanwhile` is called once, when all is there and it only remains to be seen whether it stays so.

    Returns:
        False when the deadline (in the clock's seconds) came first.
    """
    begin = steady_since = clock()
    before: State | None = None
    called = False
    has_answer = answered or (
        recorder.has_list if conversation is None else lambda: recorder.has_thread(conversation)
    )
    wanted: Literal["rows", "items"] = "rows" if conversation is None else "items"
    while clock() < deadline:
        recorder.collect()
        state = _state(page, signals, wanted=wanted, patience=_PATIENCE)
        now = clock()
        if state != before:
            before, steady_since = state, now
        pause = _pause(now - steady_since)
        if _is_at_rest(
            state,
            recorder,
            answered=has_answer(),
            shown=state[wanted],
            since_begin=now - begin,
            since_change=now - steady_since,
        ):
            if now - steady_since >= STEADY:
                return True
            if not called:
                called = True
                meanwhile()
            pause = min(pause, max(steady_since + STEADY - clock(), 0))
        page.wait_for_timeout(pause * 1000)
    return False


def wait_for_silence(
    page: Page,
    *,
    deadline: float,
    known_by: str = ":not(*)",
    clock: Callable[[], float] = time.monotonic,
) -> bool:
    """Wait until a page that no layout knows has loaded and stands still for a while.

    A page that shows what it is `known_by` (a CSS selector) has to stand still for a shorter time: nothing of it is to come.

    Returns:
        False when the deadline (in the clock's seconds) came first.
    """
    steady_since, before = clock(), None
    while clock() < deadline:
        state = state_of(page)
        now = clock()
        if state != before:
            before, steady_since = state, now
        elif state["complete"] and not state["skeletons"]:
            patience = KNOWN_PATIENCE if page.locator(known_by).count() else NO_MARKER_PATIENCE
            if now - steady_since >= patience:
                return True
        page.wait_for_timeout(_pause(now - steady_since) * 1000)
    return False


def _pause(stood: float) -> float:
    """Return after how many seconds a page is looked at again that has stood still for so many.

    Each look takes some milliseconds of the processor; what comes late is noticed a tenth of its time later, at most.
    """
    return min(max(_POLL / 1000, stood / 10), _LONGEST_PAUSE)


def _is_at_rest(
    state: State, recorder: Recorder, *, answered: bool, shown: int, since_begin: float, since_change: float
) -> bool:
    if not state["marker"]:
        return state["complete"] and since_change >= NO_MARKER_PATIENCE and not recorder.waiting
    if state["skeletons"] or recorder.waiting:
        return False
    if answered and (shown or state["error"]):
        return True
    # Something is missing for good: an error is shown, or one of page and JSON never came.
    return (state["error"] or bool(shown) or answered) and since_begin >= NO_ANSWER_PATIENCE
