"""One tab of a window in which the human browses: what it shows of the message box, once it has come to rest.

A tab is only looked at. What is asked of its page is how it stands (how many rows, is a skeleton visible, the texts of
list and thread, the window's size, the document's status), its markup, a picture of its visible part, where the texts in it
stand, its outline and its archive; and its cookies and storage, for nothing of them may be kept.
"""

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypedDict
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Error, Frame, Page, Request

from watcher.browser.answers import Answers, Heard
from watcher.browser.browser_settings import BrowserSettings
from watcher.browser.details import take_quiet_details
from watcher.browser.events import listen
from watcher.browser.recorder import Recorder
from watcher.browser.refusal import asked_again
from watcher.browser.rest import NO_ANSWER_PATIENCE, NO_MARKER_PATIENCE, State, state_of
from watcher.browser.secrets_seen import SecretsSeen
from watcher.domain.capture import CapturedFile, PageKind
from watcher.domain.exchange import Exchange
from watcher.pages.addresses import MESSAGE_BOX
from watcher.pages.cleaning import ids_of, learn
from watcher.pages.scrubbing import Scrubber

STEADY = 0.3
"""Seconds without a change that count as rest: the human's hands are at the page, and nothing is in a hurry."""
TEXT_PAUSE = 10.0
"""Seconds between two captures of which only the shown text differs: a page may have a clock."""
QUIET_SECONDS = 1.0
"""Seconds between two looks at the texts of a page that stands still."""
_DEFAULT_PORTS = {"http": 80, "https": 443}
_RESPONSE_MILLISECONDS = 500
_PICTURE_MILLISECONDS = 5_000
_DETAILS = """([rows, thread]) => {
  const told = selector => [...document.querySelectorAll(selector)].map(element => element.textContent).join('\\n');
  const [loading] = performance.getEntriesByType('navigation');
  return {
    rows: told(rows),
    thread: told(thread),
    status: (loading && loading.responseStatus) || 0,
    width: window.innerWidth,
    height: window.innerHeight,
  };
}"""


class _Details(TypedDict):
    rows: str
    thread: str
    status: object
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """One state of a page, as the human sees it."""

    kind: PageKind
    conversation: str | None
    url: str
    status: int | None
    heard: Heard
    html: str
    picture: bytes
    """A PNG; empty where none could be taken."""
    viewport: str
    settled: bool
    document: Exchange | None
    extras: tuple[CapturedFile, ...]
    missing: tuple[str, ...]
    scrubber: Scrubber
    """What takes the secrets out of all this; out of the extras it has done so already."""


@dataclass(slots=True)
class Memory:
    """Which states were seen already, in any tab: digest of the answers -> digests of the texts shown with them."""

    seen: dict[str, set[str]] = field(default_factory=dict)


