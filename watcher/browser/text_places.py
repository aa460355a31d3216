"""Asks an open page where its visible texts stand in its picture."""

import json
import math
from importlib.resources import files
from typing import Any, TypedDict

from playwright.sync_api import Page

from watcher.domain.text_map import Box, Opaque, TextMap, Word

_SCRIPT = files(__package__).joinpath("text_places.js").read_text(encoding="utf-8")
_SLACK = 1.5
"""CSS pixels by which a picture may differ from the page: both are rounded."""

Numbers = list[float]


class _Told(TypedDict):
    width: float
    height: float
    texts: list[list[list[Any]]]
    opaque: list[tuple[str, Numbers]]


class OtherPictureError(Exception):
    """The page has another size than its picture."""


def texts_on(page: Page, size: tuple[int, int], *, whole: bool = True) -> TextMap:
    """Return where the visible texts stand in a picture of that size, which was just taken of the page.

    Args:
        page: the page, as it stood for the picture.
        size: the picture's width and height.
        whole: whether the picture shows the whole page; else its visible part.

    Raises:
        OtherPictureError: the picture is of another page, or the page has changed.
        Error: the browser could not tell.
    """
    told: _Told = json.loads(page.evaluate(_SCRIPT, whole))
    width, height = size
    scale = width / max(told["width"], 1)
    if abs(told["height"] * scale - height) > _SLACK * scale:
        raise OtherPictureError("the page has changed since its picture was taken")
    return TextMap(
        width=width,
        height=height,
        scale=round(scale, 4),
        texts=tuple(
            tuple(Word(text=word[0], boxes=tuple(_box(box, scale) for box in word[1:])) for word in text)
            for text in told["texts"]
        ),
        opaque=tuple(Opaque(kind=kind, box=_box(box, scale)) for kind, box in told["opaque"]),
    )


def _box(numbers: Numbers, scale: float) -> Box:
    left, top, width, height = numbers
    first_column, first_row = math.floor(left * scale), math.floor(top * scale)
    return Box(
        left=first_column,
        top=first_row,
        width=math.ceil((left + width) * scale) - first_column,
        height=math.ceil((top + height) * scale) - first_row,
    )
