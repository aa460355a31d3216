"""DHL's official Shipment Tracking - Unified, asked with the user's own key.

    GET https://api-eu.dhl.com/track/shipments?trackingNumber=..&service=parcel-de&language=de

A key is free, for 250 questions a day and one in 5 seconds, and is given after a look at the profile, in which DHL
wants a company's name (developer.dhl.com, read in 2026; ha-parcel-integrations/ha-dhl). So nothing may depend on it.
New parcels appear after 10 to 30 minutes and are forgotten after about 90 days (support-developer.dhl.com, 2023-24).

DHL's terms for tracking data (developer.dhl.com/api-reference/shipment-tracking):

- only parcels of one's own, as sender or recipient; the data go to nobody else;
- "Delivered by Deutsche Post DHL Group" stands where they are shown (`SOURCE.attribution`);
- they are deleted 30 days after the delivery (`SOURCE.kept_after_delivery`).
"""

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from watcher import __version__
from watcher.domain.answer import Answer, SourceProblem
from watcher.domain.quota import Quota
from watcher.tracking.dhl_body import problem_in, read
from watcher.tracking.fetch import Address, NoReply, Reply, fetch
from watcher.tracking.source import SourceKind

BASE_URL: Final = "https://api-eu.dhl.com"
_NAME = "dhl"
_CARRIERS = frozenset({"dhl"})
_QUOTA = Quota(per_day=250, shortest_pause=timedelta(seconds=5))
_NUMBER = re.compile(r"[A-Z0-9]{8,40}")
_POSTCODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 -]{2,9}", re.ASCII)
_KEY = re.compile(r"[!-~]{1,200}")
_SECONDS = re.compile(r"[0-9]{1,9}")
_PROBLEMS: dict[int, SourceProblem] = {
    HTTPStatus.UNAUTHORIZED: SourceProblem.KEY_REFUSED,
    HTTPStatus.FORBIDDEN: SourceProblem.KEY_REFUSED,
    HTTPStatus.NOT_FOUND: SourceProblem.NOT_FOUND,
    HTTPStatus.TOO_MANY_REQUESTS: SourceProblem.QUOTA_SPENT,
    HTTPStatus.REQUEST_TIMEOUT: SourceProblem.UNREACHABLE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DhlUnified:
    """The source, set up."""

    key: str = field(repr=False)
    address: Address
    quota: Quota = _QUOTA
    timeout: float = 15.0
    name: str = _NAME
    carriers: frozenset[str] = _CARRIERS

    def ask(self, number: str, *, postcode: str | None) -> Answer:
        """Ask once about a number, as `TrackingSource` says."""
        asked = re.sub(r"[\s-]", "", number[:200]).upper()
        if not _NUMBER.fullmatch(asked):
            return Answer(
                problem=SourceProblem.NOT_FOUND, detail="no tracking number; it was not asked about"
            )
        if not _KEY.fullmatch(self.key):
            return Answer(problem=SourceProblem.KEY_REFUSED, detail="no key; it was not sent")
        query = {"trackingNumber": asked, "service": "parcel-de", "language": "de"}
        if postcode is not None and _POSTCODE.fullmatch(postcode.strip()):
            query["recipientPostalCode"] = postcode.strip()
        reply = fetch(
            self.address,
            f"/track/shipments?{urlencode(query)}",
            headers={
                "DHL-API-Key": self.key,
                "Accept": "application/json",
                "User-Agent": f"Stornowacht/{__version__}",
            },
            timeout=self.timeout,
        )
        if isinstance(reply, NoReply):
            return Answer(problem=SourceProblem.UNREACHABLE, detail=reply.reason.replace(self.key, "..."))
        return _answered(reply, number=asked, key=self.key)


def build(
    *, key: str, base_url: str | None = None, per_day: int | None = None, timeout: float = 15.0
) -> DhlUnified:
    """Set the source up, as `Build` says."""
    at_most = _QUOTA.per_day if per_day is None else min(per_day, _QUOTA.per_day)
    return DhlUnified(
        key=key.strip(),
        address=Address.of(base_url or BASE_URL),
        quota=replace(_QUOTA, per_day=at_most),
        timeout=timeout,
    )


SOURCE: Final = SourceKind(
    name=_NAME,
    title="DHL Shipment Tracking – Unified",
    carriers=_CARRIERS,
    quota=_QUOTA,
    portal="https://developer.dhl.com/api-reference/shipment-tracking",
    attribution="Delivered by Deutsche Post DHL Group",
    kept_after_delivery=timedelta(days=30),
    build=build,
)


def _answered(reply: Reply, *, number: str, key: str) -> Answer:
    if reply.status == HTTPStatus.OK:
        answer = (
            read(reply.body, number=number)
            if reply.is_whole
            else Answer(problem=SourceProblem.NOT_UNDERSTOOD, detail="the answer is too large")
        )
        return replace(answer, body=reply.body)
    # An echo of the key goes first: cut in two it would not be found.
    said = problem_in(reply.body.replace(key.encode(), b"..."))
    return Answer(
        problem=_problem(reply.status),
        retry_after=_retry_after(reply) if reply.status == HTTPStatus.TOO_MANY_REQUESTS else None,
        detail=f"HTTP {reply.status}: {said}" if said else f"HTTP {reply.status}",
        body=reply.body,
    )


def _problem(status: int) -> SourceProblem:
    is_theirs = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return _PROBLEMS.get(status, SourceProblem.UNREACHABLE if is_theirs else SourceProblem.NOT_UNDERSTOOD)


def _retry_after(reply: Reply) -> timedelta | None:
    """Return how long to wait: seconds, or a moment on the server's own clock (RFC 9110, 10.2.3)."""
    told = reply.headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(told):
        return timedelta(seconds=int(told))
    until, now = _moment(told), _moment(reply.headers.get("date", ""))
    return max(until - now, timedelta()) if until and now else None


def _moment(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text[:100])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
