"""What goes wrong in a year, at random: walls, a dead mail server, a full disk, a kill between two steps, a clock that jumps."""

import random
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from tests.support.visiting import FakeVisitor
from watcher import crash_points
from watcher.domain.capture import Capture


class Bad(StrEnum):
    """Kinds of bad spells."""

    LOGGED_OUT = "logged_out"
    BLOCKED = "blocked"
    UNREACHABLE = "unreachable"
    UNREADABLE = "unreadable"
    CHALLENGE = "challenge"
    SERVER_ERROR = "server_error"
    HALF_PAGE = "half_page"
    THREAD_UNREADABLE = "thread_unreadable"
    MAIL_DOWN = "mail_down"
    DISK_FULL = "disk_full"
    BUSY = "busy"
    KILLED = "killed"
    RESTART = "restart"
    CLOCK_BACK = "clock_back"
    ASLEEP = "asleep"


HOURS = {
    Bad.LOGGED_OUT: (2, 20),
    Bad.BLOCKED: (1, 12),
    Bad.UNREACHABLE: (0.5, 4),
    Bad.UNREADABLE: (1, 12),
    Bad.CHALLENGE: (1, 12),
    Bad.SERVER_ERROR: (0.5, 4),
    Bad.HALF_PAGE: (1, 6),
    Bad.THREAD_UNREADABLE: (1, 6),
    Bad.MAIL_DOWN: (24, 96),
    Bad.DISK_FULL: (1, 1),
    Bad.BUSY: (0, 0.5),
    Bad.KILLED: (0, 0.5),
    Bad.RESTART: (0, 0),
    Bad.CLOCK_BACK: (2, 8),
    Bad.ASLEEP: (8, 72),
}
"""How long a spell lasts, at least and at most."""
_OFTEN = {Bad.KILLED: 6, Bad.RESTART: 3, Bad.BUSY: 3}
WALLS = {Bad.LOGGED_OUT, Bad.BLOCKED, Bad.UNREACHABLE, Bad.UNREADABLE}
_CHALLENGE = '<html><body><div class="g-recaptcha"></div></body></html>'


@dataclass(frozen=True, slots=True)
class Spell:
    """One bad spell."""

    kind: Bad
    until: datetime


class Killed(BaseException):
    """Stands for a power cut: no `except Exception` of the program may catch it."""


def draw(dice: random.Random, *, now: datetime) -> Spell:
    """Return a bad spell that begins now."""
    kinds = list(Bad)
    kind = dice.choices(kinds, weights=[_OFTEN.get(kind, 1) for kind in kinds])[0]
    return Spell(kind, now + timedelta(hours=dice.uniform(*HOURS[kind])))


def put_in_the_way(visitor: FakeVisitor, kind: Bad | None) -> None:
    """Let the site look as it does in such a spell; `None`: as always."""
    visitor.wall = kind.value if kind in WALLS else None
    visitor.thread_wall = "unreadable" if kind is Bad.THREAD_UNREADABLE else None
    visitor.alter = (
        {
            Bad.CHALLENGE: _challenged,
            Bad.SERVER_ERROR: _failed,
            Bad.HALF_PAGE: _halved,
        }.get(kind, _as_it_is)
        if kind
        else _as_it_is
    )


@contextmanager
def killed_somewhere(dice: random.Random) -> Iterator[None]:
    """Let the block die as in a power cut, at one of the moments between two durable steps that it passes, or not at all."""
    left = dice.randrange(1, 120)

    def pass_by(_name: str) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Killed

    crash_points.on_passing = pass_by
    try:
        yield
    finally:
        crash_points.on_passing = None


@contextmanager
def full_disk() -> Iterator[None]:
    """Let every file be as large as it may ever be: what is written beyond is refused, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _as_it_is(capture: Capture) -> Capture:
    return capture


def _challenged(capture: Capture) -> Capture:
    return replace(capture, html=_CHALLENGE, bodies=())


def _failed(capture: Capture) -> Capture:
    return replace(capture, status=500, html="<html><body>Interner Fehler</body></html>", bodies=())


def _halved(capture: Capture) -> Capture:
    """Half of the page has come, and half of each answer."""
    bodies = tuple(replace(body, content=body.content[: len(body.content) // 2]) for body in capture.bodies)
    return replace(capture, html=capture.html[: len(capture.html) // 2], bodies=bodies)
