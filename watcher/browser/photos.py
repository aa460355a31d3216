"""The photos of an open page, as the browser received them: their bytes are asked of the browser, never of the site."""

import base64
from collections.abc import Iterator, Mapping
from typing import Any

from playwright.sync_api import CDPSession, Error, Page

from watcher.browser.parts import Parts, reason_of
from watcher.domain.capture import CapturedFile, Role
from watcher.pages.ad_content import gallery_selector
from watcher.pages.scrubbing import Scrubber

MEDIA_TYPES = ("image/jpeg", "image/webp", "image/png", "image/avif", "image/gif", "image/svg+xml")
_MOST = 30
_SMALLEST = 120
"""Pixels. What is smaller in both directions is a symbol."""
_PHOTOS = """([smallest, gallery]) => {
  const large = image => Math.max(image.naturalWidth, image.width) >= smallest || Math.max(image.naturalHeight, image.height) >= smallest;
  const aside = image => image.closest('header, nav, footer');
  const own = new Set(document.querySelectorAll(gallery));
  const images = [...own, ...[...document.images].filter(image => !own.has(image) && large(image) && !aside(image))];
  return [...new Set(images.map(image => image.currentSrc || image.src))]
    .filter(address => address.startsWith('http'));
}"""


def take_photos(page: Page, scrubber: Scrubber) -> Parts:
    """Return the photos that the page shows; those that are not loaded are said to be missing.

    The ad's own come first, in their order, whatever their size: so their numbers are those of the ad. Then come those that
    stand elsewhere on the page, but for symbols.
    """
    try:
        session = page.context.new_cdp_session(page)
        session.send("Page.enable")  # else the contents are refused
        addresses: list[str] = page.evaluate(_PHOTOS, [_SMALLEST, gallery_selector()])
        loaded = {url: (frame, kind) for frame, url, kind in _images(session.send("Page.getResourceTree"))}
    except Error as error:
        return Parts(missing=(f"part photo: {reason_of(error)}",))
    pictures = []
    missing = []
    for number, address in enumerate(addresses[:_MOST], start=1):
        frame, media_type = loaded.get(address, ("", ""))
        try:
            content = _content(session, frame, address)
        except Error as error:
            missing.append(f"part photo-{number}: {reason_of(error)}")
            continue
        if media_type not in MEDIA_TYPES or not content or scrubber.holds_secret(content):
            missing.append(f"part photo-{number}: it is of a kind that is not kept ({media_type or '?'})")
            continue
        pictures.append(
            CapturedFile(role=Role.PART, media_type=media_type, content=content, label=f"photo-{number}")
        )
    if len(addresses) > _MOST:
        missing.append(f"part photo: {len(addresses) - _MOST} more")
    try:
        session.detach()
    except Error:
        pass  # its page is gone, and the session with it
    return Parts(files=tuple(pictures), missing=tuple(missing))


def _content(session: CDPSession, frame: str, address: str) -> bytes:
    told = session.send("Page.getResourceContent", {"frameId": frame, "url": address})
    content = str(told["content"])
    return base64.b64decode(content) if told["base64Encoded"] else content.encode(errors="replace")


def _images(told: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield frame, address and media type of every image that a page and its frames hold."""
    waiting = [told["frameTree"]]
    while waiting:
        tree = waiting.pop()
        waiting.extend(tree.get("childFrames", ()))
        for resource in tree["resources"]:
            if resource["type"] == "Image":
                yield tree["frame"]["id"], resource["url"], resource["mimeType"]
