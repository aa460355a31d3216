"""One visit: pages are loaded by their address, looked at, and captured.

It scrolls. It presses nothing and types nothing.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from playwright.sync_api import CDPSession, Error, Page, Response

from watcher.browser.browser_settings import BrowserSettings
from watcher.browser.circumstances import program_facts, settings_facts, time_facts, window_facts
from watcher.browser.connection import clock_offset, headers_of, received_at
from watcher.browser.cuts import Cuts, cuts_of, standing
from watcher.browser.details import OUT_OF_SIGHT, take_details
from watcher.browser.flood import TOO_LARGE, Flood
from watcher.browser.lazy import load_photos
from watcher.browser.parts import reason_of
from watcher.browser.photos import take_photos
from watcher.browser.picture import LITTLE_PATIENCE, USUAL_VIEWPORT, open_up, try_picture
from watcher.browser.recorder import Recorder
from watcher.browser.rest import wait_for_rest, wait_for_silence
from watcher.browser.scrolling import scroll_through_list
from watcher.browser.secrets_seen import SecretsSeen
from watcher.domain.capture import AddedPage, Body, Capture, PageKind
from watcher.pages.ad import shown_selector
from watcher.pages.addresses import message_box, own_ads_page
from watcher.pages.cleaning import clean, clean_exchange, ids_of
from watcher.pages.lossless import as_webp
from watcher.pages.markup import parse_ahead
from watcher.pages.own_ads import rows_selector
from watcher.pages.scrubbing import Scrubber

NO_DETAILS = "details: none were taken"
"""What a capture lacks as long as nobody has asked for its details."""
# What Playwright says when a page goes elsewhere while it is being looked at.
_INTERRUPTED = "interrupted by another navigation"
_LEADING_ON = ("Execution context was destroyed", "page is navigating", "Cannot find context", _INTERRUPTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """The page that is to be opened."""

    kind: PageKind
    url: str
    conversation: str | None = None
    page: str | None = None

    @property
    def is_own_ad(self) -> bool:
        """Whether it is an ad that is looked at for itself."""
        return self.kind is PageKind.AD and self.page is not None

    @property
    def is_strange(self) -> bool:
        """Whether no layout says when it has come to rest."""
        return self.kind in {PageKind.ADDED, PageKind.AD}


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the tab shows: the page of this capture, as long as the tab has gone nowhere since."""

    capture: str
    bodies: tuple[Body, ...]
    """As they came."""
    scrubber: Scrubber
    moves: int


