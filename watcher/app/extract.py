"""Which lines of the ledger have to do with one order: those that name it, and those that name no order at all."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from watcher.app.evidence import Entry
from watcher.domain.ledger import Line

_OF_A_CAPTURE = "capture"
_OF_A_CASE = "case"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """What makes a line belong to an order."""

    account: str
    order: str
    cases: Collection[str]
    captures: Collection[str]

    def concerns(self, line: Line) -> bool:
        """Whether a line is about this order, its cases or its captures."""
        told = _told(line)
        facts = told.get("facts")
        named = facts if isinstance(facts, dict) else {}
        return (
            told.get("order") == self.order
            or named.get(_OF_A_CASE) in self.cases
            or named.get(_OF_A_CAPTURE) in self.captures
        )

    def includes(self, line: Line) -> bool:
        """Whether a line goes into the extract: it is about the order, or about the account and no order.

        A line that tells of another order's capture, or of a case of another one, is left out, whether it names the order
        or not. One that cannot be read belongs to the extract: somebody should see it.
        """
        if self.concerns(line):
            return True
        told = _told(line)
        facts = told.get("facts")
        named = facts if isinstance(facts, dict) else {}
        is_of_another = told.get("order") is not None or _OF_A_CASE in named or _OF_A_CAPTURE in named
        return not is_of_another and told.get("account") in {None, self.account}


def entry_of(line: Line) -> Entry | None:
    """Return a line taken apart; `None` where it is no line of ours."""
    told = _told(line)
    try:
        at = datetime.fromisoformat(told["at"])
        facts = told["facts"]
        return Entry(seq=line.seq, kind=str(told["kind"]), at=at, facts=facts) if at.tzinfo else None
    except (KeyError, TypeError, ValueError):
        return None


def _told(line: Line) -> Mapping[str, Any]:
    try:
        told = json.loads(line.text)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
