"""What exactly was met behind an outcome that is not `ok`: each cause has a way out of its own."""

from collections.abc import Callable, Mapping

from watcher.domain.outcome import Cause, Outcome
from watcher.pages.page import Page
from watcher.pages.wall import (
    FORBIDDEN,
    TOO_MANY_REQUESTS,
    asks_for_code,
    has_login_address,
    is_block_page,
    is_consent_address,
)

# What Playwright says of a browser or a page that is gone; then Chromium's network errors, as its pages and Playwright name
# them (chromium/src/net/base/net_error_list.h). The first word that is found decides.
_FAILURES: Mapping[str, Cause] = {
    "ERR_NAME_": Cause.DNS,
    "ERR_DNS": Cause.DNS,
    "ERR_ICANN_NAME_COLLISION": Cause.DNS,
    "ERR_CERT": Cause.TLS,
    "ERR_SSL": Cause.TLS,
    "ERR_BAD_SSL": Cause.TLS,
    "ERR_INTERNET_DISCONNECTED": Cause.OFFLINE,
    "ERR_NETWORK_": Cause.OFFLINE,
    "ERR_ADDRESS_UNREACHABLE": Cause.OFFLINE,
    "ERR_PROXY": Cause.REFUSED,
    "ERR_TUNNEL": Cause.REFUSED,
    "ERR_CONNECTION_REFUSED": Cause.REFUSED,
    "ERR_CONNECTION_TIMED_OUT": Cause.TIMEOUT,
    "ERR_TIMED_OUT": Cause.TIMEOUT,
    "ERR_TOO_MANY_REDIRECTS": Cause.REDIRECTS,
    "ERR_CONNECTION": Cause.RESET,
    "ERR_EMPTY_RESPONSE": Cause.RESET,
    "ERR_INCOMPLETE": Cause.RESET,
    "ERR_HTTP2": Cause.RESET,
    "has been closed": Cause.CHECK_FAILED,
    "crashed": Cause.CHECK_FAILED,
    "too large": Cause.TOO_LARGE,
    "imeout": Cause.TIMEOUT,
    "too long": Cause.TIMEOUT,
}


def cause_of(page: Page, outcome: Outcome) -> Cause | None:
    """Return what exactly was met; `None` where all was read, or only a part of it (the problems say which)."""
    telling: Mapping[Outcome, Callable[[Page], Cause]] = {
        Outcome.UNREACHABLE: _unreachable,
        Outcome.BLOCKED: _blocked,
        Outcome.CHALLENGE: lambda page: Cause.CODE if asks_for_code(page) else Cause.CAPTCHA,
        Outcome.LOGGED_OUT: _logged_out,
        Outcome.CONSENT: lambda page: (
            Cause.CONSENT_PAGE if is_consent_address(page) else Cause.CONSENT_BANNER
        ),
        Outcome.UNREADABLE: lambda _: Cause.NOT_UNDERSTOOD,
    }
    return telling[outcome](page) if outcome in telling else None


def _unreachable(page: Page) -> Cause:
    failure = page.capture.failure
    if failure is None and any(body.status == 0 for body in page.capture.bodies):
        return Cause.RESET
    if failure is None:
        return Cause.SERVER_ERROR if page.capture.status is not None else Cause.NO_ANSWER
    return next((cause for word, cause in _FAILURES.items() if word in failure), Cause.NO_ANSWER)


def _blocked(page: Page) -> Cause:
    if is_block_page(page):
        return Cause.IP_BLOCK
    statuses = {page.capture.status, *(body.status for body in page.capture.bodies)}
    if TOO_MANY_REQUESTS in statuses:
        return Cause.TOO_MANY_REQUESTS
    return Cause.FORBIDDEN if FORBIDDEN in statuses else Cause.IP_BLOCK


def _logged_out(page: Page) -> Cause:
    if has_login_address(page):
        return Cause.LOGIN_PAGE
    refused = any(body.status in {401, FORBIDDEN} for body in page.capture.bodies)
    return Cause.GATEWAY_REFUSED if refused else Cause.NO_MARKER
