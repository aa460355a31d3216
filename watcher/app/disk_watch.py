"""A disk that is nearly full is told while there is still room to remember and to tell: on a full one nobody can."""

from collections.abc import Callable
from datetime import datetime, timedelta

from watcher.app.doctor.storage import LIMITS, Limits
from watcher.app.ports import Store
from watcher.app.setbacks import Hearers, remember_setback, remember_success
from watcher.domain.setback import DISK, Pauses

_AT_ONCE = Pauses(first=timedelta(0), longest=timedelta(0), told_after=1)


def tell_of_disk(
    store: Store, *, free: int, hearers: Hearers, clock: Callable[[], datetime], limits: Limits = LIMITS
) -> bool:
    """Tell once that the disk is nearly full, and once that there is room again; returns whether it is nearly full.

    There is room again from twice as much on, so that a disk at the limit is not told of again and again.
    """
    if free < limits.few:
        reason = f"disk:{limits.few / 10**9:g} GB"
        remember_setback(store, DISK, reason=reason, pauses=_AT_ONCE, hearers=hearers, clock=clock)
        return True
    if free >= 2 * limits.few:
        remember_success(store, DISK, hearers=hearers, clock=clock)
    return False
