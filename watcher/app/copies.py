"""Copies outside of the program's reach: what they still hold can only be said, not erased."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from watcher.app.erasure import Erasing
from watcher.app.ports import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """What was copied before something was forgotten, as far as the ledger and the storage folder tell."""

    backups: tuple[datetime, ...]
    """When backups were made."""
    exports: tuple[datetime, ...]
    """When evidence of the forgotten orders was exported."""
    old_databases: tuple[Path, ...]
    """Copies of the database in the storage folder that were made before its form changed."""

    @property
    def are_none(self) -> bool:
        """Whether nothing is known of."""
        return not (self.backups or self.exports or self.old_databases)


def copies_of(store: Store, erasing: Erasing, orders: Collection[str]) -> Copies:
    """Return which copies may still hold what is known of these orders."""
    cases = {case.id for case in store.cases() if case.order in orders}
    backups: list[datetime] = []
    exports: list[datetime] = []
    for line in store.ledger(saying=('"exported"', '"backed_up"')):
        try:
            told = json.loads(line.text)
            at, kind, facts = datetime.fromisoformat(told["at"]), told["kind"], told["facts"]
            about = {told.get("order"), facts.get("order"), facts.get("case")}
        except (ValueError, KeyError, TypeError, AttributeError):
            continue  # `archive verify` names a line that cannot be read
        if kind == "backed_up":
            backups.append(at)
        elif kind == "exported" and about & {*orders, *cases}:
            exports.append(at)
    return Copies(backups=tuple(backups), exports=tuple(exports), old_databases=tuple(erasing.old_copies()))
