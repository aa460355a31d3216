"""A watch in a thread of its own, as the daemon runs it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from queue import Empty, Queue
from typing import TypeVar

from watcher.domain.mail import CarrierMail, PlatformMail, ReplyMail
from watcher.mailbox.health import Health
from watcher.mailbox.place import Place
from watcher.mailbox.server import MailboxSettings
from watcher.mailbox.watch import Waits, watch

_Told = TypeVar("_Told")
SOON = 60.0
"""Seconds. On a busy machine a server that was just begun anew lets nobody in for a while, and is asked again after that."""
QUICK = Waits(first_idle=0.5, first_pause=0.1, longest_pause=0.3, permanent_pause=600.0, poll=0.1, steady=0.6)


class Leaping(threading.Event):
    """What ends a watch, and the clock of one whose pauses pass at once: days of them in seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.leapt = timedelta()
        self.pauses: list[float] = []
        """How long each was to take, in seconds."""

    def wait(self, timeout: float | None = None) -> bool:
        if timeout is None:
            return super().wait()
        self.pauses.append(timeout)
        self.leapt += timedelta(seconds=timeout)
        return super().wait(0.002)

    def clock(self) -> datetime:
        return datetime.now(UTC) + self.leapt


@dataclass
class Watching:
    """What a watch has told."""

    mails: Queue[PlatformMail] = field(default_factory=Queue)
    carrier_mails: Queue[CarrierMail] = field(default_factory=Queue)
    replies: Queue[ReplyMail] = field(default_factory=Queue)
    healths: list[Health] = field(default_factory=list)
    place: Place | None = None
    fault: Exception | None = None
    """What remembering a mail raises, once."""
    health_fault: Exception | None = None
    """What telling the health raises, once."""
    stop: threading.Event = field(default_factory=threading.Event)

    def take(self, mail: PlatformMail) -> None:
        fault, self.fault = self.fault, None
        if fault is not None:
            raise fault
        self.mails.put(mail)

    def read(self, mail: CarrierMail) -> None:
        fault, self.fault = self.fault, None
        if fault is not None:
            raise fault
        self.carrier_mails.put(mail)

    def answer(self, mail: ReplyMail) -> None:
        fault, self.fault = self.fault, None
        if fault is not None:
            raise fault
        self.replies.put(mail)

    def _next_of(self, queue: Queue[_Told]) -> _Told:
        try:
            return queue.get(timeout=SOON)
        except Empty:
            raise AssertionError(
                f"nothing comes; it stands at {self.place}, and told {self.healths}"
            ) from None

    def next_reply(self) -> ReplyMail:
        return self._next_of(self.replies)

    def next_carrier_mail(self) -> CarrierMail:
        return self._next_of(self.carrier_mails)

    def tell(self, health: Health) -> None:
        fault, self.health_fault = self.health_fault, None
        if fault is not None:
            raise fault
        self.healths.append(health)

    def remember(self, place: Place) -> None:
        self.place = place

    def next_mail(self) -> PlatformMail:
        return self._next_of(self.mails)

    def says_nothing(self, seconds: float = 0.4) -> bool:
        try:
            self.mails.get(timeout=seconds)
        except Empty:
            return True
        return False

    def until(self, reached: Callable[[], bool]) -> None:
        ends = time.monotonic() + SOON
        while not reached():
            assert time.monotonic() < ends, f"this does not happen; told so far: {self.healths}"
            time.sleep(0.02)

    def until_health(self, *troubles: str | None) -> None:
        """Until exactly these changes were told; `None`: it is fine."""
        self.until(lambda: self.troubles == list(troubles))

    @property
    def troubles(self) -> list[str | None]:
        return [health.trouble.value if health.trouble else None for health in self.healths]


@contextmanager
def watching(
    settings: MailboxSettings,
    *,
    since: Place | None = None,
    waits: Waits = QUICK,
    ready: bool = True,
    leaping: Leaping | None = None,
) -> Iterator[Watching]:
    """Watches until the block ends; `ready`: begins the block when the mailbox is watched."""
    told = Watching(place=since, stop=leaping or threading.Event())
    thread = threading.Thread(
        target=watch,
        args=(settings,),
        kwargs={
            "on_mail": told.take,
            "on_carrier_mail": told.read,
            "on_reply": told.answer,
            "remember": told.remember,
            "health": told.tell,
            "stop": told.stop,
            "clock": leaping.clock if leaping else lambda: datetime.now(UTC),
            "since": since,
            "waits": waits,
        },
    )
    thread.start()
    try:
        if ready:
            told.until_health(None)
        yield told
    finally:
        told.stop.set()
        thread.join(timeout=10)
        ended = not thread.is_alive()
        thread.join()
    assert ended, "the watch does not end soon when it is told to"
