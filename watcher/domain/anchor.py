"""Anchors: moments of the ledger that somebody outside confirms, and what follows when nobody does.

An anchor is the first `lines` lines of the ledger. What is confirmed is one hash over their hashes, so anybody can
compute it by hand: `head -n LINES hashes.txt | sha256sum`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from watcher.domain.alert import Alert, AlertKind
from watcher.domain.event import EventKind

ANCHORED = "anchored"
STAMPED = "stamped"
OWN_LINES = frozenset({ANCHORED, STAMPED})
"""Kinds of the ledger lines that anchoring itself adds. They alone make no new anchor due, or there would be no end."""
PRESSING_LINES = frozenset({EventKind.ORDER_CANCELLED, EventKind.ORDER_REFUNDED, EventKind.ORDER_DISPUTED})
"""Kinds of lines that are anchored at once: a dispute may hang on what was known when."""
EVERY = timedelta(days=1)
SHORTEST_PAUSE = timedelta(minutes=1)
"""Authorities ask not to be hammered; one names 15 seconds."""
SHORTEST_REST = timedelta(minutes=1)
LONGEST_REST = timedelta(hours=6)
TELL_AFTER = timedelta(days=3)
"""For so long an authority may fail before the seller is told: nothing is lost meanwhile, and most of it passes."""


class AnchorReason(StrEnum):
    """Why an anchor was made."""

    DAILY = "daily"
    CANCELLATION = "cancellation"
    EXPORT = "export"
    BY_HAND = "by_hand"


class Qualified(StrEnum):
    """Whether an authority's stamps are qualified ones under eIDAS (EU 910/2014, Art. 42): presumed to be right."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class StampFault(StrEnum):
    """Why there is no stamp, or none that holds."""

    UNREACHABLE = "unreachable"
    TOO_SLOW = "too_slow"
    TLS = "tls"
    """The line could not be encrypted, or not with whom it should be."""
    MOVED = "moved"
    """It points elsewhere; nothing is sent to where nobody has allowed it."""
    HTTP_ERROR = "http_error"
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"
    """No time stamp at all, or a broken one."""
    REFUSED = "refused"
    """The authority says no."""
    OTHER_HASH = "other_hash"
    """It is a stamp on something else."""
    OTHER_NONCE = "other_nonce"
    """It answers another question."""
    OTHER_POLICY = "other_policy"
    NO_CERTIFICATE = "no_certificate"
    """The signer's certificate is neither in the answer nor known."""
    EXPIRED = "expired"
    """A certificate had expired when the stamp was made."""
    NOT_YET_VALID = "not_yet_valid"
    """A certificate was not valid yet when the stamp was made."""
    NOT_FOR_STAMPS = "not_for_stamps"
    """The signer's certificate is not one for time stamps alone."""
    UNTRUSTED = "untrusted"
    """The signer's certificate does not lead to the authority's root."""
    BAD_SIGNATURE = "bad_signature"
    OTHER_SIGNER = "other_signer"
    """It names another certificate than the one it is signed with."""
    UNKNOWN_AUTHORITY = "unknown_authority"
    """Nobody knows, or no longer, what to trust that authority by."""
    NO_LIBRARY = "no_library"
    """What checks stamps is not installed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """The first `lines` lines of the ledger, at one moment."""

    lines: int
    head: str
    """The hash of the last of them."""
    digest: str
    """See `digest_of`."""
    at: datetime
    reason: AnchorReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """An authority's answer that was verified when it came. Paths are relative to the storage folder."""

    lines: int
    authority: str
    qualified: Qualified
    """As it was known when the stamp came."""
    stamped_at: datetime
    """The authority's own time."""
    serial: str
    nonce: str
    """What the question held so that no older answer can pass for a new one; in hexadecimal."""
    path: str
    sha256: str
    chain_path: str
    """The certificates it was verified with, as PEM."""
    chain_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StampVerdict:
    """What an answer is worth. Without faults it is a stamp on the digest that was asked about."""

    authority: str
    qualified: Qualified = Qualified.UNKNOWN
    stamped_at: datetime | None = None
    """The authority's own time, in UTC; `None` where it cannot be read."""
    serial: str = ""
    policy: str = ""
    """The object identifier of the policy under which it was made."""
    signer: str = ""
    """Whose certificate signed it."""
    faults: tuple[StampFault, ...] = ()
    detail: str = ""
    """What a fault rests on, as one line; a stranger's words may be in it."""

    @property
    def ok(self) -> bool:
        """Whether it holds."""
        return not self.faults


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerNews:
    """What the ledger holds beyond the last anchor, apart from the lines of anchoring itself."""

    anything: bool
    pressing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityHealth:
    """How it stands with an authority. It is never given up: after each failure it rests for longer, six hours at most."""

    authority: str
    failing_since: datetime | None = None
    failures: int = 0
    """How many questions in a row have brought no stamp."""
    not_before: datetime | None = None
    """It is left alone until then."""
    fault: StampFault | None = None
    detail: str = ""
    told_at: datetime | None = None
    """When the seller was told of this failure; `None` while nobody was."""

    def is_free(self, *, now: datetime) -> bool:
        """Whether it may be asked now; a moment that only a wrong clock can have written holds up nothing."""
        return self.not_before is None or not timedelta(0) < self.not_before - now <= LONGEST_REST

    def failed(self, fault: StampFault, *, detail: str, at: datetime) -> "AuthorityHealth":
        """Return what is known after a question that brought no stamp."""
        failures = self.failures + 1
        return replace(
            self,
            failing_since=self.failing_since or at,
            failures=failures,
            not_before=at + rest_after(failures),
            fault=fault,
            detail=detail,
        )

    def stamped(self) -> "AuthorityHealth":
        """Return what is known after a stamp."""
        return AuthorityHealth(authority=self.authority)


