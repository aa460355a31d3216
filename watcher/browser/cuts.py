"""What stands whole in the page's own picture is cut from it, and need not be painted once more.

The places are asked for right before the picture and right after it. Only where both answers are the same does the picture show
what they say: a page may move at any moment, and is scrolled for what does not stand in it.
"""

import math
from dataclasses import dataclass
from importlib.resources import files
from typing import TypedDict

from playwright.sync_api import Error, FloatRect, Page

from watcher.browser.picture import PREVIEW_HEIGHT, THUMBNAIL_WIDTH, USUAL_VIEWPORT
from watcher.domain.picture_size import size_of
from watcher.pages.lossless import Box, Picture
from watcher.pages.signals import Signals

PARTS_SCRIPT = files(__package__).joinpath("parts.js").read_text(encoding="utf-8")
"""Says where the open thread and its cards stand in the window, and brings into view what does not fit."""
_STANDING = f"""selectors => {{
  const found = ({PARTS_SCRIPT.strip()})(selectors);
  return {{
    shown: found.shown,
    thread: document.querySelector(selectors[0]) !== null,
    width: window.innerWidth,
    height: window.innerHeight,
    page: document.documentElement.scrollHeight,
    scrolled: window.scrollX !== 0 || window.scrollY !== 0,
    moving: document.getAnimations().some(each => each.playState === 'running'),
  }};
}}"""


class _Place(TypedDict):
    clip: FloatRect
    whole: bool


class Standing(TypedDict):
    """Where the open thread and its cards stand at one moment, the thread first."""

    shown: list[_Place]
    thread: bool
    width: int
    height: int
    page: int
    scrolled: bool
    moving: bool


def standing(page: Page, signals: Signals, *, thread: bool) -> Standing | None:
    """Ask a page where things stand; with `thread` off as if it had no thread. `None`: it cannot tell."""
    selectors = [signals.thread, signals.cards] if thread else [":not(*)", ":not(*)"]
    try:
        told: Standing = page.evaluate(_STANDING, selectors)
    except Error:
        return None
    return told


@dataclass(frozen=True, slots=True)
class Cuts:
    """Parts of a picture. Each is `None` where it has to be painted for itself."""

    picture: Picture
    at: Standing

    def part(self, number: int, *, of: int) -> bytes | None:
        """Return the thread (0) or one of its cards as WebP; `of` so many of both there must have been."""
        shown = self.at["shown"]
        if len(shown) != of or not shown[number]["whole"]:
            return None
        try:
            return self.picture.webp(_box(shown[number]["clip"]))
        except _FAULTS:
            return None

    def preview(self) -> bytes | None:
        """Return a PNG of what matters: the thread's lower end, or the page's top where there is none."""
        return self._what_matters(None)

    def thumbnail(self) -> bytes | None:
        """Return the same part as a small PNG."""
        return self._what_matters(THUMBNAIL_WIDTH)

    def _what_matters(self, width: int | None) -> bytes | None:
        try:
            if not self.at["thread"]:
                usual = (0, 0, USUAL_VIEWPORT["width"], USUAL_VIEWPORT["height"])
                fits = self.at["width"] >= usual[2] and self.at["height"] >= usual[3]
                return self.picture.png(usual, width=width) if fits else None
            if not self.at["shown"] or not self.at["shown"][0]["whole"]:
                return None
            left, top, wide, tall = _box(self.at["shown"][0]["clip"])
            bottom = math.ceil(top + tall)
            lowest = min(bottom - math.floor(top), PREVIEW_HEIGHT)
            return self.picture.png((left, bottom - lowest, wide, lowest), width=width)
        except _FAULTS:
            return None


def cuts_of(picture: bytes, before: Standing | None, after: Standing | None) -> Cuts | None:
    """Return what can be cut from a PNG of the window that was taken between two moments; `None`: nothing at all."""
    if before is None or before != after or before["moving"] or before["scrolled"]:
        return None
    if before["page"] > before["height"] or size_of(picture) != (before["width"], before["height"]):
        return None
    try:
        return Cuts(Picture(picture), before)
    except _FAULTS:
        return None


def _box(clip: FloatRect) -> Box:
    return clip["x"], clip["y"], clip["width"], clip["height"]


_FAULTS = (ValueError, ArithmeticError, OSError, MemoryError)
"""What the picture library raises, and sums with what a page says of itself: then the browser paints the part."""
