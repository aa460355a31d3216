"""Watching the mailbox: every mail of the platform is told, whatever the line, the server and the mails do."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event
from typing import Final

from watcher.domain.mail import CarrierMail, PlatformMail, ReplyMail
from watcher.errors import StornowachtError
from watcher.mailbox.connection import LONGEST_IDLE, Connection, connected
from watcher.mailbox.fault import Step, Trouble, explained
from watcher.mailbox.health import Health, health_of
from watcher.mailbox.place import Place
from watcher.mailbox.server import MailboxSettings
from watcher.mailbox.sorting import mail_of, unreadable

_TRIES: Final = 3
"""How often a mail is tried that the server does not show: one that cannot be read must not hide those after it."""
_BATCH: Final = 50
_MOST_AGAIN: Final = 500
"""How many mails are looked at again when the folder has numbered its mails anew."""
_REMEMBERED_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """How long is waited for what, in seconds."""

    first_idle: float = 3.0
    """The first wait, and the one after mails were read: what arrives between looking and listening is not announced
    again, and the platform's mails come in twos."""
    idle: float = 5 * 60.0
    poll: float = 60.0
    """Between two looks where the server announces nothing."""
    first_pause: float = 5.0
    longest_pause: float = 15 * 60.0
    permanent_pause: float = 30 * 60.0
    """After what only a human can mend. Providers lock out those who keep trying a wrong password."""
    steady: float = 60.0
    """A connection that has lasted so long is a good one."""

    def __post_init__(self) -> None:
        if not 0 < self.idle <= LONGEST_IDLE:
            raise ValueError(f"idle must be at most {LONGEST_IDLE:.0f} seconds")


@dataclass(slots=True, kw_only=True)
class _Watch:
    settings: MailboxSettings
    on_mail: Callable[[PlatformMail], None]
    on_carrier_mail: Callable[[CarrierMail], None]
    on_reply: Callable[[ReplyMail], None]
    remember: Callable[[Place], None]
    health: Callable[[Health], None]
    stop: Event
    clock: Callable[[], datetime]
    waits: Waits
    got_on: Callable[[], None]
    place: Place | None
    told: Health | None = None
    synced_at: datetime | None = None
    """Since when this connection has been up to date; `None`: it is not yet, or there is none."""
    failures: int = 0
    tries: Counter[int] = field(default_factory=Counter)


def watch(
    settings: MailboxSettings,
    *,
    on_mail: Callable[[PlatformMail], None],
    remember: Callable[[Place], None],
    health: Callable[[Health], None],
    stop: Event,
    clock: Callable[[], datetime],
    since: Place | None = None,
    waits: Waits | None = None,
    on_carrier_mail: Callable[[CarrierMail], None] = lambda _: None,
    on_reply: Callable[[ReplyMail], None] = lambda _: None,
    got_on: Callable[[], None] = lambda: None,
) -> None:
    """Watch a mailbox until told to stop; blocks, and raises nothing that a mailbox or its mails can cause.

    1. Without a place it begins at now. Otherwise it begins with what arrived since then.
    2. `on_mail` gets every mail that is TRUSTED or SUSPICIOUS, at least once: after a fault the same one may come again,
       with the same key. `remember` gets the place after it. `on_carrier_mail` gets every mail from the domains of the
       settings' carriers whose sender passes the same checks; one that does not is nobody's. `on_reply` gets every mail with one of
       this program's tokens, and what speaks against it.
    3. `health` is called once per change: fine, something that passes, or something that a human must mend. A line that
       breaks and is up again at the first try is no change.
    4. A `StornowachtError` of `on_mail`, `on_carrier_mail`, `on_reply` or `remember` counts as a fault of the watch: the same mails come again later.
       One of `health` means that it was not told, and is told again.
    5. `got_on` is called after each look, each mail and each fault, and so once in the longest of the `waits` and the time that
       an answer may take.
    """
    course = _Watch(
        settings=settings,
        on_mail=on_mail,
        on_carrier_mail=on_carrier_mail,
        on_reply=on_reply,
        remember=remember,
        health=health,
        stop=stop,
        clock=clock,
        waits=waits or Waits(),
        got_on=got_on,
        place=since,
    )
    while not stop.is_set():
        course.synced_at = None
        try:
            with connected(settings) as connection:
                _stay(course, connection)
        except StornowachtError as fault:
            got_on()
            stop.wait(_after(course, health_of(fault)))


