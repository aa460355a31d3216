"""The press: whoever prints a page as PDF and makes photos fit for paper. It has no net, and runs no script of a page."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece of a picture, from its top down."""

    path: Path
    top: int
    width: int
    height: int


class PressFault(Exception):  # noqa: N818 - an outcome of the port
    """A photo or a page could not be made; the reason is one line."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Press(Protocol):
    """Whoever prints."""

    def photo(self, picture: bytes, *, media_type: str, target: Path, widest: int) -> Piece:
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
