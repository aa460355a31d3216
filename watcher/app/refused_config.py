"""A config that the running watch could not take over: it keeps the old one, and says so."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from watcher.app.ports import Store
from watcher.domain.alert import Alert, AlertKind

_NAME = "config_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedConfig:
    """What is wrong with the file, and since when the watch does without it."""

    message: str
    at: datetime


def refused_config(store: Store) -> RefusedConfig | None:
    """Return what the watch has refused; `None` while it is content."""
    try:
        known = json.loads(store.remembered(_NAME) or "{}")
        at = datetime.fromisoformat(str(known["at"]))
        return RefusedConfig(message=str(known["message"]), at=at) if at.tzinfo else None
    except (ValueError, TypeError, KeyError):
        return None


def remember_refused_config(
    store: Store, message: str, *, account: str, channels: Sequence[str], clock: Callable[[], datetime]
) -> None:
    """Remember it, and tell the seller: once for the same mistakes."""
    now, before = clock(), refused_config(store)
    if before is not None and before.message == message:
        return
    digest = hashlib.sha256(f"{now.isoformat()}{message}".encode()).hexdigest()[:16]
    alert = Alert(
        key=f"{_NAME}/{digest}",
        kind=AlertKind.CONFIG_REFUSED,
        account=account,
        at=now,
        details=(("message", message),),
    )
    with store.writing() as writing:
        writing.save_remembered(_NAME, json.dumps({"message": message, "at": now.isoformat()}))
        if channels:
            writing.queue(alert, channels=channels, now=now)


def forget_refused_config(store: Store) -> None:
    """Forget it: a good config is in force."""
    if store.remembered(_NAME):
        with store.writing() as writing:
            writing.save_remembered(_NAME, "")
