"""One connection to the mailbox: it looks, and cannot do anything else.

The folder is opened with EXAMINE, which makes it read-only for the server, too (RFC 3501, 6.3.2), and bodies are
fetched with PEEK. Nothing here can flag, move, copy or delete.
"""

import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from imaplib import IMAP4, IMAP4_SSL, Internaldate2tuple
from threading import Event, Timer
from typing import Any, Final

from imap_tools.mailbox import BaseMailBox

from watcher.mailbox import headers, parts
from watcher.mailbox.fault import LIBRARY_FAULTS, MailboxError, Step, explained, no_encryption
from watcher.mailbox.server import MailboxSettings

LONGEST_IDLE: Final = 9 * 60.0
"""Seconds. RFC 2177 allows 29 minutes; what stands between here and there often forgets a quiet line much sooner."""

_TICK_SECONDS = 0.25
_SLEPT = timedelta(seconds=30)
_GOODBYE_SECONDS = 2.0
_SLOWEST: Final = 6
"""How many times the usual patience an answer may take as a whole: each of its bytes has that patience to itself."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UID = re.compile(rb"\bUID (\d+)", re.IGNORECASE)
_BODY = re.compile(rb"\bBODY\[[A-Z]+\]", re.IGNORECASE)
_UNASKED = ("EXISTS", "RECENT", "EXPUNGE", "FETCH", "VANISHED", "OK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """The beginning of a mail."""

    raw: bytes
    at: datetime | None
    """When the server took it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A folder that is open for reading. Every method raises `MailboxError` when the server does not play along."""

    settings: MailboxSettings
    box: BaseMailBox
    validity: int
    last_uid: int
    """The highest UID that was given to a mail when the folder was opened; 0: none yet."""
    can_idle: bool

    def uids_after(self, uid: int) -> list[int]:
        """Return the UIDs of newer mails, the lowest first."""
        with speaking(self.settings, Step.READ, self._line):
            # Servers may search in what they showed last, and look for new mails when asked like this only.
            self.box.client.noop()
        # "7:*" names the last mail even where its UID is lower than 7 (RFC 3501, 6.4.8).
        return [each for each in self._search(f"UID {uid + 1}:*") if each > uid]

    def uids_since(self, day: date) -> list[int]:
        """Return the UIDs of mails that the server took on that day or later."""
        return self._search(f"SINCE {day.day}-{_MONTHS[day.month - 1]}-{day.year}")

    def has(self, uid: int) -> bool:
        """Whether there is a mail with that UID (still)."""
        return uid in self._search(f"UID {uid}")

    def headers(self, uid: int) -> Fetched | None:
        """Return a mail's headers, a byte more than the limit at most; `None` where the server shows none."""
        return self._fetch(uid, f"INTERNALDATE BODY.PEEK[HEADER]<0.{headers.LIMIT + 1}>")

    def text(self, uid: int) -> bytes:
        """Return the beginning of a mail's text; empty where the server shows none."""
        fetched = self._fetch(uid, f"BODY.PEEK[TEXT]<0.{parts.TEXT_LIMIT}>")
        return fetched.raw if fetched else b""

    def wait(self, *, seconds: float, stop: Event, clock: Callable[[], datetime]) -> None:
        """Wait until the server says that something happened, at most `seconds`, and leave soon when told to stop.

        That this machine has slept ends the wait, too: the line may be dead, and nobody would say so.
        """
        ends = time.monotonic() + min(seconds, LONGEST_IDLE)
        with speaking(self.settings, Step.READ, self._line, beside=min(seconds, LONGEST_IDLE)):
            self.box.idle.start()  # type: ignore[no-untyped-call]
            quiet = True
            while quiet and not stop.is_set() and (left := ends - time.monotonic()) > 0:
                began, tick = clock(), min(left, _TICK_SECONDS)
                until = time.monotonic() + tick * 0.5
                # A line that broke ends the poll at once, with nothing: what follows then finds out.
                quiet = not self.box.idle.poll(tick) and time.monotonic() >= until
                quiet = quiet and clock() - began < _SLEPT
            self.box.idle.stop()  # type: ignore[no-untyped-call]

    def _line(self) -> socket.socket:
        return _line_of(self.box)

    def _search(self, criteria: str) -> list[int]:
        with speaking(self.settings, Step.READ, self._line):
            # Without a charset: some servers know none, and there is nothing to encode.
            found = sorted(int(uid) for uid in self.box.uids(criteria, charset=None))
            for kind in _UNASKED:
                self.box.client.response(kind)  # the library keeps them for ever otherwise
            return found

    def _fetch(self, uid: int, items: str) -> Fetched | None:
        with speaking(self.settings, Step.READ, self._line):
            kind, data = self.box.client.uid("FETCH", str(uid), f"(UID {items})")
            if kind != "OK":
                raise ValueError(_shown(data))
            return _of_mail(data, uid)


@contextmanager
def speaking(
    settings: MailboxSettings, step: Step, line: Callable[[], socket.socket | None], *, beside: float = 0.0
) -> Iterator[None]:
    """Turn whatever the libraries raise within into a `MailboxError`, and hang up on a server that drips its answer.

    Args:
        settings: whose mailbox it is.
        step: how far it had come.
        line: returns the connection, `None` where there is none yet.
        beside: seconds for which the server may rightly say nothing.
    """
    with _hung_up_on(line, after=beside + settings.timeout * _SLOWEST) as is_over:
        try:
            yield
        except LIBRARY_FAULTS as error:
            raise explained(TimeoutError() if is_over() else error, settings, step=step) from error


