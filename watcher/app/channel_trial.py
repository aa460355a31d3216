"""One test alert through one channel, sent because a person wants to see whether it arrives."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from watcher.app.ports import Postman, Undelivered, Waiting
from watcher.domain.alert import Alert, AlertKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """How a test alert fared."""

    channel: str
    fault: Undelivered | None
    """Why the channel did not take it; `None` where it did."""
    answer: str
    """What the other side said, or the fault in the user's words."""
    advice: str
    at: datetime

    @property
    def ok(self) -> bool:
        """Whether the other side has taken it."""
        return self.fault is None


def try_channel(postman: Postman, channel: str, *, account: str, clock: Callable[[], datetime]) -> Trial:
    """Send one test alert through a channel. Nothing is remembered: `channel_watch.remember_trial` does that."""
    at = clock()
    alert = Alert(key=f"test/{channel}/{at.isoformat()}", kind=AlertKind.TEST, account=account, at=at)
    try:
        answer = postman.hand_over(Waiting(id=0, channel=channel, alert=alert, attempts=1, problem=None))
    except Undelivered as fault:
        return Trial(channel=channel, fault=fault, answer=fault.reason, advice=fault.advice, at=at)
    return Trial(channel=channel, fault=None, answer=answer, advice="", at=at)
