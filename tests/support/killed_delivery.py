"""A delivery as a process of its own that is killed at a named point: `python -m tests.support.killed_delivery ...`."""

import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from notifiers.discovery import channel
from tests.support.clock import NOON
from watcher import crash_points
from watcher.app.deliver import deliver_due
from watcher.app.ports import Waiting
from watcher.postman.postman import ChannelPostman
from watcher.storage.store import SqliteStore
from watcher.storage.vault import FileVault

HERE = (
    "begun",
    "in_claim",
    "claim_before_commit",
    "alert_leased",
    "letter_written",
    "alert_handed_over",
    "in_mark",
    "mark_before_commit",
    "alert_marked_sent",
)
"""Points within the program, in the order in which a delivery comes past them."""
AT_THE_SERVER = ("sender_named", "recipient_named", "mail_taken")
"""Points at which the mail server knows more than the program does."""


def main(folder: str, port: str, point: str, after: str) -> None:
    """Deliver what is due; come to `point` for the given number of times unharmed, and die there at the next."""
    die = _Death(point, int(after))
    store = SqliteStore(Path(folder))
    die.at("begun")
    crash_points.on_passing = die.at
    store._connection.set_trace_callback(die.at_statement)
    deliver_due(store, _Postman(postman_of(store, Path(folder), int(port)), die), clock=_clock)


def postman_of(store: SqliteStore, folder: Path, port: int) -> ChannelPostman:
    """Return the real postman with the real channel e-mail."""
    kind = channel("email")
    assert kind is not None
    settings = kind.settings(
        to="me@example.org", sender="me@example.org", host="127.0.0.1", port=port, security="none", timeout=5
    )
    return ChannelPostman(
        channels={"email": kind.build(settings, app_name="Stornowacht", language="en")},
        store=store,
        vault=FileVault(folder),
        language="en",
        base_url="https://www.kleinanzeigen.de",
        clock=_clock,
    )


def _clock() -> datetime:
    return NOON + timedelta(minutes=1)


class _Death:
    def __init__(self, point: str, after: int) -> None:
        self.point, self.left = point, after
        self.is_marking = False

    def at(self, point: str) -> None:
        if point == self.point:
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            self.left -= 1

    def at_statement(self, statement: str) -> None:
        """Take notice of what SQLite is about to do."""
        if "leased_until = '" in statement and "attempts" in statement:
            self.is_marking = False
            self.at("in_claim")
        elif "SET sent_at" in statement:
            self.is_marking = True
            self.at("in_mark")
        elif statement == "COMMIT":
            self.at("mark_before_commit" if self.is_marking else "claim_before_commit")


class _Postman:
    def __init__(self, postman: ChannelPostman, death: _Death) -> None:
        self._postman, self._death = postman, death
        self._letter: Callable[..., object] | None = None

    def names(self) -> tuple[str, ...]:
        return tuple(self._postman.names())

    def hand_over(self, waiting: Waiting) -> str:
        built = self._postman.channels[waiting.channel]
        channels = {waiting.channel: _Watched(built, self._death)}
        postman = ChannelPostman(
            channels=channels,  # type: ignore[arg-type]
            store=self._postman.store,
            vault=self._postman.vault,
            language=self._postman.language,
            base_url=self._postman.base_url,
            clock=self._postman.clock,
        )
        return postman.hand_over(waiting)


class _Watched:
    """The channel itself, from the moment at which the letter is written."""

    def __init__(self, channel: object, death: _Death) -> None:
        self._channel, self._death = channel, death

    def deliver(self, message: object) -> object:
        self._death.at("letter_written")
        return self._channel.deliver(message)  # type: ignore[attr-defined]


if __name__ == "__main__":
    main(*sys.argv[1:])