@contextmanager
def _hung_up_on(line: Callable[[], socket.socket | None], *, after: float) -> Iterator[Callable[[], bool]]:
    """Hang up if the block takes longer than so many seconds; gives what says whether that has happened."""
    over = Event()

    def hang_up() -> None:
        over.set()
        if (held := line()) is not None:
            with suppress(OSError):
                # Not the encrypted line's own: that forgets its keys first, and would send what comes next in the clear.
                socket.socket.shutdown(held, socket.SHUT_RDWR)

    patience = Timer(after, hang_up)
    patience.daemon = True
    patience.start()
    try:
        yield over.is_set
    finally:
        patience.cancel()


@contextmanager
def connected(settings: MailboxSettings) -> Iterator[Connection]:
    """Connect, log in and open the folder for reading; hang up when the block ends.

    Raises:
        MailboxError: it did not come to that.
    """
    box = _open(settings)
    try:
        with speaking(settings, Step.LOGIN, partial(_line_of, box)):
            _log_in(box, settings)
            # What a server can do often grows with the login.
            offered = b" ".join(part for part in box.client.capability()[1] if part).upper().split()
        with speaking(settings, Step.EXAMINE, partial(_line_of, box)):
            box.folder.set(settings.folder, readonly=True)
            validity, next_uid = _number(box, "UIDVALIDITY"), _number(box, "UIDNEXT")
        with speaking(settings, Step.READ, partial(_line_of, box)):
            known = next_uid - 1 if next_uid else max(map(int, box.uids("UID *", charset=None)), default=0)
        yield Connection(
            settings=settings, box=box, validity=validity, last_uid=known, can_idle=b"IDLE" in offered
        )
        _say_goodbye(box)
    finally:
        _hang_up(box)


def _open(settings: MailboxSettings) -> BaseMailBox:
    if settings.security == "none" and not settings.is_on_this_machine:
        raise no_encryption(settings, 'security = "none"')
    lines: list[socket.socket] = []
    with speaking(settings, Step.CONNECT, lambda: lines[-1] if lines else None):
        trust = ssl.create_default_context(cafile=settings.ca_file)
        where = {"host": settings.host, "port": settings.port, "timeout": settings.timeout}
        if settings.security == "tls":
            return _Box(partial(_SecureClient, **where, ssl_context=trust, tell=lines.append))
        box = _Box(partial(_Client, **where, tell=lines.append))
    if settings.security == "starttls":
        try:
            if "STARTTLS" not in box.client.capabilities:
                raise no_encryption(settings, "STARTTLS")
            with speaking(settings, Step.CONNECT, partial(_line_of, box)):
                box.client.starttls(ssl_context=trust)
        except MailboxError:
            _hang_up(box)
            raise
    return box


class _Telling:
    """A client that tells its socket before it waits for the server's greeting."""

    def __init__(self, *, tell: Callable[[socket.socket], None], **where: Any) -> None:
        self._tell = tell
        super().__init__(**where)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        made: socket.socket = super()._create_socket(timeout)  # type: ignore[misc]
        self._tell(made)
        return made


class _Client(_Telling, IMAP4):
    """Without encryption, or before it."""


class _SecureClient(_Telling, IMAP4_SSL):
    """Encrypted from the first byte."""


class _Box(BaseMailBox):
    """The library's, with a client of ours."""

    def __init__(self, make: Callable[[], IMAP4]) -> None:
        self._make = make
        super().__init__()

    def _get_mailbox_client(self) -> IMAP4:
        return self._make()


def _line_of(box: BaseMailBox) -> socket.socket:
    line: socket.socket = box.client.sock
    return line


def _log_in(box: BaseMailBox, settings: MailboxSettings) -> None:
    simple = all(text.isascii() and text.isprintable() for text in (settings.username, settings.password))
    log_in = box.login if simple else box.login_utf8
    log_in(settings.username, settings.password, initial_folder=None)


def _number(box: BaseMailBox, code: str) -> int:
    values = box.client.response(code)[1]
    return int(values[-1]) if values and values[-1] else 0


def _say_goodbye(box: BaseMailBox) -> None:
    with suppress(*LIBRARY_FAULTS), _hung_up_on(partial(_line_of, box), after=_GOODBYE_SECONDS):
        box.client.logout()  # whoever leaves does not care how the door is closed


def _hang_up(box: BaseMailBox) -> None:
    try:
        box.client.shutdown()
    except LIBRARY_FAULTS:
        pass  # it was closed already


def _of_mail(data: Sequence[object], uid: int) -> Fetched | None:
    """Return what an answer says about one mail, among whatever else the server says meanwhile."""
    for number, part in enumerate(data):
        if not isinstance(part, tuple) or not _BODY.search(part[0]):
            continue
        rest = data[number + 1] if number + 1 < len(data) else b""
        described = part[0] + b" " + (rest if isinstance(rest, bytes) else b"")
        found = _UID.search(described)
        if found and int(found[1]) == uid:
            return Fetched(raw=part[1], at=_received(described))
    return None


def _received(described: bytes) -> datetime | None:
    try:
        local = Internaldate2tuple(described)
        return datetime.fromtimestamp(time.mktime(local), UTC) if local else None
    except (ValueError, OverflowError, OSError, LookupError):
        return None


def _shown(data: Sequence[object]) -> str:
    return " ".join(part.decode("utf-8", "replace") for part in data if isinstance(part, bytes))
