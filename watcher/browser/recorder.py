"""Listens to what a page itself asks for and receives. It never asks for anything."""

from collections import Counter, deque
from http import HTTPStatus

from playwright.sync_api import Error, Frame, Page, Request, Response, WebSocket

from watcher.browser.connection import exchange_of
from watcher.browser.events import listen
from watcher.browser.guard_rules import BLOCKED
from watcher.domain.capture import Body
from watcher.domain.exchange import Exchange
from watcher.pages.addresses import (
    is_list_answer,
    is_own_ads_answer,
    is_thread_answer,
    is_worth_keeping,
    origin_of,
    place_of,
)
from watcher.pages.shape import answer_of

_READING = {"GET", "HEAD", "OPTIONS"}
_MOST_NAMES = 50
_MOST_SHAPES = 10
_MOST_RECEIVED = 200
_DATA = {"fetch", "xhr"}
_LONGEST_NAME, _LONGEST_METHOD = 200, 20
OTHERS = "others"


def name_of_stopped(method: str, url: str) -> str:
    """Return under which name a stopped request is counted: no query, nothing that may name somebody, never long."""
    return _short(f"{method if len(method) <= _LONGEST_METHOD else '…'} {place_of(url)}")


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"


def _count_in(counts: Counter[str], name: str) -> None:
    """Count one more; a page must not fill the archive with made-up addresses."""
    counts[name if name in counts or len(counts) < _MOST_NAMES else OTHERS] += 1