@dataclass(slots=True, kw_only=True)
class BrowserVisit:
    """One visit, from the first page to the last."""

    account: str
    settings: BrowserSettings
    page: Page
    recorder: Recorder
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    deadline: float
    browser: str
    circumstances: dict[str, str] = field(default_factory=dict)
    """Further facts about the browser, for every capture."""
    _secrets: SecretsSeen = field(init=False)
    _flood: Flood = field(init=False)
    _shown: _Shown | None = field(init=False, default=None)
    _session: CDPSession | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        """Begin to listen."""
        self._secrets = SecretsSeen(self.page)
        self._flood = Flood(self.page)

    def open_list(self, enough: Callable[[Capture], bool]) -> Capture:
        """Open the message box and capture the conversation list, as many pages of it as it takes."""
        url = message_box(self.settings.base_url)
        return self._open(_Target(kind=PageKind.CONVERSATION_LIST, url=url), enough=enough)

    def open_thread(self, conversation: str) -> Capture:
        """Open one conversation by its address and capture it."""
        url = message_box(self.settings.base_url, conversation)
        return self._open(_Target(kind=PageKind.CONVERSATION, url=url, conversation=conversation))

    def open_page(self, page: AddedPage) -> Capture:
        """Open a page that the seller added and capture it."""
        return self._open(_Target(kind=PageKind.ADDED, url=page.url, page=page.name))

    def open_ad(self, path: str, conversation: str | None, *, ad: str | None = None) -> Capture:
        """Open an ad as a buyer sees it and capture it.

        The photos of an own ad (`ad`) are among the extras at once; those of an ad that a conversation is about come with
        the details.
        """
        url = self.settings.base_url.rstrip("/") + path
        return self._open(_Target(kind=PageKind.AD, url=url, conversation=conversation, page=ad))

    def open_own_ads(self, page: int) -> Capture:
        """Open one page of the list of the own ads, from 1, and capture it."""
        return self._open(_Target(kind=PageKind.OWN_ADS, url=own_ads_page(self.settings.base_url, page)))

    def has_time(self) -> bool:
        """Whether a further page may be opened before the visit has lasted too long."""
        return time.monotonic() < self.deadline

    def details(self, capture: Capture) -> Capture:
        """Return the capture of the page that is open with its picture and all that only a page worth keeping is asked for.

        What cannot be had is named in `missing`. A page that never came, and one that has gone elsewhere meanwhile, has none.
        """
        shown = self._shown
        if capture.failure is not None:
            return capture
        if shown is None or shown.capture != capture.id or shown.moves != self.recorder.moves:
            return _without_details(capture, "the page is no longer open")
        self._secrets.teach(shown.scrubber)
        pictured, cuts = self._with_picture(self._with_connections(capture, shown))
        detailed = take_details(
            self.page,
            pictured,
            signals=self.settings.signals,
            scrubber=shown.scrubber,
            cuts=cuts,
            deadline=self.deadline,
        )
        if shown.moves != self.recorder.moves:
            return _without_details(capture, "the page led elsewhere meanwhile")
        return _smaller(detailed)

    def _with_connections(self, capture: Capture, shown: _Shown) -> Capture:
        document = self.recorder.document_exchange()
        bodies = (
            replace(body, exchange=clean_exchange(self.recorder.exchange(raw), shown.scrubber))
            for body, raw in zip(capture.bodies, shown.bodies, strict=True)
        )
        missing = [told for told in capture.missing if told != NO_DETAILS]
        if document is None:
            missing.append("connection: the browser does not tell how the document came")
        return replace(
            capture,
            document=clean_exchange(document, shown.scrubber),
            bodies=tuple(bodies),
            missing=tuple(missing),
        )

    def _with_picture(self, capture: Capture) -> tuple[Capture, Cuts | None]:
        """Add the picture: of the page as it stands, in a window so tall that nothing scrolls any more.

        Returns:
            The capture, and what can be cut from its picture.
        """
        has_thread = capture.kind is not PageKind.AD
        part = self.settings.signals.thread if capture.kind is PageKind.CONVERSATION else ""
        hidden = 0
        with suppress(Error):
            hidden = open_up(self.page, part)
        before = standing(self.page, self.settings.signals, thread=has_thread)
        picture, kind = try_picture(self.page, session=self._line())
        after = standing(self.page, self.settings.signals, thread=has_thread)
        facts = dict(capture.facts) | window_facts(self.page.viewport_size, picture)
        missing = list(capture.missing)
        if hidden:
            facts["hidden_pixels"] = str(hidden)
            missing.append(f"{OUT_OF_SIGHT} {hidden} pixels of the page do not fit into it")
        pictured = replace(
            capture,
            screenshot=picture,
            screenshot_type=kind,
            facts=tuple(facts.items()),
            missing=tuple(missing),
        )
        return pictured, cuts_of(picture, before, after)

    def _open(self, target: "_Target", enough: Callable[[Capture], bool] = lambda _: True) -> Capture:
        url, before = target.url, self.page.url
        self.recorder.forget()
        self._flood.forget()
        self.recorder.document, self._shown = None, None
        answer: Response | None = None
        failure: str | None = None
        settled, html, shapes = False, "", tuple[str, ...]()
        deadline = min(time.monotonic() + self.settings.settle_seconds, self.deadline)
        try:
            if self.page.viewport_size != USUAL_VIEWPORT:
                self.page.set_viewport_size(USUAL_VIEWPORT)
            answer = self._go_to(url)
            settled, html = self._settle(target, enough, deadline)
            shapes = () if self._is_answered(target) else self.recorder.shapes()
        except Error as error:
            failure = reason_of(error)
        if self._flood.is_there:
            failure = TOO_LARGE
        taken_at, moves = self.clock(), self.recorder.moves
        picture, kind = b"", "image/webp"
        if failure is not None and self.page.url != before:  # else there is still the page from before
            picture, kind = try_picture(self.page, milliseconds=LITTLE_PATIENCE)
        lost = [*self.recorder.lost, *self.recorder.unanswered(target.conversation or "")]
        bodies = tuple(self.recorder.bodies)
        capture = Capture(
            id=self.new_id(),
            account=self.account,
            kind=target.kind,
            conversation=target.conversation,
            page=target.page,
            taken_at=taken_at,
            url=url,
            final_url=self.page.url if failure is None else url,
            status=answer.status if answer is not None else None,
            html=html,
            screenshot=picture,
            screenshot_type=kind,
            bodies=bodies,
            lost_bodies=tuple(lost),
            shapes=shapes,
            blocked_requests=self.recorder.blocked,
            stopped=tuple(sorted(self.recorder.stopped.items())),
            foreign=tuple(sorted(self.recorder.foreign.items())),
            settled=settled,
            failure=failure,
            facts=tuple(self._facts(taken_at, picture).items()),
            missing=() if failure is not None else (NO_DETAILS,),
        )
        ids = ids_of(bodies, target.conversation)
        scrubber = self._secrets.scrubber(ids, is_open=failure is None)
        if failure is None:
            self._shown = _Shown(capture.id, bodies, scrubber, moves)
            if target.is_own_ad:
                capture = self._with_photos(capture, scrubber)
        return clean(capture, scrubber)

    def _line(self) -> CDPSession | None:
        """Return the line to the browser's own protocol; `None` where it cannot be had."""
        if self._session is None:
            with suppress(Error):
                self._session = self.page.context.new_cdp_session(self.page)
        return self._session

    def _with_photos(self, capture: Capture, scrubber: Scrubber) -> Capture:
        photos = take_photos(self.page, scrubber)
        missing = tuple(scrubber.text(told, "facts") for told in photos.missing)
        return replace(capture, extras=photos.files, missing=(*capture.missing, *missing))

    def _facts(self, taken_at: datetime, picture: bytes) -> dict[str, str]:
        document = self.recorder.document
        headers = headers_of(document) if document is not None else None
        return {
            **program_facts(browser=self.browser),
            **time_facts(taken_at, clock_offset(headers, received_at(document))),
            **window_facts(self.page.viewport_size, picture),
            **settings_facts(self.settings),
            **self.circumstances,
        }

    def _is_answered(self, target: "_Target") -> bool:
        """Whether the page received what its readers look for, whatever it says; of a strange page nobody knows."""
        if target.kind is PageKind.CONVERSATION_LIST:
            return self.recorder.has_list()
        if target.kind is PageKind.OWN_ADS:
            return self.recorder.has_own_ads()
        if target.kind is PageKind.AD:
            return True
        return target.conversation is None or self.recorder.has_thread(target.conversation)

    def _go_to(self, url: str) -> Response | None:
        """Load an address. A page that leads on by itself while it loads is no failure: where it leads is the answer."""
        milliseconds = self.settings.settle_seconds * 1000
        try:
            return self.page.goto(url, wait_until="domcontentloaded", timeout=milliseconds)
        except Error as error:
            if _INTERRUPTED not in error.message:
                raise
        self.page.wait_for_load_state("domcontentloaded", timeout=milliseconds)
        return None

    def _settle(
        self, target: "_Target", enough: Callable[[Capture], bool], deadline: float
    ) -> tuple[bool, str]:
        """Wait until the page rests; return whether it does, and its markup.

        A page may lead on by itself at any moment, to the login for instance; then it is waited for anew.
        """
        while True:
            try:
                if target.is_strange:
                    known_by = shown_selector() if target.kind is PageKind.AD else ":not(*)"
                    settled = wait_for_silence(self.page, deadline=deadline, known_by=known_by)
                    if target.kind is PageKind.AD:
                        settled = load_photos(self.page, deadline=deadline) and settled
                elif target.kind is PageKind.OWN_ADS:
                    settled = wait_for_rest(
                        self.page,
                        self.recorder,
                        conversation=None,
                        deadline=deadline,
                        signals=replace(self.settings.signals, rows=rows_selector()),
                        answered=self.recorder.has_own_ads,
                        meanwhile=self._parse_ahead,
                    )
                else:
                    settled = wait_for_rest(
                        self.page,
                        self.recorder,
                        conversation=target.conversation,
                        deadline=deadline,
                        signals=self.settings.signals,
                        meanwhile=self._parse_ahead,
                    )
                if target.kind is PageKind.CONVERSATION_LIST and settled:
                    scroll_through_list(
                        self.page,
                        self.recorder,
                        self.settings.signals,
                        enough=lambda: enough(self._so_far()),
                        deadline=deadline,
                        visit_deadline=self.deadline,
                    )
                self.recorder.collect()
                return settled, self._markup()
            except Error as error:
                if time.monotonic() >= deadline or not any(word in error.message for word in _LEADING_ON):
                    raise
                self.page.wait_for_load_state(
                    "domcontentloaded", timeout=max(deadline - time.monotonic(), 0.1) * 1000
                )

    def _parse_ahead(self) -> None:
        """Parse the markup as it stands: its reader needs it parsed.

        A parser that breaks down on it says so to that reader, once the bytes are on disk.
        """
        markup = self._markup()
        with suppress(Exception):
            parse_ahead(markup)

    def _markup(self) -> str:
        """Return the markup as it stands, written out by the browser itself.

        Playwright would first bring a script of its own into the page, which takes 20 ms of each.
        """
        line = self._line()
        # The page may lead on at this very moment: Playwright waits for it.
        with suppress(Error, KeyError):
            if line is not None:
                document = line.send("Runtime.evaluate", {"expression": "document"})["result"]["objectId"]
                return str(line.send("DOM.getOuterHTML", {"objectId": document})["outerHTML"])
        return self.page.content()

    def _so_far(self) -> Capture:
        return Capture(
            id="",
            account=self.account,
            kind=PageKind.CONVERSATION_LIST,
            taken_at=self.clock(),
            url="",
            final_url="",
            status=None,
            bodies=tuple(self.recorder.bodies),
        )


def _smaller(capture: Capture) -> Capture:
    """Return the capture with its picture in fewer bytes, where that can be done without losing a pixel."""
    webp = as_webp(capture.screenshot) if capture.screenshot_type == "image/png" else None
    return capture if webp is None else replace(capture, screenshot=webp, screenshot_type="image/webp")


def _without_details(capture: Capture, why: str) -> Capture:
    others = (told for told in capture.missing if told != NO_DETAILS)
    return replace(capture, missing=(*others, f"details: {why}"))
