"""Since when the machine has been awake: a laptop's sleep is no silence."""

from datetime import datetime, timedelta

GAP = timedelta(minutes=2)
"""Ticks come every few seconds; a longer gap means that nobody was there to tick."""


class Waking:
    """Watches its own ticks for gaps."""

    def __init__(self, now: datetime) -> None:
        self.since = now
        self._last = now

    def tick(self, now: datetime) -> None:
        """Take notice of the present moment; a gap before it, or a clock that was set back, begins a new waking."""
        if not timedelta(0) <= now - self._last <= GAP:
            self.since = now
        self._last = now
