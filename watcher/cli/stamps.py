"""How it stands with time stamps, in words and in JSON."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from watcher.bootstrap import House
from watcher.cli.common import moment, printable
from watcher.cli.report import Json, time_json
from watcher.texts.language import _, current

if TYPE_CHECKING:
    from watcher.app.anchor import StampState


def stamp_lines(our: House) -> Iterator[str]:
    """Say when each authority last stamped, and what waits for it."""
    for state in _states(our):
        yield f"{_last(state)} {_waiting(state)}".rstrip()


def stamps_json(our: House) -> list[Json]:
    """Return the same for scripts."""
    return [
        {
            "authority": state.authority,
            "stamped_at": time_json(state.last.stamped_at) if state.last else None,
            "lines": state.last.lines if state.last else None,
            "waiting_lines": state.waiting_lines if state.waits else None,
            "failing_since": time_json(state.health.failing_since),
            "fault": state.health.fault,
            "detail": state.health.detail,
            "not_before": time_json(state.health.not_before),
        }
        for state in _states(our)
    ]


def _states(our: House) -> "list[StampState]":
    if not our.config.stamped_by:
        return []
    from watcher.app.anchor import stamp_states  # noqa: PLC0415 - where somebody is asked

    return stamp_states(our.store, our.config.stamped_by)


def _last(state: "StampState") -> str:
    if state.last is None:
        return _("Time stamps of {authority}: none yet.").format(authority=state.authority)
    at = moment(state.last.stamped_at)
    return _("Time stamps of {authority}: last {at}.").format(authority=state.authority, at=at)


def _waiting(state: "StampState") -> str:
    from watcher.texts.stamps import fault_name  # noqa: PLC0415 - mostly nothing waits

    health = state.health
    if state.waits is None:
        return ""
    if health.fault is None:
        return _("{lines} ledger lines wait for one.").format(lines=state.waiting_lines)
    detail = f" ({printable(health.detail)})" if health.detail else ""
    return _("{lines} ledger lines wait: {fault}{detail}, since {since}; asked again {at}.").format(
        lines=state.waiting_lines,
        fault=fault_name(health.fault, language=current()),
        detail=detail,
        since=moment(health.failing_since),
        at=moment(health.not_before),
    )