class Recorder:
    """What one page received since the last `forget`, of the answers that come from `origin` (empty: from anywhere).

    The list of the own ads comes from `site`, from where the pages come; without it, such an answer is kept only if it comes
    from `origin`.
    """

    def __init__(self, page: Page, *, origin: str = "", site: str = "") -> None:
        self._page = page
        self._origin = origin
        self._site = site
        self.document: Response | None = None
        """The answer with which the page that is shown began, or is about to begin; not forgotten by `forget`."""
        self._document_finished = False
        self.moves = 0
        """How often the page has gone somewhere; never forgotten."""
        self.blocked = 0
        self.stopped: Counter[str] = Counter()
        """What the guard stopped: `METHOD scheme://host/path`, and how often; a WebSocket's method is `WEBSOCKET`.

        Writes are counted wherever the browser tells of them, not those of service workers; WebSockets not in
        frames of another process (sandboxes) either. What is not told is stopped all the same.
        """
        self.foreign: Counter[str] = Counter()
        """Hosts that are not the site's and were not loaded from."""
        self.bodies: list[Body] = []
        self.lost: list[str] = []
        self._received: deque[tuple[Body, Response]] = deque(maxlen=_MOST_RECEIVED)
        self._asked: set[Request] = set()
        self._finished: list[Request] = []
        self._others: list[Request] = []
        listen(page, "request", self._on_request)
        listen(page, "response", self._on_response)
        listen(page, "requestfinished", self._on_finished)
        listen(page, "requestfailed", self._on_failed)
        listen(page, "websocket", self._on_socket)
        listen(page, "framenavigated", self._on_navigated)

    def forget(self) -> None:
        """Begin anew: what comes from now on belongs to the next capture."""
        self.blocked = 0
        self.stopped, self.foreign = Counter(), Counter()
        self.bodies, self.lost = [], []
        self._received.clear()
        self._asked, self._finished, self._others = set(), [], []

    @property
    def waiting(self) -> bool:
        """Whether an answer that is worth keeping is still on its way."""
        return bool(self._asked)

    def unanswered(self, conversation: str) -> list[str]:
        """Return where the page asked for this conversation and has not been answered yet."""
        return [request.url for request in self._asked if is_thread_answer(request.url, conversation)]

    def collect(self) -> None:
        """Take the bodies of the answers that have arrived; they vanish when the page is left."""
        finished, self._finished = self._finished, []
        for request in finished:
            try:
                answer = request.response()
                if answer is None:
                    self.lost.append(request.url)
                else:
                    self._take(Body(url=request.url, status=answer.status, content=answer.body()), answer)
            except Error:
                self.lost.append(request.url)

    def exchange(self, body: Body) -> Exchange | None:
        """Return how an answer came, of those that were taken last; the browser is asked only now."""
        answer = next((answer for one, answer in reversed(self._received) if one is body), None)
        return None if answer is None else exchange_of(answer, finished=answer.status == HTTPStatus.OK)

    def document_exchange(self) -> Exchange | None:
        """Return how the document came."""
        return None if self.document is None else exchange_of(self.document, finished=self._document_finished)

    def shapes(self) -> tuple[str, ...]:
        """Return how the other JSON is built that came from the origin: it may be what the page needs under a new address.

        Only that: what it says may hold anything, a token included, and is not kept.
        """
        told = []
        for request in self._others[:_MOST_SHAPES]:
            try:
                answer = request.response()
                if answer is not None and "json" in answer.headers.get("content-type", ""):
                    body = Body(url=request.url, status=answer.status, content=answer.body())
                    told.append("\n".join(answer_of(body)))
            except Error:
                continue  # it has vanished
        return tuple(told)

    def has_list(self) -> bool:
        """Whether an answer with the conversation list is there, whatever it says."""
        return any(is_list_answer(body.url) for body in self.bodies)

    def has_own_ads(self) -> bool:
        """Whether an answer with a page of the list of the own ads is there, whatever it says."""
        return any(is_own_ads_answer(body.url) for body in self.bodies)

    def has_thread(self, conversation: str) -> bool:
        """Whether an answer with this conversation is there, whatever it says."""
        return any(is_thread_answer(body.url, conversation) for body in self.bodies)

    def _count(self, request: Request) -> None:
        if request.method in _READING:
            _count_in(self.foreign, _short(origin_of(request.url)))
        else:
            self._count_stopped(request.method, request.url)

    def _count_stopped(self, method: str, url: str) -> None:
        self.blocked += 1
        _count_in(self.stopped, name_of_stopped(method, url))

    def _on_socket(self, socket: WebSocket) -> None:
        # Of its failure the browser gives no reason; under the guard each fails, and there is no other.
        socket.on("socketerror", lambda _: self._count_stopped("WEBSOCKET", socket.url))

    def _is_ours(self, url: str) -> bool:
        if self._site and is_own_ads_answer(url):
            return url.startswith(f"{self._site.rstrip('/')}/")
        return not self._origin or url.startswith(f"{self._origin.rstrip('/')}/")

    def _on_request(self, request: Request) -> None:
        if request.method == "GET" and self._is_ours(request.url) and is_worth_keeping(request.url):
            self._asked.add(request)

    def _on_response(self, response: Response) -> None:
        if self._is_document(response):
            self.document, self._document_finished = response, False
        if response.request in self._asked and response.status != HTTPStatus.OK:
            # A page need not read the body of an error, and then the request never finishes: its status is the answer.
            self._asked.discard(response.request)
            self._take(Body(url=response.url, status=response.status, content=b""), response)

    def _take(self, body: Body, answer: Response) -> None:
        self.bodies.append(body)
        self._received.append((body, answer))

    def _is_document(self, response: Response) -> bool:
        try:
            request = response.request
            return request.is_navigation_request() and request.frame == self._page.main_frame
        except Error:
            return False  # a frame that is not there yet is not this page's document

    def _on_navigated(self, frame: Frame) -> None:
        if frame == self._page.main_frame:
            self.moves += 1

    def _on_finished(self, request: Request) -> None:
        if self.document is not None and request == self.document.request:
            self._document_finished = True
        if request in self._asked:
            self._asked.discard(request)
            self._finished.append(request)
        elif self._origin and request.resource_type in _DATA and self._is_ours(request.url):
            self._others.append(request)

    def _on_failed(self, request: Request) -> None:
        if BLOCKED in (request.failure or ""):
            self._count(request)
        if request in self._asked:
            self._asked.discard(request)
            # No answer at all: kept as an empty one with status 0, so that the readers can tell it from "never asked".
            self.bodies.append(Body(url=request.url, status=0, content=b""))
