"""The darkroom: pictures become PNG, with black over what must not be read, cut into pieces that fit on paper.

The browser's own canvas does it: it reads what it has written itself, and no further library is needed.
"""

import base64
from importlib.resources import files
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Error, Page

from watcher.app.press import Blackening, Cutting, Developed, Piece, PressFault

_MILLISECONDS = 120_000
_MARGIN = 2
"""Pixels around a text's rectangle that are covered, too: letters lean out of theirs."""


class Darkroom:
    """Works in one tab, which is opened when the first picture comes."""

    def __init__(self, context: BrowserContext) -> None:
        self._context = context
        self._tab: Page | None = None

    def develop(
        self,
        picture: Path,
        *,
        media_type: str,
        target: Path,
        cutting: Cutting | None,
        blackening: Blackening | None,
    ) -> Developed:
        """Make a PNG of a picture, cover what is to be covered, and cut it into pieces.

        Raises:
            PressFault: it is no picture, does not fit the map of what is to be covered, or was not covered.
        """
        wish = {
            "cutting": {"first": cutting.first, "others": cutting.others} if cutting else None,
            "blackening": _plain(blackening) if blackening else None,
            "margin": _MARGIN,
        }
        told = self._run("develop", picture, media_type, wish)
        target.write_bytes(self._fetched("whole"))
        pieces = []
        for number, piece in enumerate(told["pieces"], start=1):
            path = target.with_name(f"{target.stem}-{number}.png")
            path.write_bytes(self._fetched(f"piece {number}"))
            pieces.append(Piece(path=path, top=piece["top"], width=told["width"], height=piece["height"]))
        return Developed(whole=target, width=told["width"], height=told["height"], pieces=tuple(pieces))

    def photo(self, picture: Path, *, media_type: str, target: Path, widest: int) -> Piece:
        """Make a small, upright JPEG of a photo.

        Raises:
            PressFault: it is no picture.
        """
        told = self._run("photo", picture, media_type, {"widest": widest})
        target.write_bytes(self._fetched("whole"))
        return Piece(path=target, top=0, width=told["width"], height=told["height"])

    def _run(self, what: str, picture: Path, media_type: str, wish: dict[str, Any]) -> dict[str, Any]:
        """Hand a picture to the tab and let it work. What a tab holds of the last picture is let go."""
        try:
            tab = self._opened()
            content = base64.b64encode(picture.read_bytes()).decode()
            told: dict[str, Any] = tab.evaluate(
                "([what, content, type, wish]) => darkroom(what, content, type, wish)",
                [what, content, media_type, wish],
            )
        except Error as error:
            self._throw_away()
            raise PressFault((error.message.splitlines() or ["?"])[0].strip()) from error
        if told["fault"]:
            raise PressFault(str(told["fault"]))
        return told

    def _fetched(self, name: str) -> bytes:
        try:
            return base64.b64decode(self._opened().evaluate("name => fetched(name)", name))
        except Error as error:
            self._throw_away()
            raise PressFault((error.message.splitlines() or ["?"])[0].strip()) from error

    def _opened(self) -> Page:
        if self._tab is None or self._tab.is_closed():
            self._tab = self._context.new_page()
            self._tab.set_default_timeout(_MILLISECONDS)
            script = files(__package__).joinpath("darkroom.js").read_text(encoding="utf-8")
            self._tab.add_script_tag(content=script)
        return self._tab

    def _throw_away(self) -> None:
        """Let go of a tab that broke down, over too large a picture for instance; the next picture gets a new one."""
        tab, self._tab = self._tab, None
        try:
            if tab is not None:
                tab.close()
        except Error:
            pass  # it is gone already


def _plain(blackening: Blackening) -> dict[str, Any]:
    return {
        "width": blackening.width,
        "height": blackening.height,
        "boxes": [[box.x, box.y, box.width, box.height] for box in blackening.boxes],
    }
