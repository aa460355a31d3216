"""What is remembered of the machine's nights."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime

from watcher.app.ports import Store
from watcher.domain.nights import Nights

_NAME = "nights"


def remember_night(store: Store, *, awake_since: datetime, clock: Callable[[], datetime]) -> None:
    """Remember that the machine has been awake since then; nothing is written while that is no news."""
    known = remembered_nights(store)
    nights = known.after(awake_since=awake_since, now=clock())
    if nights != known:
        with store.writing() as writing:
            writing.save_remembered(_NAME, _text(nights))


def remembered_nights(store: Store) -> Nights:
    """Return what is known of the machine's nights; what cannot be read is forgotten, and learnt anew."""
    with suppress(ValueError, KeyError, TypeError, AttributeError):
        told = json.loads(store.remembered(_NAME) or "{}")
        return Nights(
            since=date.fromisoformat(told["since"]),
            last=date.fromisoformat(told["last"]),
            awake={date.fromisoformat(day): int(spans) for day, spans in told["awake"].items()},
        )
    return Nights()


def _text(nights: Nights) -> str:
    return json.dumps(
        {
            "since": nights.since and nights.since.isoformat(),
            "last": nights.last and nights.last.isoformat(),
            "awake": {day.isoformat(): spans for day, spans in sorted(nights.awake.items())},
        }
    )
