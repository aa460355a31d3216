"""What is only taken of pages that are kept: previews, page archive, outline, map of texts, pictures of the parts.

Each of them may fail alone; then the capture says what is missing and why.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from playwright.sync_api import CDPSession, Error, Page

from watcher.browser.cuts import Cuts
from watcher.browser.parts import reason_of, take_parts
from watcher.browser.photos import take_photos
from watcher.browser.picture import take_preview, take_thumbnail
from watcher.browser.text_places import OtherPictureError, texts_on
from watcher.domain import text_map
from watcher.domain.capture import Capture, CapturedFile, PageKind, Role
from watcher.domain.picture_size import size_of
from watcher.domain.text_map import TextMap, Word
from watcher.pages import mhtml
from watcher.pages.scrubbing import Scrubber
from watcher.pages.signals import Signals

OUT_OF_SIGHT = "screenshot:"
"""How it is begun to say that a part of the page is not in the picture."""
_MILLISECONDS = 15_000
_OUTLINE_MILLISECONDS = 5_000


@dataclass(slots=True, kw_only=True)
class _Taking:
    """What was taken so far of one page."""

    extras: list[CapturedFile] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    preview: bytes = b""

    def attempt(self, what: str, taking: Callable[[], None]) -> None:
        """Take one thing; if that fails, say so and go on."""
        try:
            taking()
        except (Error, OtherPictureError) as error:
            self.missing.append(f"{what}: {reason_of(error)}")

    def add(self, role: Role, media_type: str, content: bytes, label: str = "") -> None:
        """Add a file; an empty one is none."""
        if content:
            self.extras.append(CapturedFile(role=role, media_type=media_type, content=content, label=label))
        else:
            self.missing.append(f"{role}: it came out empty")


def take_details(
    page: Page,
    capture: Capture,
    *,
    signals: Signals,
    scrubber: Scrubber,
    cuts: Cuts | None = None,
    deadline: float = math.inf,
) -> Capture:
    """Return the capture of an open page with everything that is only taken of pages that are kept.

    The texts' places come first, while the page still stands as it stood for its picture; what scrolls comes last.
    """
    taking = _Taking()
    thread = signals.thread if capture.kind is not PageKind.AD else ":not(*)"

    def texts() -> None:
        taking.add(Role.TEXT_MAP, "application/json", _text_map(page, capture.screenshot, scrubber))

    def preview() -> None:
        cut = cuts.preview() if cuts is not None else None
        taking.preview = cut or take_preview(page, thread, milliseconds=_MILLISECONDS)

    taking.attempt("text_map", texts)
    taking.attempt("preview", preview)
    _take_from_session(page, taking, thread, scrubber, cuts=cuts)
    taking.attempt("outline", lambda: _take_outline(page, taking, scrubber))
    if capture.kind is PageKind.AD and capture.page is None:  # an own ad's photos were taken at once
        photos = take_photos(page, scrubber)
        taking.extras.extend(photos.files)
        taking.missing.extend(photos.missing)
    elif capture.kind is not PageKind.AD:
        taking.attempt("part", lambda: _take_parts(page, taking, signals, deadline, cuts))
    has_thread = any(extra.role is Role.PART and extra.label.startswith("thread") for extra in taking.extras)
    if has_thread and not any(told.startswith("part thread") for told in taking.missing):
        # What the picture of the page lacks of the thread is in those of its parts.
        missing = tuple(told for told in capture.missing if not told.startswith(OUT_OF_SIGHT))
        capture = replace(capture, missing=missing)
    return _with(capture, taking, scrubber)


def take_quiet_details(
    page: Page, picture: bytes, *, scrubber: Scrubber
) -> tuple[tuple[CapturedFile, ...], tuple[str, ...]]:
    """Return what can be had of a page in a human's window without touching it, and what of it is missing.

    No small pictures and no parts: for them the browser would paint anew, or scroll.
    """
    taking = _Taking()

    def texts() -> None:
        taking.add(Role.TEXT_MAP, "application/json", _text_map(page, picture, scrubber, whole=False))

    taking.attempt("text_map", texts)
    _take_from_session(page, taking, None, scrubber)
    taking.attempt("outline", lambda: _take_outline(page, taking, scrubber))
    return tuple(taking.extras), tuple(taking.missing)


def _take_from_session(
    page: Page,
    taking: _Taking,
    thumbnail_of: str | None,
    scrubber: Scrubber,
    *,
    cuts: Cuts | None = None,
) -> None:
    """Take what only the browser's own protocol gives."""
    try:
        session = page.context.new_cdp_session(page)
    except Error as error:
        taking.missing.append(f"mhtml: {reason_of(error)}")
        if thumbnail_of is not None:
            taking.missing.append(f"thumbnail: {reason_of(error)}")
        return

    def thumbnail() -> None:
        cut = cuts.thumbnail() if cuts is not None else None
        taking.add(Role.THUMBNAIL, "image/png", cut or take_thumbnail(page, session, thumbnail_of or ""))

    def archive() -> None:
        taking.add(Role.MHTML, "multipart/related", _page_archive(session, scrubber))

    if thumbnail_of is not None:
        taking.attempt("thumbnail", thumbnail)
    taking.attempt("mhtml", archive)
    try:
        session.detach()
    except Error:
        pass  # its page is gone, and the session with it


def _page_archive(session: CDPSession, scrubber: Scrubber) -> bytes:
    archive = str(session.send("Page.captureSnapshot", {"format": "mhtml"})["data"]).encode()
    return mhtml.rewrite(
        archive, text=lambda text: scrubber.text(text, "mhtml"), is_spoilt=scrubber.holds_secret
    )


def _take_outline(page: Page, taking: _Taking, scrubber: Scrubber) -> None:
    body = page.locator("body")
    if not body.count():
        taking.missing.append("outline: the page has no body")
        return
    outline = body.aria_snapshot(timeout=_OUTLINE_MILLISECONDS)
    taking.add(Role.OUTLINE, "text/plain", scrubber.text(outline, "outline").encode(errors="replace"))


def _take_parts(page: Page, taking: _Taking, signals: Signals, deadline: float, cuts: Cuts | None) -> None:
    parts = take_parts(page, signals, cuts=cuts, deadline=deadline)
    taking.extras.extend(parts.files)
    taking.missing.extend(parts.missing)


def _text_map(page: Page, picture: bytes, scrubber: Scrubber, *, whole: bool = True) -> bytes:
    size = size_of(picture)
    if size is None:
        raise OtherPictureError("there is no picture that it could be of")
    return text_map.dump(_without_secrets(texts_on(page, size, whole=whole), scrubber))


def _without_secrets(found: TextMap, scrubber: Scrubber) -> TextMap:
    """Take the secrets out of each text as a whole: one may stretch over several of its words."""
    texts = []
    for words in found.texts:
        plain = text_map.text_of(words)
        clean = scrubber.text(plain, "text_map")
        if clean == plain:
            texts.append(words)
            continue
        left = clean.split()
        texts.append(
            tuple(word if word.text in left else Word(text="removed", boxes=word.boxes) for word in words)
        )
    return replace(found, texts=tuple(texts))


def _with(capture: Capture, taking: _Taking, scrubber: Scrubber) -> Capture:
    missing = tuple(scrubber.text(told, "facts") for told in taking.missing)
    return replace(
        capture,
        preview=taking.preview,
        extras=(*capture.extras, *taking.extras),
        missing=(*capture.missing, *missing),
        removed=scrubber.removed,
    )