def _after(course: _Watch, now: Health) -> float:
    """Tell a fault where it is news, and return how long to pause."""
    waits = course.waits
    if _has_lasted(course):
        course.failures = 0
    course.failures += 1
    permanent = now.trouble is not None and now.trouble.is_permanent
    was_fine = course.told is not None and course.told.ok
    excused = course.failures == 1 and was_fine and now.trouble is not Trouble.NOT_REMEMBERED
    if permanent or not excused:
        _tell(course, now)
    if permanent:
        return waits.permanent_pause
    return min(waits.first_pause * 2.0 ** min(course.failures - 1, 30), waits.longest_pause)


def _has_lasted(course: _Watch) -> bool:
    steady = timedelta(seconds=course.waits.steady)
    return course.synced_at is not None and course.clock() - course.synced_at >= steady


def _tell(course: _Watch, health: Health) -> None:
    if course.told is None or _sort(course.told) != _sort(health):
        try:
            course.health(health)
        except StornowachtError:
            return  # not told, then: the next time it is tried again, and the watch goes on meanwhile
        course.told = health


def _sort(health: Health) -> str:
    """Return what makes a change: a bad line shows itself now as silence, now as a refusal, and is still the same."""
    trouble = health.trouble
    if trouble is None or trouble.is_permanent or trouble is Trouble.NOT_REMEMBERED:
        return trouble or ""
    return "passing"


def _stay(course: _Watch, connection: Connection) -> None:
    """Read what is new, and then whatever comes, until the watch ends or the connection does."""
    place, seconds = _begin(course, connection), course.waits.first_idle
    while not course.stop.is_set():
        read = _read_on(course, connection, place)
        course.got_on()
        seconds = course.waits.first_idle if read.uid != place.uid else seconds
        place = read
        course.synced_at = course.synced_at or course.clock()
        # After several breaks it is fine again once it has held: else good and bad news would take turns.
        held = course.failures <= 1 or _has_lasted(course)
        if held:
            _tell(course, Health())
        if connection.can_idle:
            seconds = seconds if held else min(seconds, course.waits.steady)
            connection.wait(seconds=seconds, stop=course.stop, clock=course.clock)
            seconds = course.waits.idle
        else:
            course.stop.wait(course.waits.poll)


def _begin(course: _Watch, connection: Connection) -> Place:
    """Return where to go on in this folder as it numbers its mails now."""
    known = course.place
    if known and known.validity == connection.validity and known.uid <= connection.last_uid:
        return known
    begun = Place(validity=connection.validity, uid=connection.last_uid, at=course.clock())
    if known:
        # Numbered anew. Which mails are new cannot be told any more; those that were known are known by their keys.
        for uid in connection.uids_since((known.at - timedelta(days=1)).date())[-_MOST_AGAIN:]:
            if course.stop.is_set():
                return known
            _take(course, connection, uid)
    _keep(course, begun)
    return begun


def _read_on(course: _Watch, connection: Connection, place: Place) -> Place:
    while not course.stop.is_set() and (uids := connection.uids_after(place.uid)):
        for count, uid in enumerate(uids, start=1):
            told = _take(course, connection, uid)
            place = Place(validity=place.validity, uid=uid, at=course.clock())
            if told or count % _BATCH == 0 or uid == uids[-1] or course.stop.is_set():
                _keep(course, place)
            if course.stop.is_set():
                break
    if course.clock() - place.at >= _REMEMBERED_EVERY:
        place = Place(validity=place.validity, uid=place.uid, at=course.clock())
        _keep(course, place)
    return place


def _keep(course: _Watch, place: Place) -> None:
    course.remember(place)
    course.place = place


def _take(course: _Watch, connection: Connection, uid: int) -> bool:
    """Look at one mail and tell it where it matters; returns whether it did."""
    course.got_on()
    course.tries[uid] += 1
    mail: PlatformMail | CarrierMail | ReplyMail | None
    if course.tries[uid] > _TRIES:
        mail = unreadable(connection, uid, at=course.clock())
    else:
        fetched = connection.headers(uid)
        if fetched is None and connection.has(uid):
            raise explained(ValueError(f"UID {uid}"), course.settings, step=Step.READ)
        mail = mail_of(connection, uid, fetched, now=course.clock()) if fetched else None
    course.tries.pop(uid)
    if isinstance(mail, PlatformMail):
        course.on_mail(mail)
    elif isinstance(mail, ReplyMail):
        course.on_reply(mail)
    elif mail is not None:
        course.on_carrier_mail(mail)
    return mail is not None
