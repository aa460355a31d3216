"""Photos that the seller attached become small: in a browser's tab, whose sandbox they do not leave whatever they hold."""

import base64
from importlib.resources import files
from pathlib import Path
from typing import TypedDict

from playwright.sync_api import BrowserContext, Error, Page

from watcher.app.press import Piece, PressFault

_MILLISECONDS = 120_000


class _Small(TypedDict):
    width: int
    height: int
    jpeg: str


class PhotoTab:
    """Works in one tab, which is opened when the first photo comes."""

    def __init__(self, context: BrowserContext) -> None:
        self._context = context
        self._tab: Page | None = None

    def photo(self, picture: bytes, *, media_type: str, target: Path, widest: int) -> Piece:
        """Make a small, upright JPEG of a photo.

        Raises:
            PressFault: it is no picture.
        """
        content = base64.b64encode(picture).decode()
        try:
            small: _Small = self._opened().evaluate(
                "([content, type, widest]) => smallPhoto(content, type, widest)",
                [content, media_type, widest],
            )
        except Error as error:
            self._throw_away()
            raise PressFault((error.message.splitlines() or ["?"])[0].strip()) from error
        target.write_bytes(base64.b64decode(small["jpeg"]))
        return Piece(path=target, top=0, width=small["width"], height=small["height"])

    def _opened(self) -> Page:
        if self._tab is None or self._tab.is_closed():
            self._tab = self._context.new_page()
            self._tab.set_default_timeout(_MILLISECONDS)
            script = files(__package__).joinpath("small_photo.js").read_text(encoding="utf-8")
            self._tab.add_script_tag(content=script)
        return self._tab

    def _throw_away(self) -> None:
        """Let go of a tab that broke down, over too large a photo for instance; the next one gets a new tab."""
        tab, self._tab = self._tab, None
        try:
            if tab is not None:
                tab.close()
        except Error:
            pass  # it is gone already
