"""The press: whoever prints a page as PDF and makes pictures fit for paper. It has no net, and runs no script of a page."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


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
class Piece:
    """One piece of a picture, from its top down."""

    path: Path
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Developed:
    """A picture as a PNG, and the pieces it was cut into."""

    whole: Path
    width: int
    height: int
    pieces: tuple[Piece, ...]


class PressFault(Exception):  # noqa: N818 - an outcome of the port
    """A picture or a page could not be made; the reason is one line."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Press(Protocol):
    """Whoever paints and prints."""

    def develop(
        self,
        picture: Path,
        *,
        media_type: str,
        target: Path,
        cutting: Cutting | None = None,
        blackening: Blackening | None = None,
    ) -> Developed:
        """Make a PNG of a picture, pixel by pixel the same but for what is covered, and cut it into pieces.

        What was covered is read back from the finished PNG: every pixel of every rectangle is black.

        Args:
            picture: the file to read.
            media_type: what it is.
            target: where the PNG goes; the pieces lie beside it.
            cutting: how to cut it; `None`: not at all.
            blackening: what to cover.

        Raises:
            PressFault: it is no picture, or does not fit the map of what is to be covered.
        """

    def photo(self, picture: Path, *, media_type: str, target: Path, widest: int) -> Piece:
        """Make a JPEG of a photo, upright, at most so many pixels wide and high, without what a camera wrote into it.

        Raises:
            PressFault: it is no picture.
        """

    def print(self, page: Path, target: Path) -> None:
        """Print an HTML file, with the pictures beside it, as a tagged PDF with an outline.

        Raises:
            PressFault: the browser could not.
        """


class Presses(Protocol):
    """Whoever starts a press."""

    def __call__(self) -> AbstractContextManager[Press]:
        """Start it; it is gone when the block ends.

        Raises:
            BrowserError: there is no browser that can be used.
        """