class Tab:
    """Watches one tab, from the moment that it is made. Nothing here raises when the tab is closed meanwhile."""

    def __init__(
        self,
        page: Page,
        *,
        settings: BrowserSettings,
        memory: Memory,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._page = page
        self._settings = settings
        self._memory = memory
        self._clock = clock
        self._recorder = Recorder(page, origin=settings.gateway_url)
        self._secrets = SecretsSeen(page)
        self._answers = Answers()
        self._asked_for: str | None = None
        self._documents = 0
        self._place: tuple[str, int] | None = None
        self._state: State | None = None
        self._moved_at = self._changed_at = clock()
        self._restless_since: float | None = None
        self._seen_at = self._quiet_until = float("-inf")
        listen(page, "request", self._on_request)
        listen(page, "framenavigated", self._on_navigated)

    def sights(self) -> list[Sight]:
        """Look once, and return what is to be captured: what has come to rest, or has not for `settle_seconds`."""
        found: list[Sight] = []
        try:
            for sight in self._look():
                found.append(sight)  # noqa: PERF402 - what was seen before an error counts
        except Error:
            pass  # closed, or on its way to another page: there will be another look, or none
        return found

    def _look(self) -> Iterator[Sight]:
        place = (self._page.url, self._documents)
        if not self._is_message_box(self._page.url):
            self._place = None
            return
        # A dialog or a busy script makes the page deaf; whatever is asked of it then would wait for the human.
        self._page.locator("html").wait_for(state="attached", timeout=_RESPONSE_MILLISECONDS)
        self._collect()
        state, now = state_of(self._page, self._settings.signals), self._clock()
        if place != self._place:
            self._place, self._moved_at, self._restless_since = place, now, now
            self._quiet_until = now
        if state != self._state or self._recorder.waiting:
            self._state, self._changed_at, self._quiet_until = state, now, now
        conversation = self._open_conversation(state)
        settled = self._is_at_rest(state, conversation, now)
        if settled:
            self._restless_since = None
        elif self._restless_since is None:
            self._restless_since = now
            return
        elif now - self._restless_since < self._settings.settle_seconds:
            return
        else:
            self._restless_since = now
        if now < self._quiet_until:
            return
        self._quiet_until = now + QUIET_SECONDS
        details: _Details = self._page.evaluate(
            _DETAILS, [self._settings.signals.rows, self._settings.signals.thread]
        )
        heard = self._answers.of_list()
        if conversation is not None:
            yield from self._sight(
                conversation, self._answers.of_thread(conversation), details, settled=settled
            )
        if heard or conversation is None:
            yield from self._sight(None, heard, details, settled=settled)

    def _is_message_box(self, url: str) -> bool:
        try:
            address = urlsplit(url)
            return _origin(url) == _origin(self._settings.base_url) and address.path == MESSAGE_BOX
        except ValueError:
            return False

    def _open_conversation(self, state: State) -> str | None:
        """Return which conversation is open: the address tells, else the last answer, unless only a list is shown."""
        named = parse_qs(urlsplit(self._page.url).query).get("conversationId")
        if named:
            return named[0]
        return self._answers.newest if state["items"] or not state["rows"] else None

    def _is_at_rest(self, state: State, conversation: str | None, now: float) -> bool:
        """Whether the page shows what it was opened for, or what is missing will not come any more."""
        still = now - self._changed_at
        if self._recorder.waiting or state["skeletons"] or still < STEADY:
            return False
        if not state["marker"]:
            return state["complete"] and still >= NO_MARKER_PATIENCE
        if conversation is None:
            answered, shown = bool(self._answers.of_list()), bool(state["rows"])
        else:
            answered, shown = bool(self._answers.of_thread(conversation)), bool(state["items"])
        if answered and (shown or state["error"]):
            return True
        return (answered or shown or state["error"]) and now - self._moved_at >= NO_ANSWER_PATIENCE

    def _sight(
        self, conversation: str | None, heard: Heard, details: _Details, *, settled: bool
    ) -> Iterator[Sight]:
        kind = PageKind.CONVERSATION_LIST if conversation is None else PageKind.CONVERSATION
        answers = _digest(kind, conversation, heard, document=(id(self), self._documents))
        # Of a page that never rests only its answers count: its text is another one at each look.
        text = _digest_of_text(str(details["rows" if conversation is None else "thread"])) if settled else ""
        if not self._is_new(answers, text):
            return
        before = self._page.url, self._documents
        html = self._page.content()
        picture = self._picture()
        scrubber = self._secrets.scrubber(ids_of(heard.bodies, conversation))
        # What the markup gives away by a name must not stand without one in what is taken now.
        learn(scrubber, html=html, bodies=heard.bodies, urls=[before[0]])
        extras, missing = take_quiet_details(self._page, picture, scrubber=scrubber)
        document = self._recorder.document_exchange()
        bodies = tuple(replace(body, exchange=self._recorder.exchange(body)) for body in heard.bodies)
        self._collect()
        if (self._page.url, self._documents) != before or (self._recorder.waiting and settled):
            self._quiet_until = self._clock()
            return  # half of it may be of the next page, and that may be the login
        self._memory.seen.setdefault(answers, set()).add(text)
        self._seen_at = self._clock()
        status = details["status"]
        yield Sight(
            kind=kind,
            conversation=conversation,
            url=before[0],
            status=status if isinstance(status, int) and status > 0 else None,
            heard=replace(heard, bodies=bodies),
            html=html,
            picture=picture,
            viewport=f"{details['width']}x{details['height']}",
            settled=settled,
            document=document,
            extras=extras,
            missing=missing,
            scrubber=scrubber,
        )

    def _is_new(self, answers: str, text: str) -> bool:
        known = self._memory.seen.get(answers)
        if known is None:
            return True
        if not text or text in known:
            return False
        return known == {""} or self._clock() - self._seen_at >= TEXT_PAUSE

    def _picture(self) -> bytes:
        """Return what is visible: a picture of the whole page would resize the window under the human's hands."""
        try:
            return _picture(self._page)
        except Error:
            return b""

    def _collect(self) -> None:
        self._recorder.collect()
        bodies, self._recorder.bodies = self._recorder.bodies, []
        lost, self._recorder.lost = self._recorder.lost, []
        self._answers.take(bodies, lost)
        if bodies or lost:
            self._quiet_until = self._clock()

    def _on_request(self, request: Request) -> None:
        try:
            if request.is_navigation_request() and request.frame == self._page.main_frame:
                self._asked_for = _without_fragment(request.url)
        except Error:
            return  # a frame that is not there yet is not this tab's document

    def _on_navigated(self, frame: Frame) -> None:
        """Begin anew with a new document; a download or a step inside the page leaves the old one in place."""
        if frame != self._page.main_frame or _without_fragment(frame.url) != self._asked_for:
            return
        self._asked_for = None
        self._documents += 1
        self._recorder.forget()
        self._answers = Answers()


@asked_again
def _picture(page: Page) -> bytes:
    return page.screenshot(type="png", animations="allow", caret="initial", timeout=_PICTURE_MILLISECONDS)


def _origin(url: str) -> tuple[str, str | None, int | None]:
    """Return what two addresses of one site have in common, however they are written."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or _DEFAULT_PORTS.get(parts.scheme)


def _without_fragment(url: str) -> str:
    return url.partition("#")[0]


def _digest(kind: PageKind, conversation: str | None, heard: Heard, *, document: tuple[int, int]) -> str:
    """Return what tells one state's answers from another's; where there are none, each document is its own."""
    told = hashlib.sha256(repr((kind, conversation, heard.lost, None if heard.bodies else document)).encode())
    for body in heard.bodies:
        told.update(repr((body.url, body.status, len(body.content))).encode())
        told.update(body.content)
    return told.hexdigest()


def _digest_of_text(text: str) -> str:
    return hashlib.sha256(" ".join(text.split()).encode(errors="replace")).hexdigest()
