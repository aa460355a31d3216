"""Photos that a page only loads once they come into view: each is scrolled to, and what the page then loads is waited for."""

import time
from collections.abc import Callable

from playwright.sync_api import Page

_MOST = 60
_LOOK = 80
"""Milliseconds for each photo: the page notices at its next frame what has come into view."""
_POLL = 50
_SCROLL_TO = """(number) => {
  const image = document.images[number];
  if (image !== undefined) image.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
}"""
_UNDER_WAY = (
    "() => [...document.images].filter(image => (image.currentSrc || image.src) && !image.complete).length"
)


def load_photos(page: Page, *, deadline: float, clock: Callable[[], float] = time.monotonic) -> bool:
    """Scroll to every photo of a page, the sideways ones included, and back to the top.

    Returns:
        Whether all that the page began to load had come before the deadline (in the clock's seconds).
    """
    for number in range(min(int(page.evaluate("document.images.length")), _MOST)):
        if clock() >= deadline:
            return False
        page.evaluate(_SCROLL_TO, number)
        page.wait_for_timeout(_LOOK)
    while page.evaluate(_UNDER_WAY):
        if clock() >= deadline:
            return False
        page.wait_for_timeout(_POLL)
    page.evaluate("window.scrollTo(0, 0)")
    return True
