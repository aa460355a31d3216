"""Which wall, if any, a captured page is: logged out, consent, challenge, block, or no page at all.

What a conversation says never makes a wall: a buyer can write "IP-Bereich gesperrt" into a message.
"""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import SplitResult, urlsplit

from watcher.domain.capture import Body
from watcher.domain.outcome import Outcome
from watcher.pages.addresses import is_worth_keeping, place_of_answer
from watcher.pages.page import Page, text_of

TOO_MANY_REQUESTS = 429
FORBIDDEN = 403
UNAUTHORISED = 401
SERVER_ERROR = 500
_LONGEST_NAME = 80


def wall(page: Page, markers: Sequence[str] = ()) -> Outcome | None:
    """Return what stopped the visit before any order could be read, or `None` when the page is the message box.

    1. No answer, or a server error: unreachable. 429: blocked.
    2. The address tells: login pages (a captcha there is a challenge), the consent page.
    3. The positive marker of a logged-in page is missing: challenge, block, consent or logout by their marks; a page
       without any mark is unreadable. 403 without a challenge's mark is a block. `markers` are further selectors for it.
    """
    capture = page.capture
    if capture.failure is not None:
        return Outcome.UNREACHABLE
    if capture.status == TOO_MANY_REQUESTS:
        return Outcome.BLOCKED
    by_address = _by_address(page)
    if by_address is not None:
        return by_address
    return None if page.has(*_walls()["logged_in"]["selectors"], *markers) else _without_marker(page)


def _by_address(page: Page) -> Outcome | None:
    if is_consent_address(page):
        return Outcome.CONSENT
    if not has_login_address(page):
        return None
    if page.capture.status == FORBIDDEN or is_block_page(page):
        return Outcome.BLOCKED
    # Never the query: there stands the address that was asked for, with ids that may spell any word.
    asks = any(word in _address(page).path.lower() for word in _walls()["challenge"]["url_words"])
    return Outcome.CHALLENGE if asks or _shows_challenge(page) else Outcome.LOGGED_OUT


def is_consent_address(page: Page) -> bool:
    """Whether the visit ended at the consent page."""
    return any(_address(page).path.startswith(path) for path in _walls()["consent"]["paths"])


def has_login_address(page: Page) -> bool:
    """Whether the visit ended at a login page, wherever it began."""
    out, address = _walls()["logged_out"], _address(page)
    return address.hostname in out["hosts"] or any(address.path.startswith(path) for path in out["paths"])


def asks_for_code(page: Page) -> bool:
    """Whether the page asks for a code that was sent by SMS or mail, not for a captcha."""
    entry = _walls()["challenge"]
    told = text_of(page.soup.body or page.soup, without=", ".join(_walls()["conversation"]["selectors"]))
    return any(text in told for text in entry["texts"]) or page.has(*entry["code_selectors"])


def login_of(page: Page) -> str | None:
    """Return as whom the page says that it knows the visitor ("angemeldet als: ..."); `None` where it does not."""
    entry = _walls()["logged_in"]
    told = text_of(page.soup.select_one(", ".join(entry["name_selectors"])))
    name = re.sub(entry["name_prefix"], "", told, flags=re.IGNORECASE).strip()
    return name[:_LONGEST_NAME] or None


def _address(page: Page) -> SplitResult:
    try:
        address = urlsplit(page.capture.final_url)
        address.hostname  # noqa: B018 - a broken IPv6 address is only noticed here
    except ValueError:
        return urlsplit("")
    return address


def _without_marker(page: Page) -> Outcome:
    status = page.capture.status
    marks = (
        (is_block_page(page), Outcome.BLOCKED),
        (_shows_challenge(page), Outcome.CHALLENGE),
        (status == FORBIDDEN, Outcome.BLOCKED),
        (status is None or status >= SERVER_ERROR, Outcome.UNREACHABLE),
        (page.has(*_walls()["consent"]["selectors"]), Outcome.CONSENT),
        (_shows(page, _walls()["logged_out"]["selectors"]), Outcome.LOGGED_OUT),
    )
    return next((outcome for shown, outcome in marks if shown), Outcome.UNREADABLE)


def unread(page: Page) -> Outcome:
    """Say why nothing could be read from a page that is no wall: what its own JSON answers met, else its consent banner."""
    answers = [body for body in page.capture.bodies if is_worth_keeping(body.url)]
    met = {_of_answer(body) for body in answers} - {None}
    for outcome in (Outcome.BLOCKED, Outcome.LOGGED_OUT, Outcome.UNREACHABLE):
        if outcome in met:
            return outcome
    return Outcome.CONSENT if page.has(*_walls()["consent"]["selectors"]) else Outcome.UNREADABLE


def refusal(page: Page) -> Outcome | None:
    """Return why nothing further may be asked for, however much of the page can be read: its own data were refused.

    429 is a block, 401 the end of the login. 403 is left out: it may be about this one conversation. Of several answers
    to one question the last counts: pages renew what has run out, and ask again.
    """
    answers = {place_of_answer(body.url): body.status for body in page.capture.bodies}
    met = {status for place, status in answers.items() if place}
    if TOO_MANY_REQUESTS in met:
        return Outcome.BLOCKED
    return Outcome.LOGGED_OUT if UNAUTHORISED in met else None


def _of_answer(body: Body) -> Outcome | None:
    if body.status == TOO_MANY_REQUESTS:
        return Outcome.BLOCKED
    if body.status in {UNAUTHORISED, FORBIDDEN}:
        return Outcome.LOGGED_OUT
    return Outcome.UNREACHABLE if body.status == 0 or body.status >= SERVER_ERROR else None


def is_block_page(page: Page) -> bool:
    """Whether the page says that a range of addresses is blocked, whatever its status."""
    box = page.soup.select_one(", ".join(_walls()["blocked"]["selectors"]))
    told = f"{text_of(page.soup.title)} {text_of(box)}"
    return any(text in told for text in _walls()["blocked"]["texts"])


def _shows_challenge(page: Page) -> bool:
    entry = _walls()["challenge"]
    if _shows(page, entry["selectors"]):
        return True
    told = text_of(page.soup.body or page.soup, without=", ".join(_walls()["conversation"]["selectors"]))
    return any(text in told for text in entry["texts"])


def _shows(page: Page, selectors: list[str]) -> bool:
    """Whether one of the selectors matches outside of what people wrote to each other."""
    said = {id(tag) for tag in page.soup.select(", ".join(_walls()["conversation"]["selectors"]))}
    return any(
        not any(id(parent) in said for parent in tag.parents)
        for tag in page.soup.select(", ".join(selectors))
    )


@cache
def _walls() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("walls.toml").read_text(encoding="utf-8"))
