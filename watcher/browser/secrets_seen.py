"""The secrets that a tab has had: its cookies, its storage, and what its requests and answers carried."""

from collections.abc import Collection

from playwright.sync_api import Error, Page, Request, Response

from watcher.browser.events import listen
from watcher.pages import secrets
from watcher.pages.scrubbing import Scrubber

_MOST = 4000
"""So many are remembered; a window that is open for hours forgets the oldest."""
_STORAGE = """() => {
  const entries = name => { try { return Object.entries(window[name]).map(([k, v]) => [k, String(v)]); } catch { return []; } };
  return [entries('localStorage'), entries('sessionStorage')];
}"""
_CARRYING = frozenset({"document", "xhr", "fetch", "eventsource", "other"})
"""Kinds of requests that carry tokens. Of pictures and scripts the page's own markup shows the addresses."""
_AREAS = ("local storage", "session storage")


class SecretsSeen:
    """Listens from the moment that it is made. Nothing that it knows is ever written anywhere."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._sure: dict[str, str] = {}
        self._perhaps: dict[str, str] = {}
        listen(page, "request", self._on_request)
        listen(page, "response", self._on_response)

    def scrubber(self, ids: Collection[str] = (), *, is_open: bool = True) -> Scrubber:
        """Return what takes out all secrets that are known by now; a page's own ids are none.

        Only a page that is open is asked for its storage: one that is still on its way might never answer. That of frames from
        elsewhere is not read; the guard loads none but the site's.
        """
        self._collect(is_open=is_open)
        return Scrubber(self._sure, self._perhaps, ids)

    def teach(self, scrubber: Scrubber) -> None:
        """Tell a scrubber what has become known since it was made."""
        self._collect(is_open=True)
        scrubber.know(self._sure)

    def _collect(self, *, is_open: bool) -> None:
        """Read the cookies and the storage as they are now; what cannot be read any more adds nothing."""
        sure, perhaps = secrets.of_cookies(self._cookies())
        self._remember(sure)
        self._perhaps.update(perhaps)
        for area, entries in zip(_AREAS, self._stored() if is_open else [], strict=False):
            self._remember(secrets.of_storage(area, entries))

    def _cookies(self) -> list[tuple[str, str, bool]]:
        try:
            return [
                (str(cookie["name"]), str(cookie["value"]), bool(cookie.get("httpOnly")))
                for cookie in self._page.context.cookies()
            ]
        except Error:
            return []

    def _stored(self) -> list[list[tuple[str, str]]]:
        try:
            stored: list[list[tuple[str, str]]] = self._page.evaluate(_STORAGE)
        except Error:
            return []
        return stored

    def _remember(self, found: dict[str, str]) -> None:
        for value, what in found.items():
            self._sure.setdefault(value, what)
        while len(self._sure) > _MOST:
            del self._sure[next(iter(self._sure))]
        while len(self._perhaps) > _MOST:
            del self._perhaps[next(iter(self._perhaps))]

    def _on_request(self, request: Request) -> None:
        if request.resource_type not in _CARRYING:
            return
        found = secrets.of_headers(request.headers)
        if any(sign in request.url for sign in "?#@") or "eyJ" in request.url:
            found |= secrets.of_url(request.url)
        if found:
            self._remember(found)

    def _on_response(self, response: Response) -> None:
        if response.request.resource_type not in _CARRYING:
            return
        found = secrets.of_headers(response.headers)
        if found:
            self._remember(found)
