"""Today's readers over yesterday's captures: what an update, or a new word, would have made of them."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from watcher.app.archive import StoredCapture
from watcher.app.ports import Store, Vault
from watcher.app.understanding import understand
from watcher.errors import StorageError
from watcher.pages.lore import Lore


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """One capture, read again."""

    capture: StoredCapture
    before: str | None
    """The verdict of the day; `None` where nobody wrote one down."""
    after: str | None
    """Today's verdict; `None` when the capture's bytes are not to be had."""
    fault: str = ""

    @property
    def has_changed(self) -> bool:
        """Whether another verdict stands against one that was written down."""
        return self.before is not None and self.after is not None and self.before != self.after

    @property
    def changes(self) -> list[tuple[str, Any, Any]]:
        """What differs: place, before, after."""
        if not self.has_changed:
            return []
        return list(_differences("", json.loads(self.before or "null"), json.loads(self.after or "null")))


def replay(
    store: Store, vault: Vault, *, lore_of: Callable[[str], Lore], account: str | None = None
) -> Iterator[Replayed]:
    """Read every archived capture again, the oldest first; nothing is changed by it."""
    for stored in store.captures(account=account):
        try:
            capture = vault.capture(stored)
        except StorageError as error:
            yield Replayed(capture=stored, before=stored.verdict, after=None, fault=error.message)
            continue
        verdict = understand(capture, lore=lore_of(stored.account)).verdict
        yield Replayed(capture=stored, before=stored.verdict, after=verdict)


def _differences(place: str, before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted(before.keys() | after.keys()):
            yield from _differences(f"{place}.{key}".lstrip("."), before.get(key), after.get(key))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (one, other) in enumerate(zip(before, after, strict=True), start=1):
            yield from _differences(f"{place} {number}", one, other)
    elif before != after:
        yield place, before, after
