"""Values as the command line's contract prints them: keys may be added, never renamed."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from watcher.app.archive import StoredCapture
from watcher.app.ports import Store
from watcher.domain.account import Account
from watcher.domain.case import Case
from watcher.domain.event import Event
from watcher.domain.order import Order
from watcher.domain.outcome import Outcome
from watcher.domain.silence import is_verified, unverified_since

if TYPE_CHECKING:
    # The use case brings the page readers along; `status` and its like need none of them.
    from watcher.app.remember import Report

Json = dict[str, Any]


def order_json(order: Order) -> Json:
    """Return an order."""
    return {
        "id": order.id,
        "account": order.account,
        "conversation": order.conversation,
        "title": order.title,
        "buyer": order.buyer,
        "stage": order.stage.value,
        "reached": order.reached.value if order.reached else None,
        "since": time_json(order.stage_at),
        "paid": time_json(order.paid_at),
        "ship_by": time_json(order.ship_by),
        "ship_by_from": "page" if order.ship_by else None,
        "buyer_since": time_json(order.buyer_since),
        "amount_cents": order.amount_cents,
        "carrier": order.carrier,
        "tracking_number": order.tracking_number,
        "pickup": order.pickup,
        "shipping_option": order.shipping_option,
        "liability_cents": order.liability_cents,
        "confidence": order.confidence.value,
        "unknown_events": list(order.unknown_events),
        "missing": order.missing_checks > 0,
        "last_seen": time_json(order.last_seen_at),
        "forgotten": time_json(order.forgotten_at),
        "words": [
            {
                "kind": word.kind.value,
                "token": word.token,
                "means": word.stage.value if word.stage else None,
                "confidence": word.confidence.value,
            }
            for word in order.words
        ],
    }


def event_json(event: Event) -> Json:
    """Return an event."""
    return {
        "kind": event.kind.value,
        "order": event.order,
        "at": time_json(event.at),
        "details": dict(event.details),
    }


def case_json(case: Case) -> Json:
    """Return a case with its steps."""
    return {
        "id": case.id,
        "order": case.order,
        "account": case.account,
        "kind": case.kind.value,
        "confidence": case.confidence.value,
        "opened": time_json(case.opened_at),
        "acknowledged": time_json(case.acknowledged_at),
        "closed": time_json(case.closed_at),
        "ending": case.ending,
        "reason": case.reason,
        "reason_found": case.reason_found,
        "steps": [
            {
                "id": step.id,
                "due": time_json(step.due_at),
                "done": step.done_at is not None,
                "done_by": step.done_by,
                "urgent": step.urgent,
                "moves_to": step.moves_to.value if step.moves_to else None,
                "certainty": step.certainty.value,
                "because": step.because,
                "gets_done": step.rule.gets_done.value,
                "costs": step.rule.bears.value,
                "optional": step.rule.optional,
            }
            for step in case.steps
        ],
    }


def capture_json(capture: StoredCapture, orders: list[Order], *, name: str | None = None) -> Json:
    """Return a capture; `path`, and `name` for people, are relative to the storage folder."""
    front = capture.front
    matching = [order for order in orders if order.conversation == capture.conversation]
    newest = max(matching, key=lambda order: order.stage_at, default=None)
    return {
        "id": capture.id,
        "order": newest.id if newest else None,
        "page": capture.kind.value,
        "at": time_json(capture.taken_at),
        "reason": capture.reason,
        "complete": capture.complete,
        "path": front.path if front else None,
        "name": name,
        "sha256": front.sha256 if front else None,
        "files": [
            {"role": file.role.value, "path": file.path, "sha256": file.sha256, "size": file.size}
            for file in capture.files
        ],
    }


def check_json(report: "Report", names: Mapping[str, str | None] | None = None) -> Json:
    """Return what a check found; `names` are the readable ones of its captures, by their ids."""
    orders = list(report.plan.orders)
    return {
        "account": report.reading.account,
        "outcome": report.reading.outcome.value,
        "cause": report.reading.cause.value if report.reading.cause else None,
        "held_back": False,
        "logged_in_as": report.reading.login,
        "complete": report.reading.complete,
        "unverified_since": None if report.reading.by_human else _unverified_since(report.plan.account),
        "confidence": report.reading.confidence.value,
        "orders": [order_json(order) for order in report.orders],
        "events": [event_json(event) for event in report.plan.events],
        "cases": [case_json(case) for case in report.cases],
        "captures": [
            capture_json(capture, orders, name=(names or {}).get(capture.id)) for capture in report.captures
        ],
        "problems": [
            {"kind": problem.kind.value, "conversation": problem.conversation, "detail": problem.detail}
            for problem in report.reading.problems
        ],
        "whole_list": report.reading.listing is not None and report.reading.listing.whole,
        "pages": report.reading.pages,
        "added_pages": [
            {"name": statement.page, "stages": {stage.value: count for stage, count in statement.stages}}
            for statement in report.reading.statements
        ],
        "blocked_requests": report.blocked_requests,
        "stopped": dict(sorted(report.stopped.items())),
        "foreign_hosts": dict(sorted(report.foreign.items())),
        "next_check": time_json(report.plan.account.next_check_at),
        "next_check_reason": report.plan.account.next_check_reason,
    }


def held_back_json(account: Account, store: Store, *, outcome: Outcome = Outcome.BLOCKED) -> Json:
    """Return what a check says that may not visit: a block's cool-down is not over, or the day's page loads are spent."""
    history = store.history(account.name)
    orders = history.orders_at_hand()
    return {
        "account": account.name,
        "outcome": outcome.value,
        "cause": account.last_cause.value if account.last_cause and outcome is Outcome.BLOCKED else None,
        "held_back": True,
        "logged_in_as": account.login,
        "complete": False,
        "unverified_since": _unverified_since(account),
        "confidence": "unsure",
        "orders": [order_json(order) for order in orders if not order.stage.is_ended],
        "events": [],
        "cases": [case_json(case) for case in history.cases_of(orders) if case.is_open],
        "captures": [],
        "problems": [],
        "whole_list": False,
        "pages": 0,
        "added_pages": [],
        "blocked_requests": 0,
        "stopped": {},
        "foreign_hosts": {},
        "next_check": time_json(account.next_check_at),
        "next_check_reason": account.next_check_reason,
    }


def _unverified_since(account: Account) -> str | None:
    return None if is_verified(account) else time_json(unverified_since(account))


def time_json(at: datetime | None) -> str | None:
    """Return a moment in UTC."""
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else None
