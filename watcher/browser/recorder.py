"""Listens to what a page itself asks for and receives. It never asks for anything."""

from collections import Counter
from http import HTTPStatus

from playwright.sync_api import Error, Page, Request, Response

from watcher.domain.capture import Body
from watcher.pages.addresses import is_list_answer, is_thread_answer, is_worth_keeping, origin_of, place_of

_READING = {"GET", "HEAD", "OPTIONS"}
_BLOCKED = "ERR_BLOCKED_BY_CLIENT"
_MOST_NAMES = 50
OTHERS = "others"


def _capped(counts: Counter[str], name: str) -> str:
    """Return the name under which something is counted: a page must not fill the archive with made-up addresses."""
    return name if name in counts or len(counts) < _MOST_NAMES else OTHERS


class Recorder:
    """What one page received since the last `forget`, of the answers that come from `origin` (empty: from anywhere)."""

    def __init__(self, page: Page, *, origin: str = "") -> None:
        self._origin = origin
        self.blocked = 0
        self.stopped: Counter[str] = Counter()
        """What the guard stopped: `METHOD scheme://host/path`, and how often."""
        self.foreign: Counter[str] = Counter()
        """Hosts that are not the site's and were not loaded from."""
        self.bodies: list[Body] = []
        self.lost: list[str] = []
        self._asked: set[Request] = set()
        self._finished: list[Request] = []
        page.on("request", self._on_request)
        page.on("response", self._on_response)
        page.on("requestfinished", self._on_finished)
        page.on("requestfailed", self._on_failed)

    def forget(self) -> None:
        """Begin anew: what comes from now on belongs to the next capture."""
        self.blocked = 0
        self.stopped, self.foreign = Counter(), Counter()
        self.bodies, self.lost = [], []
        self._asked, self._finished = set(), []

    @property
    def waiting(self) -> bool:
        """Whether an answer that is worth keeping is still on its way."""
        return bool(self._asked)

    def collect(self) -> None:
        """Take the bodies of the answers that have arrived; they vanish when the page is left."""
        finished, self._finished = self._finished, []
        for request in finished:
            try:
                answer = request.response()
                if answer is None:
                    self.lost.append(request.url)
                else:
                    self.bodies.append(Body(url=request.url, status=answer.status, content=answer.body()))
            except Error:
                self.lost.append(request.url)

    def has_list(self) -> bool:
        """Whether an answer with the conversation list is there, whatever it says."""
        return any(is_list_answer(body.url) for body in self.bodies)

    def has_thread(self, conversation: str) -> bool:
        """Whether an answer with this conversation is there, whatever it says."""
        return any(is_thread_answer(body.url, conversation) for body in self.bodies)

    def _count(self, request: Request) -> None:
        if request.method in _READING:
            self.foreign[_capped(self.foreign, origin_of(request.url))] += 1
        else:
            self.blocked += 1
            self.stopped[_capped(self.stopped, f"{request.method} {place_of(request.url)}")] += 1

    def _on_request(self, request: Request) -> None:
        if request.method == "GET" and request.url.startswith(self._origin) and is_worth_keeping(request.url):
            self._asked.add(request)

    def _on_response(self, response: Response) -> None:
        if response.request in self._asked and response.status != HTTPStatus.OK:
            # A page need not read the body of an error, and then the request never finishes: its status is the answer.
            self._asked.discard(response.request)
            self.bodies.append(Body(url=response.url, status=response.status, content=b""))

    def _on_finished(self, request: Request) -> None:
        if request in self._asked:
            self._asked.discard(request)
            self._finished.append(request)

    def _on_failed(self, request: Request) -> None:
        if _BLOCKED in (request.failure or ""):
            self._count(request)
        if request in self._asked:
            self._asked.discard(request)
            # No answer at all: kept as an empty one with status 0, so that the readers can tell it from "never asked".
            self.bodies.append(Body(url=request.url, status=0, content=b""))
