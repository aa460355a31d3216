"""Whose own ads are to be read now, and the rest after a reading that came to nothing."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta

from watcher.app.ports import Store
from watcher.domain.ad_reading import reading_is_due
from watcher.domain.cadence import Pace
from watcher.domain.quiet_hours import QuietHours

RESTS = timedelta(days=1)
"""After a reading that failed; nothing in the ads is worth a second try on the same day."""
_RESTS = "listings/rests_until/"


def accounts_to_read(
    store: Store,
    names: Iterable[str],
    *,
    every: timedelta,
    modes: Collection[str],
    pace: Pace,
    quiet: QuietHours,
    now: datetime,
) -> list[str]:
    """Return the accounts whose own ads are to be read now."""
    return [
        name
        for name in names
        if reading_is_due(
            store.account(name),
            every=every,
            has_waiting=store.ads().has_waiting(name),
            modes=modes,
            pace=pace,
            quiet=quiet,
            now=now,
        )
        and not _rests(store, name, now)
    ]


def let_rest(store: Store, name: str, *, clock: Callable[[], datetime]) -> None:
    """Read an account's ads not again before tomorrow."""
    with store.writing() as writing:
        writing.save_remembered(_RESTS + name, (clock() + RESTS).isoformat())


def _rests(store: Store, name: str, now: datetime) -> bool:
    """Whether an account rests; a moment further off than any rest was written by a clock that has been put right since."""
    until = store.remembered(_RESTS + name)
    return until is not None and timedelta(0) < datetime.fromisoformat(until) - now <= RESTS
