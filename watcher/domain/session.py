"""How long a login lasts: what experience says, and whether it is about to end."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from watcher.domain.outcome import Outcome

KEPT = 5
"""How many past sessions are remembered; the site may change its mind."""
FEWEST = 2
"""One session that ended may have been an accident."""
NEARLY = 0.9
HALF = 0.5
AWAKE_FROM, AWAKE_UNTIL = 9, 21
"""Hours of the day, in Germany, at which a seller is likely to be awake."""
_BERLIN = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The login of an account."""

    since: datetime | None = None
    """When a check saw the account logged in for the first time since it last was not; `None`: it is not logged in."""
    seen_at: datetime | None = None
    """When a check saw it logged in for the last time."""
    lives: tuple[timedelta, ...] = ()
    """How long earlier sessions lasted at least, the latest last."""
    warned: bool = False

    @property
    def typical_life(self) -> timedelta | None:
        """What experience says; `None` while there is too little of it."""
        return sorted(self.lives)[len(self.lives) // 2] if len(self.lives) >= FEWEST else None

    def after(self, outcome: Outcome, *, at: datetime) -> "Session":
        """Return the session after a check. Only a positive sight of the login begins it, only a logout ends it."""
        if outcome.was_read:
            return replace(self, since=self.since or at, seen_at=at)
        if outcome in {Outcome.LOGGED_OUT, Outcome.CHALLENGE} and self.since and self.seen_at:
            lives = (*self.lives, self.seen_at - self.since)[-KEPT:]
            return Session(lives=lives)
        return self

    def renewed(self, *, at: datetime) -> "Session":
        """Return the session after the human has logged in anew before its end. How long it would have lived nobody knows."""
        return replace(self, since=at, seen_at=at, warned=False)

    def ends_soon(self, at: datetime) -> bool:
        """Whether the seller should be told now that the login is likely to end: once per session, by day.

        That is when it has nearly reached its typical life, or in time before a night in which it will.
        """
        typical, local = self.typical_life, at.astimezone(_BERLIN)
        if typical is None or self.since is None or self.warned or typical < timedelta(hours=1):
            return False
        if not AWAKE_FROM <= local.hour < AWAKE_UNTIL:
            return False
        morning = datetime.combine(local.date() + timedelta(days=1), time(AWAKE_FROM), _BERLIN)
        age, by_morning = at - self.since, morning - self.since
        return age >= typical * NEARLY or (age >= typical * HALF and by_morning > typical)
