"""Pages that the seller added: no layout knows them, so the wording alone is read, line by line."""

import json
import re
from collections import Counter
from hashlib import sha256
from urllib.parse import urlsplit

from bs4 import Tag

from watcher.domain.outcome import Outcome
from watcher.domain.reading import Statement
from watcher.pages.lore import SHIPPED, Lore
from watcher.pages.page import Page, text_of
from watcher.pages.wall import has_login_address, wall
from watcher.pages.wording import stages_in

_LINES = "tr, li, p, h1, h2, h3, h4, h5, h6, dt, dd, div, section, article"
_MOST_LINES = 2_000
_OK = 200
# Sites of strangers: what browsers fill in by themselves, and what such addresses are called.
_ASKS_TO_LOG_IN = ("input[type='password']", "input[autocomplete~='username']")
_LOGIN = re.compile(
    r"(?:^|[./_-])(?:log-?in|sign-?in|anmeld\w*|einlogg?\w*|o?auth2?|authori[sz]e|sso)(?:$|[./_-])",
    re.IGNORECASE,
)


def read_added_page(page: Page, lore: Lore = SHIPPED) -> Statement | None:
    """Return which stages the page's words speak of; `None` when it is a wall, asks for a password, or says nothing.

    Nothing tells which order a line is about, so no order's stage ever follows from it: a person is asked to look.
    """
    capture = page.capture
    if capture.failure is not None or (capture.status or _OK) >= 400 or has_login_address(page):  # noqa: PLR2004
        return None
    if (
        page.has(*_ASKS_TO_LOG_IN)
        or _led_to_a_login(page)
        or wall(page, lore.markers)
        in {
            Outcome.BLOCKED,
            Outcome.CHALLENGE,
            Outcome.CONSENT,
        }
    ):
        return None
    lines = _lines(page)
    if not lines:
        return None
    found = Counter(stages_in("\n".join(lines), lore.vocabulary))
    stages = tuple(sorted(found.items()))
    told = json.dumps([capture.page, stages])
    return Statement(page=capture.page or "", stages=stages, digest=sha256(told.encode()).hexdigest())


def _led_to_a_login(page: Page) -> bool:
    """Whether the visit ended at an address that is called a login, and was not sent to one."""
    asked, ended = _place(page.capture.url), _place(page.capture.final_url)
    return asked != ended and _LOGIN.search(ended) is not None and _LOGIN.search(asked) is None


def _place(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.hostname or ''}{parts.path}"


def _lines(page: Page) -> list[str]:
    """Return the text of each innermost line-like element."""
    body = page.soup.body or page.soup
    lines: list[str] = []
    for tag in body.select(_LINES, limit=_MOST_LINES * 4):
        if _is_innermost(tag):
            text = text_of(tag)
            if text:
                lines.append(text)
        if len(lines) >= _MOST_LINES:
            break
    return lines or [text for text in (text_of(body),) if text]


def _is_innermost(tag: Tag) -> bool:
    """A table's row is one line, whatever is nested in its cells."""
    if tag.name == "tr":
        return tag.find("tr") is None
    return tag.find_parent("tr") is None and tag.find(_LINES.split(", ")) is None
