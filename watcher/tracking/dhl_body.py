"""Reads what DHL's Shipment Tracking - Unified answers; nothing that stands there makes it fail.

The shape: `shipments[].{id,service,status,events[],returnFlag,rerouteUrl,estimatedTimeOfDelivery,
estimatedDeliveryTimeFrame,details{pieceIds}}`, each event `{timestamp,statusCode,status,description,remark}`
(karrioapi/karrio, modules/connectors/dhl_universal; developer.dhl.com, spec v1.5.8, read in 2026). For `parcel-de`
`status` is a code such as `ZU` and its former words stand in `remark` (DHL's change log, April 2024). A time without
an offset is the local one of the place (the spec). No answer for a real parcel has been seen by us.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from watcher.carriers.knowledge import BERLIN
from watcher.domain.answer import Answer, Said, SourceProblem
from watcher.texts.fill import one_line

_LONGEST_WORDS = 500
_LONGEST_CODE = 40
_LONGEST_LINK = 500
_MOST_EVENTS = 500
_FIRST_YEAR = 2000
"""Before that a time is a placeholder."""
_CODE = re.compile(r"[A-Z0-9_-]{1,6}")
_TAG = re.compile(r"<[^<>]{1,500}>")
"""Some descriptions hold links in HTML (seen in a public client, 2026)."""
_LINK = re.compile(
    r"https://(?:[a-z0-9-]+\.)*(?:dhl\.de|dhl\.com|deutschepost\.de)(?:[/?#][^\s\"'<>\\^`{|}]*)?", re.ASCII
)


def read(body: bytes, *, number: str) -> Answer:
    """Return what an answer says about this number, and about no other."""
    shipments = _part(_parsed(body), "shipments")
    if not isinstance(shipments, list):
        return _not_understood("no shipments in it")
    if not shipments:
        return Answer(problem=SourceProblem.NOT_FOUND)
    ours = [shipment for shipment in shipments if bare(number) in set(_numbers(shipment))]
    if len(ours) != 1:
        # Without the right service DHL may answer with a stranger's parcel (support-developer.dhl.com, 2023).
        return _not_understood("it is about another number" if not ours else "several shipments")
    return _read(ours[0])


def problem_in(body: bytes) -> str:
    """Return what an error's body says, as one line; empty where it says nothing readable."""
    whole = _parsed(body)
    parts = (_text(_part(whole, name), limit=100) for name in ("title", "detail"))
    return " – ".join(part for part in parts if part)


def bare(number: str) -> str:
    """Return a number without what spellings differ in: blanks, case and leading zeros."""
    return re.sub(r"[^A-Z0-9]", "", number.upper(), flags=re.ASCII).lstrip("0")


def _read(shipment: object) -> Answer:
    listed = _part(shipment, "events")
    entries = listed if isinstance(listed, list) else []
    events = [_said(entry) for entry in entries[:_MOST_EVENTS]]
    statements = _with_status(
        _in_order([event for event in events if event]), _said(_part(shipment, "status"))
    )
    if statements and _part(shipment, "returnFlag") is True:
        # The mark is about the parcel as it is now, not about its way there.
        statements[-1] = replace(statements[-1], is_return=True)
    is_broken = listed is not None and not isinstance(listed, list)
    unread = is_broken or None in events or len(entries) > _MOST_EVENTS or not statements
    return Answer(
        statements=tuple(statements),
        reroute_url=_link(_part(shipment, "rerouteUrl")),
        delivery_expected=_expected(shipment),
        problem=SourceProblem.NOT_UNDERSTOOD if unread else None,
        detail="not every event could be read" if unread else "",
    )


def _said(event: object) -> Said | None:
    """Return what an event says; `None` where nothing in it can be read."""
    words = next(filter(None, (_words(_part(event, name)) for name in ("description", "remark"))), "")
    status = _text(_part(event, "status"), limit=_LONGEST_WORDS)
    event_code = status if _CODE.fullmatch(status) else None
    words = words or ("" if event_code else status)
    status_code = _text(_part(event, "statusCode"), limit=_LONGEST_CODE) or None
    if not (words or status_code or event_code):
        return None
    at = _moment(_part(event, "timestamp"))
    return Said(words=words, status_code=status_code, event_code=event_code, at=at)


def _in_order(events: list[Said]) -> list[Said]:
    """Return the events, the oldest first; one without a time keeps its place beside its neighbour."""
    dated = [event.at for event in events if event.at]
    is_rising = bool(dated) and dated[0] < dated[-1]
    told = events if is_rising else events[::-1]
    latest = datetime.min.replace(tzinfo=UTC)
    keyed: list[tuple[datetime, Said]] = []
    for event in told:
        latest = event.at or latest
        keyed.append((latest, event))
    return [event for _, event in sorted(keyed, key=lambda pair: pair[0])]


def _with_status(events: list[Said], status: Said | None) -> list[Said]:
    """Return the events and the present state, unless one of them says that already."""
    if status is None or status in events or (events and _is_echo(status, events[-1])):
        return events
    later = (place for place, event in enumerate(events) if event.at and status.at and event.at > status.at)
    place = next(later, len(events))
    return [*events[:place], status, *events[place:]]


def _is_echo(status: Said, newest: Said) -> bool:
    """Whether the state repeats the newest event; its time is at times told in another zone, or not at all."""
    return replace(status, at=None) == replace(newest, at=None)


def _expected(shipment: object) -> str | None:
    frame = _part(shipment, "estimatedDeliveryTimeFrame")
    ends = [_moment(_part(frame, name)) for name in ("estimatedFrom", "estimatedThrough")]
    if ends[0] and ends[1]:
        return "/".join(end.astimezone(BERLIN).isoformat(timespec="minutes") for end in ends if end)
    at = _moment(_part(shipment, "estimatedTimeOfDelivery"))
    return at.astimezone(BERLIN).date().isoformat() if at else None


def _numbers(shipment: object) -> Iterator[str]:
    pieces = _part(_part(shipment, "details"), "pieceIds")
    for value in (_part(shipment, "id"), *(pieces if isinstance(pieces, list) else ())):
        if isinstance(value, str | int) and (number := bare(str(value))):
            yield number


def _moment(value: object) -> datetime | None:
    if not isinstance(value, str) or len(value) > _LONGEST_CODE:
        return None
    try:
        at = datetime.fromisoformat(value)
        at = (at if at.tzinfo else at.replace(tzinfo=BERLIN)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if at.year >= _FIRST_YEAR else None


def _link(value: object) -> str | None:
    is_good = isinstance(value, str) and len(value) <= _LONGEST_LINK and value.isascii()
    return value if isinstance(value, str) and is_good and _LINK.fullmatch(value) else None


def _words(value: object) -> str:
    return _text(_TAG.sub(" ", value[: 4 * _LONGEST_WORDS]) if isinstance(value, str) else None)


def _text(value: object, *, limit: int = _LONGEST_WORDS) -> str:
    return one_line(value[: 4 * limit], limit=limit) if isinstance(value, str) else ""


def _part(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, dict) else None


def _parsed(body: bytes) -> object:
    try:
        parsed: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return parsed


def _not_understood(detail: str) -> Answer:
    return Answer(problem=SourceProblem.NOT_UNDERSTOOD, detail=detail)
