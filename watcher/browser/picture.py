"""The picture of a whole page, with what its inner scrollers hide."""

import base64
from typing import Literal, TypedDict

from playwright.sync_api import CDPSession, Error, FloatRect, Page, ViewportSize

from watcher.browser.refusal import asked_again

USUAL_VIEWPORT: ViewportSize = {"width": 1280, "height": 900}
TALLEST_WEBP = 16_383
"""Pixels. A taller WebP comes out empty and without an exception (Playwright 1.65)."""
TALLEST_VIEWPORT = 16_000
"""Pixels. Beyond this Chromium paints blank areas; what does not fit is counted and said."""
PREVIEW_HEIGHT = 900
THUMBNAIL_WIDTH = 320
PATIENCE = 30_000
LITTLE_PATIENCE = 2_000
"""Milliseconds. A page that still trickles in is not painted before its end, and that may never come."""
_ROUNDS = 3
_HIDDEN = """(part) => {
  const shown = part && document.querySelector(part);
  const matters = element => !shown || shown.contains(element) || element.contains(shown);
  let most = document.documentElement.scrollHeight - window.innerHeight;
  for (const element of [...document.querySelectorAll('*')].filter(matters)) {
    const hidden = element.scrollHeight - element.clientHeight;
    if (hidden > most && element.clientHeight > 60) {
      const flow = getComputedStyle(element).overflowY;
      if (flow === 'auto' || flow === 'scroll') most = hidden;
    }
  }
  return Math.max(0, Math.ceil(most));
}"""


_SHOWN = """() => ({
  complete: document.readyState === 'complete',
  height: document.documentElement.scrollHeight,
  window: window.innerHeight,
  width: window.innerWidth,
})"""


class _Shown(TypedDict):
    complete: bool
    height: int
    window: int
    width: int


def open_up(page: Page, part: str = "") -> int:
    """Make the window so tall that nothing scrolls any more; a taller window changes nothing in the page itself.

    With the selector of a `part` that is there, only as tall as that part needs: what stands beside it may load more and
    more for a taller window, and nobody asked for that.

    Returns:
        How many pixels stay hidden because the page is taller than a picture can be.
    """
    hidden = 0
    for _ in range(_ROUNDS):
        hidden = int(page.evaluate(_HIDDEN, part))
        height = (page.viewport_size or USUAL_VIEWPORT)["height"]
        if hidden == 0 or height >= TALLEST_VIEWPORT:
            break
        taller = min(height + hidden, TALLEST_VIEWPORT)
        page.set_viewport_size({"width": USUAL_VIEWPORT["width"], "height": taller})
    return hidden


def take_picture(
    page: Page, *, session: CDPSession | None = None, milliseconds: int = PATIENCE
) -> tuple[bytes, str]:
    """Return a lossless picture of the page as it stands, and its media type; empty bytes when none could be taken.

    With a `session` the picture of a page that has loaded and fits into its window is a quick PNG: half the time, twice the
    bytes (`watcher.pages.lossless` brings them down). The session knows no patience, so nothing else is asked of it.
    """
    shown: _Shown = page.evaluate(_SHOWN)
    height = shown["height"]
    if session is not None and shown["complete"] and height <= shown["window"]:
        return _quick(session, shown["width"], shown["window"]), "image/png"
    kind: Literal["webp", "png"] = "webp" if height <= TALLEST_WEBP else "png"
    picture = _whole(page, kind, milliseconds)
    if not picture and kind == "webp":
        picture, kind = _whole(page, "png", milliseconds), "png"
    return picture, f"image/{kind}"


@asked_again
def _quick(session: CDPSession, width: int, height: int) -> bytes:
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
    wish = {"format": "png", "optimizeForSpeed": True, "clip": clip, "captureBeyondViewport": False}
    return base64.b64decode(session.send("Page.captureScreenshot", wish)["data"])


@asked_again
def _whole(page: Page, kind: Literal["webp", "png"], milliseconds: int) -> bytes:
    return page.screenshot(
        type=kind, full_page=True, animations="disabled", caret="hide", timeout=milliseconds
    )


@asked_again
def take_preview(page: Page, selector: str, *, milliseconds: int = PATIENCE) -> bytes:
    """Return a PNG of the lower end of an element, where a thread's latest card stands; of the page's top without it."""
    clip = _what_matters(page, selector)
    return page.screenshot(type="png", clip=clip, animations="disabled", caret="hide", timeout=milliseconds)


@asked_again
def take_thumbnail(page: Page, session: CDPSession, selector: str) -> bytes:
    """Return the same part as a small PNG."""
    clip = _what_matters(page, selector)
    clip_of_page = {
        "x": clip["x"] + page.evaluate("scrollX"),
        "y": clip["y"] + page.evaluate("scrollY"),
        "width": clip["width"],
        "height": clip["height"],
        "scale": min(1, THUMBNAIL_WIDTH / clip["width"]),
    }
    taken = session.send("Page.captureScreenshot", {"format": "png", "clip": clip_of_page})
    return base64.b64decode(taken["data"])


def _what_matters(page: Page, selector: str) -> FloatRect:
    """Return where in the window the lower end of an element stands; if it stands outside, it is scrolled into it."""
    usual: FloatRect = {"x": 0, "y": 0, **USUAL_VIEWPORT}
    found = page.locator(selector)
    box = found.first.bounding_box() if found.count() else None
    if box is None or box["width"] < 1 or box["height"] < 1:
        return usual
    window = page.viewport_size or USUAL_VIEWPORT
    if not 0 < box["y"] + box["height"] <= window["height"]:
        found.first.evaluate("element => element.scrollIntoView({block: 'end', behavior: 'instant'})")
        box = found.first.bounding_box() or usual
    bottom = min(box["y"] + box["height"], window["height"])
    top = max(box["y"], bottom - PREVIEW_HEIGHT, 0)
    return {"x": box["x"], "y": top, "width": box["width"], "height": bottom - top}


def try_picture(
    page: Page, *, session: CDPSession | None = None, milliseconds: int = PATIENCE
) -> tuple[bytes, str]:
    """Take the picture of a page in trouble; a browser that cannot even do that gives none."""
    try:
        return take_picture(page, session=session, milliseconds=milliseconds)
    except Error:
        return b"", "image/webp"
