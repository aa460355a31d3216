"""`capture.json`: what is told of a capture beside its bytes, and how it is read again."""

import json
from dataclasses import asdict, fields
from datetime import datetime
from hashlib import sha256
from typing import Any

from watcher.domain.capture import Body, Capture, CapturedFile, PageKind, Removed
from watcher.domain.exchange import Exchange, Tls


def write_facts(capture: Capture, files: list[CapturedFile]) -> bytes:
    """Return the facts of a capture that is made of these files."""
    told = json.dumps(_facts(capture, files), ensure_ascii=False, indent=1, sort_keys=True)
    return told.encode(errors="backslashreplace")


def read_facts(told: dict[str, Any], capture_id: str, account: str) -> Capture:
    """Return the capture that its facts tell of, still without its bytes.

    Raises:
        KeyError, ValueError, TypeError: the facts are not those of a capture.
    """
    derived = {"account", "added_page", "answers", "complete", "files"}
    named = derived | {field.name for field in fields(Capture)}
    return Capture(
        id=capture_id,
        account=account,
        kind=PageKind(told["page"]),
        conversation=told["conversation"],
        page=told.get("added_page"),
        taken_at=datetime.fromisoformat(told["taken_at"]),
        url=str(told["url"]),
        final_url=str(told["final_url"]),
        status=told["status"],
        bodies=tuple(_body(entry) for entry in told["answers"]),
        lost_bodies=tuple(told["lost_bodies"]),
        shapes=tuple(str(shape) for shape in told.get("shapes", ())),
        blocked_requests=told["blocked_requests"],
        stopped=tuple((what, count) for what, count in told.get("stopped", ())),
        foreign=tuple((host, count) for host, count in told.get("foreign", ())),
        settled=told["settled"],
        failure=told["failure"],
        facts=tuple((name, str(value)) for name, value in told.items() if name not in named),
        document=_exchange(told.get("document")),
        missing=_own_missing(told),
        removed=tuple(Removed(**entry) for entry in told.get("removed", ())),
    )


def _facts(capture: Capture, files: list[CapturedFile]) -> dict[str, object]:
    return {
        "id": capture.id,
        "account": capture.account,
        "page": capture.kind,
        "conversation": capture.conversation,
        "added_page": capture.page,
        "taken_at": capture.taken_at.isoformat(),
        "url": capture.url,
        "final_url": capture.final_url,
        "status": capture.status,
        "settled": capture.settled,
        "failure": capture.failure,
        "complete": capture.is_complete,
        "missing": list(capture.lacks),
        "removed": [asdict(entry) for entry in capture.removed],
        "blocked_requests": capture.blocked_requests,
        "stopped": capture.stopped,
        "foreign": capture.foreign,
        "lost_bodies": list(capture.lost_bodies),
        "shapes": list(capture.shapes),
        "document": _told_exchange(capture.document),
        "answers": [_told_body(body) for body in capture.bodies],
        "files": [_told_file(file) for file in files],
        **dict(capture.facts),
    }


def _told_file(file: CapturedFile) -> dict[str, str]:
    told = {"role": file.role.value, "sha256": sha256(file.content).hexdigest()}
    return told | ({"label": file.label} if file.label else {})


def _told_body(body: Body) -> dict[str, object]:
    told: dict[str, object] = {"url": body.url, "status": body.status}
    if body.exchange is not None:
        told["connection"] = _told_exchange(body.exchange)
    return told | ({"withheld": True} if body.withheld else {})


def _body(told: dict[str, Any]) -> Body:
    return Body(
        url=told["url"],
        status=told["status"],
        content=b"",
        exchange=_exchange(told.get("connection")),
        withheld=told.get("withheld", False),
    )


def _told_exchange(exchange: Exchange | None) -> dict[str, object] | None:
    if exchange is None:
        return None
    tls = exchange.tls
    return {
        "address": exchange.address,
        "http_version": exchange.http_version,
        "headers": [list(header) for header in exchange.headers],
        "removed_headers": list(exchange.removed_headers),
        "tls": None
        if tls is None
        else {
            "protocol": tls.protocol,
            "issuer": tls.issuer,
            "subject": tls.subject,
            "valid_from": tls.valid_from.isoformat() if tls.valid_from else None,
            "valid_to": tls.valid_to.isoformat() if tls.valid_to else None,
        },
        **({"why_no_tls": exchange.why_no_tls} if exchange.why_no_tls else {}),
    }


def _exchange(told: Any) -> Exchange | None:
    if told is None:
        return None
    tls = told["tls"]
    return Exchange(
        headers=tuple((str(name), str(value)) for name, value in told["headers"]),
        removed_headers=tuple(told["removed_headers"]),
        address=told["address"],
        http_version=told["http_version"],
        tls=None
        if tls is None
        else Tls(
            protocol=tls["protocol"],
            issuer=tls["issuer"],
            subject=tls["subject"],
            valid_from=_moment(tls["valid_from"]),
            valid_to=_moment(tls["valid_to"]),
        ),
        why_no_tls=told.get("why_no_tls", ""),
    )


def _moment(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None


def _own_missing(told: dict[str, Any]) -> tuple[str, ...]:
    """Return what is missing, but for what the capture's other facts say by themselves."""
    return tuple(
        entry
        for entry in told.get("missing", ())
        if not entry.startswith(("page:", "json:", "screenshot: none"))
    )
