"""Pictures of single elements, so that nothing is lost where a page is taller than a picture can be."""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypedDict

from playwright.sync_api import Error, FloatRect, JSHandle, Page

from watcher.browser.cuts import PARTS_SCRIPT, Cuts
from watcher.browser.refusal import asked_again
from watcher.domain.capture import CapturedFile, Role
from watcher.pages.signals import Signals

MOST_CARDS = 40
MOST_SLICES = 16
"""A thread as tall as that many windows is pictured whole; of a taller one the rest is said to be missing."""
_MILLISECONDS = 15_000
_SLIVER = 1.0


class _View(TypedDict):
    clip: FloatRect | None
    """What can be seen of the element, in the window."""
    end: float
    """How far down the element has been seen then, in pixels from its top."""
    height: float


class _Shown(TypedDict):
    clip: FloatRect
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The pictures that were taken, and what could not be."""

    files: tuple[CapturedFile, ...] = ()
    missing: tuple[str, ...] = ()


def take_parts(
    page: Page,
    signals: Signals,
    *,
    cuts: Cuts | None = None,
    most_slices: int = MOST_SLICES,
    deadline: float = math.inf,
) -> Parts:
    """Picture each payment card of the open thread, and the thread; nothing where none is open.

    What can be cut from the page's own picture is not painted once more.
    What does not fit into the window is scrolled into it, slice by slice: scrolling is the only gesture. It is left where the
    last slice ended, so this comes last of all that is taken of a page. Nothing further is painted after the deadline (in
    `time.monotonic` seconds).
    """
    found = page.evaluate_handle(PARTS_SCRIPT, [signals.thread, signals.cards])
    shown: list[_Shown] = page.evaluate("found => found.shown", found)
    if not shown:
        return Parts()
    left_out = max(len(shown) - 1 - MOST_CARDS, 0)
    missing = [f"part: the first {left_out} cards"] if left_out else []
    wanted = {
        f"card-{number}" if number else "thread": number
        for number in range(len(shown))
        if number == 0 or number > left_out
    }
    pictures: list[CapturedFile] = []
    # First what needs no scrolling; the thread comes last of the others, for it is scrolled the farthest.
    for label in sorted(wanted, key=lambda label: (not shown[wanted[label]]["whole"], -wanted[label])):
        number = wanted[label]
        try:
            if cuts is not None and (cut := cuts.part(number, of=len(shown))):
                pictures.append(_part(cut, label))  # takes no time of the visit
            elif time.monotonic() >= deadline:
                missing.append(f"part {label}: the visit had no time left")
            elif shown[number]["whole"]:
                pictures.append(_part(_picture(page, shown[number]["clip"]), label))
            else:
                slices = list(_slices(page, found, number, most_slices, deadline))
                pictures.extend(_labelled(slices, label))
                if not slices or not slices[-1][1]:
                    missing.append(f"part {label}: its end")
        except Error as error:
            missing.append(f"part {label}: {reason_of(error)}")
    return Parts(files=tuple(sorted(pictures, key=_order)), missing=tuple(missing))


def reason_of(error: Exception) -> str:
    """Return an error in one line, without Playwright's call log."""
    message = str(getattr(error, "message", "") or error)
    return (message.splitlines() or [""])[0].strip() or type(error).__name__


def _slices(
    page: Page, found: JSHandle, number: int, most: int, deadline: float
) -> Iterator[tuple[bytes, bool]]:
    """Yield pictures of an element from its top to its end, and whether its end is reached."""
    seen = 0.0
    for _ in range(most):
        if time.monotonic() >= deadline:
            return
        view: _View = page.evaluate(
            "([found, number, seen]) => found.reveal(found.elements[number], seen)", [found, number, seen]
        )
        if view["clip"] is None or view["end"] <= seen + _SLIVER / 2:
            return
        seen = view["end"]
        is_end = seen >= view["height"] - _SLIVER
        yield _picture(page, view["clip"]), is_end
        if is_end:
            return


@asked_again
def _picture(page: Page, clip: FloatRect) -> bytes:
    left, top = math.floor(clip["x"]), math.floor(clip["y"])
    whole: FloatRect = {
        "x": left,
        "y": top,
        "width": max(math.ceil(clip["x"] + clip["width"]) - left, 1),
        "height": max(math.ceil(clip["y"] + clip["height"]) - top, 1),
    }
    return page.screenshot(
        type="webp", clip=whole, animations="disabled", caret="hide", timeout=_MILLISECONDS
    )


def _labelled(slices: list[tuple[bytes, bool]], label: str) -> Iterator[CapturedFile]:
    for number, (picture, _) in enumerate(slices, start=1):
        yield _part(picture, f"{label}-{number}" if len(slices) > 1 else label)


def _part(picture: bytes, label: str) -> CapturedFile:
    return CapturedFile(role=Role.PART, media_type="image/webp", content=picture, label=label)


def _order(file: CapturedFile) -> tuple[str, list[int]]:
    name, *numbers = file.label.split("-")
    return name, [int(number) for number in numbers]
