"""Where in a picture which text stands, so that it can be covered later.

As JSON, in a capture's `text_map` file:

    {"format": "stornowacht-text-map-1",
     "picture": {"width": 1280, "height": 1834, "scale": 1.0},
     "texts": [{"text": "Hallo Erika", "words": [["Hallo", [288, 130, 40, 17]], ["Erika", [332, 130, 36, 17]]]}],
     "opaque": [{"kind": "img", "box": [34, 70, 56, 56]}]}

A box is left, top, width and height in the picture's pixels, widened to whole ones. A word that is broken over lines has
several. `text` is its words, joined by one blank each. What is `opaque` (photos, frames, canvases) may hold texts that
nobody has listed.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

FORMAT = "stornowacht-text-map-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle in a picture, in its pixels."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word, and where it stands."""

    text: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opaque:
    """A part of the picture in which a text may stand that nobody has listed."""

    kind: str
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class TextMap:
    """The visible texts of one picture."""

    width: int
    height: int
    scale: float
    """How many pixels of the picture one CSS pixel is."""
    texts: tuple[tuple[Word, ...], ...] = ()
    """Each text in its words, in the order of the document."""
    opaque: tuple[Opaque, ...] = ()


def text_of(words: Sequence[Word]) -> str:
    """Return a text in one line."""
    return " ".join(word.text for word in words)


def dump(text_map: TextMap) -> bytes:
    """Write a map as JSON."""
    told = {
        "format": FORMAT,
        "picture": {"width": text_map.width, "height": text_map.height, "scale": text_map.scale},
        "texts": [
            {"text": text_of(words), "words": [[word.text, *map(_numbers, word.boxes)] for word in words]}
            for words in text_map.texts
        ],
        "opaque": [{"kind": part.kind, "box": _numbers(part.box)} for part in text_map.opaque],
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode(errors="backslashreplace")


def load(content: bytes) -> TextMap:
    """Read a map.

    Raises:
        ValueError: it is no map, or one of a format that is not known.
    """
    try:
        told = json.loads(content)
        if told["format"] != FORMAT:
            raise ValueError(f"the text map is of another format: {told['format']!r}")
        picture = told["picture"]
        return TextMap(
            width=int(picture["width"]),
            height=int(picture["height"]),
            scale=float(picture["scale"]),
            texts=tuple(
                tuple(
                    Word(text=str(word[0]), boxes=tuple(_box(box) for box in word[1:]))
                    for word in entry["words"]
                )
                for entry in told["texts"]
            ),
            opaque=tuple(Opaque(kind=str(part["kind"]), box=_box(part["box"])) for part in told["opaque"]),
        )
    except (KeyError, TypeError, IndexError, AttributeError, OverflowError, RecursionError) as error:
        raise ValueError("this is no text map") from error


def _numbers(box: Box) -> list[int]:
    return [box.left, box.top, box.width, box.height]


def _box(numbers: Any) -> Box:
    left, top, width, height = numbers
    return Box(left=int(left), top=int(top), width=int(width), height=int(height))
