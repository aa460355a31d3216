"""The bytes of one page at one moment."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from watcher.domain.exchange import Exchange


class PageKind(StrEnum):
    """Which page of the account was captured."""

    CONVERSATION_LIST = "conversation_list"
    CONVERSATION = "conversation"
    ADDED = "added"
    """A page of the own account that the seller added in the config."""
    AD = "ad"
    """An ad as a buyer sees it: the one that an order is about, or one of the own ads."""
    OWN_ADS = "own_ads"
    """A page of the list of the own ads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedPage:
    """A page of the own account that is captured at each check."""

    name: str
    url: str


class Role(StrEnum):
    """What a file of a capture is."""

    SCREENSHOT = "screenshot"
    PREVIEW = "preview"
    """The part that matters as a PNG, for mails: classic Outlook shows no WebP."""
    THUMBNAIL = "thumbnail"
    PART = "part"
    """One element of the page by itself: a payment card, the thread, a photo of the ad."""
    HTML = "html"
    MHTML = "mhtml"
    """The page in one file, with its pictures and styles."""
    OUTLINE = "outline"
    """The page's text as a screen reader hears it."""
    TEXT_MAP = "text_map"
    """Where in the picture which text stands, so that it can be covered later."""
    JSON = "json"
    FACTS = "facts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """One JSON answer that the page itself asked for and received."""

    url: str
    status: int
    content: bytes
    exchange: Exchange | None = None
    withheld: bool = False
    """Whether it bears a token: then it is read and never stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """One secret that was taken out of a capture."""

    where: str
    """In which of its files, or in an address."""
    what: str
    """What kind of secret it was, and under which name it was known; never itself."""
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturedFile:
    """One file of a capture, ready to be stored."""

    role: Role
    media_type: str
    content: bytes
    label: str = ""
    """Which one of its role it is, where there may be several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """What one page was when it was looked at. Nothing in it is interpreted yet."""

    id: str
    account: str
    kind: PageKind
    conversation: str | None = None
    page: str | None = None
    """The name of an added page; the id of an own ad that belongs to no conversation."""
    taken_at: datetime
    url: str
    """The address asked for."""
    final_url: str
    """The address at which the visit ended, after redirects."""
    status: int | None
    """The HTTP status of the document; `None` when no answer came."""
    html: str = ""
    screenshot: bytes = b""
    screenshot_type: str = "image/webp"
    preview: bytes = b""
    """A PNG of the part that matters; empty where nothing stands out."""
    bodies: tuple[Body, ...] = ()
    lost_bodies: tuple[str, ...] = ()
    """Addresses of allowed JSON answers whose bytes could not be had."""
    shapes: tuple[str, ...] = ()
    """How answers are built that came where one of those above was waited for; of what they say nothing is kept."""
    blocked_requests: int = 0
    stopped: tuple[tuple[str, int], ...] = ()
    """What the guard stopped: `METHOD scheme://host/path` without query, and how often."""
    foreign: tuple[tuple[str, int], ...] = ()
    """Hosts that are not the site's and were not loaded from, and how often they were asked for."""
    settled: bool = True
    """Whether the page came to rest (rows or messages there, skeletons gone) before the deadline."""
    failure: str | None = None
    """Why there was no page at all: a network error in the browser's words."""
    facts: tuple[tuple[str, str], ...] = field(default=())
    """Circumstances worth keeping: browser version, viewport, program version."""
    document: Exchange | None = None
    """How the document itself came."""
    extras: tuple[CapturedFile, ...] = ()
    """What only a page that is kept is asked for: page archive, outline, map of texts, pictures of its parts."""
    missing: tuple[str, ...] = ()
    """What was wanted and could not be had: `what: why`."""
    removed: tuple[Removed, ...] = ()
    """Secrets that were taken out before anything was stored."""

    @property
    def screenshot_extension(self) -> str:
        """The screenshot's file name extension, without the dot."""
        return "png" if self.screenshot_type == "image/png" else "webp"

    @property
    def lacks(self) -> tuple[str, ...]:
        """All that keeps it from being complete: `what: why`."""
        told = []
        if self.failure is not None:
            told.append(f"page: {self.failure}")
        elif not self.settled:
            told.append("page: it did not come to rest in time")
        if not self.screenshot:
            told.append("screenshot: none could be taken")
        told.extend(f"json: the bytes of {url} could not be had" for url in self.lost_bodies)
        told.extend(
            f"json: the answer of {body.url} bears a token and is not kept"
            for body in self.bodies
            if body.withheld
        )
        return (*told, *self.missing)

    @property
    def is_complete(self) -> bool:
        """Whether nothing is lacking that was wanted."""
        return not self.lacks