def digest_of(hashes: Iterable[str]) -> str:
    """Return the hash that stands for ledger lines: SHA-256 over their hashes, each with a line feed after it."""
    digest = sha256()
    for each in hashes:
        digest.update(f"{each}\n".encode())
    return digest.hexdigest()


def reason_to_anchor(last: Anchor | None, news: LedgerNews, *, now: datetime) -> AnchorReason | None:
    """Return why an anchor is due now; `None` for none.

    1. Nothing new: none. What is anchored already gains nothing by it.
    2. A cancellation, refund or dispute: at once, a minute after the last anchor at the earliest.
    3. Anything else: a day after the last one. An anchor of the future (the clock was set back) holds up nothing.
    """
    if not news.anything:
        return None
    age = None if last is None else now - last.at
    if news.pressing and not (age is not None and timedelta(0) <= age < SHORTEST_PAUSE):
        return AnchorReason.CANCELLATION
    return None if age is not None and timedelta(0) <= age < EVERY else AnchorReason.DAILY


def rest_after(failures: int) -> timedelta:
    """Return how long an authority is left alone after so many failures in a row."""
    doubled: int = 2 ** min(max(failures, 1) - 1, 12)
    return min(SHORTEST_REST * doubled, LONGEST_REST)


def authority_news(
    health: AuthorityHealth, *, account: str, now: datetime
) -> tuple[Alert, AuthorityHealth] | None:
    """Return what the seller must be told of an authority, and what is known once they are; `None` for nothing.

    That it has failed for days is told once; `status` shows it all the time.
    """
    since = health.failing_since
    if since is None or health.fault is None or health.told_at is not None or now - since < TELL_AFTER:
        return None
    alert = Alert(
        key=f"{AlertKind.STAMPS_MISSING}/{health.authority}/{since.isoformat()}",
        kind=AlertKind.STAMPS_MISSING,
        account=account,
        at=now,
        details=(
            ("authority", health.authority),
            ("since", since.isoformat()),
            ("fault", health.fault.value),
            ("detail", health.detail),
        ),
    )
    return alert, replace(health, told_at=now)
