"""The darkroom: pictures become PNG, with black over what must not be read, cut into pieces that fit on paper. No browser is needed."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from watcher.app.press import Piece
from watcher.pages import lossless
from watcher.pages.lossless import Picture

_MARGIN = 2
"""Pixels around a text's rectangle that are covered, too: letters lean out of theirs."""
_SLACK = 2
"""Pixels of its map by which a picture may be taller or shorter: both are rounded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle in the pixels of a picture."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Blackening:
    """What is to be covered in a picture, in the pixels of a map of that size."""

    width: float
    height: float
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutting:
    """How a tall picture is cut into pieces: as parts of its own width, so that it can be printed at any size.

    A cut is moved up, by a quarter of the piece at most, to a row of pixels in which nothing is drawn.
    """

    first: float
    """The height of the first piece, in widths."""
    others: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Developed:
    """A picture as a PNG, and the pieces it was cut into."""

    whole: Path
    width: int
    height: int
    pieces: tuple[Piece, ...]


class DarkroomFault(Exception):  # noqa: N818 - told to the seller where the picture would be
    """A picture could not be made; the reason is one line."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def develop(
    picture: bytes,
    *,
    media_type: str,
    target: Path,
    cutting: Cutting | None = None,
    blackening: Blackening | None = None,
) -> Developed:
    """Make a PNG of a picture, pixel by pixel the same but for what is covered, and cut it into pieces.

    What was covered is read back from the finished PNG: every pixel of every rectangle is black.

    Args:
        picture: a browser's picture of a page.
        media_type: what it is.
        target: where the PNG goes; the pieces lie beside it.
        cutting: how to cut it; `None`: not at all.
        blackening: what to cover.

    Raises:
        DarkroomFault: it is no picture, does not fit the map of what is to be covered, or was not covered.
    """
    try:
        shown = Picture(picture, media_type)
        width, height = shown.size
        boxes = list(_in_pixels(blackening, width, height)) if blackening else []
        for box in boxes:
            shown.blacken(box)
        whole = shown.png((0, 0, width, height))
        if boxes:
            _require_black(Picture(whole), boxes)
        cuts = list(_cuts(shown, cutting)) if cutting else []
        parts = [shown.png((0, top, width, tall)) for top, tall in cuts]
    except ValueError as error:
        raise DarkroomFault(str(error)) from error
    except MemoryError as error:
        raise DarkroomFault("the picture is too large") from error
    target.write_bytes(whole)
    pieces = []
    for number, ((top, tall), part) in enumerate(zip(cuts, parts, strict=True), start=1):
        path = target.with_name(f"{target.stem}-{number}.png")
        path.write_bytes(part)
        pieces.append(Piece(path=path, top=top, width=width, height=tall))
    return Developed(whole=target, width=width, height=height, pieces=tuple(pieces))


def _in_pixels(blackening: Blackening, width: int, height: int) -> Iterator[lossless.Box]:
    """Yield the boxes to cover, in the picture's own pixels.

    A map that is not of this picture would cover the wrong places: both must have the same shape.
    """
    scale = width / blackening.width if blackening.width > 0 else 0
    if scale <= 0 or abs(blackening.height * scale - height) > _SLACK * max(1, scale):
        raise DarkroomFault("the map of texts is of another picture")
    for box in blackening.boxes:
        left, top = max(math.floor(box.x * scale) - _MARGIN, 0), max(math.floor(box.y * scale) - _MARGIN, 0)
        right = min(math.ceil((box.x + box.width) * scale) + _MARGIN, width)
        bottom = min(math.ceil((box.y + box.height) * scale) + _MARGIN, height)
        if right > left and bottom > top:
            yield left, top, right - left, bottom - top


def _require_black(finished: Picture, boxes: list[lossless.Box]) -> None:
    """Read the finished file, not the pixels it was made of."""
    if not all(finished.is_black(box) for box in boxes):
        raise DarkroomFault("what was covered can still be seen")


def _cuts(shown: Picture, cutting: Cutting) -> Iterator[tuple[int, int]]:
    """Yield top and height of each piece. A cut is moved up to a row in which nothing is drawn, if there is one."""
    width, height = shown.size
    top = 0
    while top < height:
        most = max(math.floor(width * (cutting.others if top else cutting.first)), 1)
        end = top + most
        end = height if end >= height else shown.calmest_row(end - most // 4, end)
        yield top, end - top
        top = end
