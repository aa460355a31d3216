"""Whether a captured page shows an ad, or that it is gone; and where a conversation links to its ad."""

import re
import tomllib
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote, urlsplit

from watcher.pages.page import Page

_PLAIN_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_ID_IN_PATH = re.compile(r"/(\d{1,64})(?:-\d+)*/?$", re.ASCII)


class AdState(StrEnum):
    """What became of an ad."""

    SHOWN = "shown"
    GONE = "gone"
    """The site says that there is no such page, or leads to another one."""


def read_ad(page: Page) -> AdState | None:
    """Return what a page that was opened as an ad shows; `None` where it is neither the ad nor a sign that it is gone.

    That nobody is logged in is no obstacle: an ad is open to everybody.
    """
    capture, known = page.capture, _ad()
    if capture.failure is not None:
        return None
    if capture.status in known["gone"]["statuses"]:
        return AdState.GONE
    return AdState.SHOWN if page.has(*known["shown"]["selectors"]) and _is_at_ad(capture.final_url) else None


def shown_selector() -> str:
    """Return the CSS selector of what only the page of an ad shows."""
    return ", ".join(_ad()["shown"]["selectors"])


def leads_elsewhere(page: Page) -> bool:
    """Whether the address of an ad led to another page of the site: so it does where an ad is no more."""
    capture = page.capture
    return capture.failure is None and capture.status == 200 and not _is_at_ad(capture.final_url)  # noqa: PLR2004


def ad_path(ad_id: str, page: Page | None = None) -> str | None:
    """Return the address of an ad, from the slash on: as the conversation's page links it, else made of the ad's id.

    A link counts only if it names this ad and leads to this site: buyers write links, too. `None` for an id that cannot be
    one.
    """
    if not is_ad_id(ad_id):
        return None
    if page is not None:
        for link in page.soup.select("a[href]"):
            path = own_path(str(link["href"]), page.capture.final_url)
            if path is not None and re.search(rf"/{re.escape(ad_id)}(?![0-9A-Za-z])", path):
                return path
    return f"{_ad()['address']['paths'][0]}{quote(ad_id)}"


def is_ad_id(text: str) -> bool:
    """Whether a text can be an ad's id."""
    return _PLAIN_ID.fullmatch(text) is not None


def own_path(href: str, base: str) -> str | None:
    """Return the path of a link that leads to an ad of this site, which is the site of `base`; `None` for any other."""
    try:
        target, here = urlsplit(href), urlsplit(base)
        is_here = target.netloc in {"", here.netloc} and target.scheme in {"", here.scheme}
    except ValueError:
        return None
    is_ad = any(target.path.startswith(path) for path in _ad()["address"]["paths"])
    return target.path if is_here and is_ad and ".." not in target.path else None


def ad_id_in(url: str) -> str | None:
    """Return which ad an address asks for; `None` where it does not say."""
    path = own_path(url, url)
    match = _ID_IN_PATH.search(path) if path is not None else None
    return match[1] if match else None


def _is_at_ad(url: str) -> bool:
    try:
        path = urlsplit(url).path
    except ValueError:
        return False
    return any(path.startswith(prefix) for prefix in _ad()["address"]["paths"])


@cache
def _ad() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("ad.toml").read_text(encoding="utf-8"))
