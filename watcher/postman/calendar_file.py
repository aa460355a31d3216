"""The agenda as a calendar file (RFC 5545), which calendars subscribe to or import.

Guaranteed: what names an entry stays the same from file to file, its number grows when it changes, and nothing is written
when nothing has changed; the file is there as a whole or not at all; it holds items' titles and no other word of strangers.
"""

import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from icalendar import Alarm, Calendar, Event

from watcher.app.agenda import Appointment
from watcher.domain.confidence import Confidence
from watcher.domain.step import Step
from watcher.errors import StornowachtError
from watcher.postman.letter_facts import carrier_name, carrier_of
from watcher.postman.letter_words import source_line
from watcher.texts.fill import one_line
from watcher.texts.language import Language, _
from watcher.texts.names import confidence_name
from watcher.texts.playbook import Subject, words_for

PRODUCT = "-//Stornowacht//Stornowacht//DE"
"""What says that a calendar file is ours."""
_TITLE_IN_SUMMARY = 40
_LONGEST_FILE = 4_000_000
_URGENT_ALARMS = (timedelta(hours=8), timedelta(hours=1))
"""A carrier's deadline may lie in the night: the first alarm comes while people are awake."""
_ALARMS = (timedelta(hours=2),)
_VOLATILE = ("SEQUENCE", "DTSTAMP")


class CalendarError(StornowachtError):
    """The calendar file cannot be written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """An entry as an earlier file had it."""

    content: bytes
    sequence: int
    stamp: datetime


def calendar(
    appointments: Sequence[Appointment], *, language: Language, at: datetime, before: bytes = b""
) -> bytes:
    """Return the calendar of an agenda.

    Args:
        appointments: the agenda.
        language: the language of its words.
        at: now; the stamp of entries that are new or changed.
        before: the calendar so far, ours; entries that are the same keep their stamp and number.
    """
    known = _known(before)
    whole = Calendar()
    for name, value in {
        "prodid": PRODUCT,
        "version": "2.0",
        "calscale": "GREGORIAN",
        "method": "PUBLISH",
        "x-wr-calname": "Stornowacht",
    }.items():
        whole.add(name, value)
    for appointment in appointments:
        event = _event(appointment, language)
        earlier = known.get(appointment.uid)
        same = earlier is not None and earlier.content == event.to_ical()
        event.add("sequence", 0 if earlier is None else earlier.sequence + (not same))
        event.add("dtstamp", earlier.stamp if earlier is not None and same else at.replace(microsecond=0))
        whole.add_component(event)
    return bytes(whole.to_ical())


def write_calendar(
    path: Path, appointments: Sequence[Appointment], *, language: Language, at: datetime
) -> bool:
    """Bring a calendar file up to date; returns whether anything was written.

    Raises:
        CalendarError: the file is somebody else's, or cannot be written.
    """
    try:
        target = path.resolve()
        before = _read(target)
        after = calendar(appointments, language=language, at=at, before=before)
        if after == before:
            return False
        _replace(target, after)
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle
        reason = (error.strerror if isinstance(error, OSError) else None) or error
        raise CalendarError(
            _("The calendar {path} cannot be written: {reason}.").format(path=path, reason=reason),
            advice=_("[seller] calendar in the config, or --output, names another file."),
        ) from error
    return True


def _read(path: Path) -> bytes:
    """Return our calendar as it is; empty where there is none yet.

    Raises:
        CalendarError: the file is not one of ours.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_LONGEST_FILE)
    except FileNotFoundError:
        return b""
    if content.strip() and f"PRODID:{PRODUCT}".encode() not in content:
        raise CalendarError(
            _("{path} is not a calendar of Stornowacht; it was left as it is.").format(path=path),
            advice=_("Name another file, or move that one away."),
        )
    return content


def _replace(path: Path, content: bytes) -> None:
    """Put the content in the file's place at once: whoever reads it sees the old one or the new one."""
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o600
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _known(before: bytes) -> Mapping[str, _Known]:
    """Return the entries of an earlier file; none where it cannot be read: it is written anew then."""
    found: dict[str, _Known] = {}
    try:
        for event in Calendar.from_ical(before).walk("VEVENT") if before.strip() else ():
            stamp, sequence = event.decoded("dtstamp"), int(event.get("sequence", 0))
            for name in _VOLATILE:
                event.pop(name, None)
            found[str(event["uid"])] = _Known(content=event.to_ical(), sequence=sequence, stamp=stamp)
    except (ValueError, KeyError, AttributeError, TypeError):
        return {}
    return found


def _event(appointment: Appointment, language: Language) -> Event:
    title, lines = _words(appointment, language)
    item = one_line(appointment.order.title or appointment.order.id, limit=_TITLE_IN_SUMMARY)
    event = Event()
    event.add("uid", appointment.uid)
    event.add("dtstart", appointment.at.replace(microsecond=0))
    event.add("summary", f"{item}: {title}")
    event.add("description", "\n\n".join(lines))
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    event.add("status", "TENTATIVE" if appointment.certainty is Confidence.UNSURE else "CONFIRMED")
    for before in _URGENT_ALARMS if appointment.urgent else _ALARMS:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", f"{item}: {title}")
        alarm.add("trigger", -before)
        event.add_component(alarm)
    return event


def _words(appointment: Appointment, language: Language) -> tuple[str, list[str]]:
    """Return the entry's title and its paragraphs."""
    case = appointment.case
    see = _("See: {command}").format(command=f"stornowacht show {case.id}")
    if isinstance(appointment.subject, Step):
        words = words_for(appointment.subject.id, _subject(appointment), language=language)
        return words.title, [*filter(None, (words.why, words.warning)), *_doubt(appointment, language), see]
    rule = appointment.subject
    title = _("a period ends: {title}").format(title=rule.title.said(language))
    says = [rule.says.said(language), source_line(rule.fact, language=language)]
    return title, [*says, *_doubt(appointment, language), see]


def _doubt(appointment: Appointment, language: Language) -> Iterable[str]:
    if appointment.certainty is not Confidence.CERTAIN:
        sure = confidence_name(appointment.certainty, language=language)
        yield _("How sure the time is: {sure}.").format(sure=sure)


def _subject(appointment: Appointment) -> Subject:
    """Return what the words may name: no buyer, no number, no sum."""
    order = appointment.order
    return Subject(
        kind=appointment.case.kind,
        title=order.title,
        carrier=carrier_of(order).id,
        carrier_name=carrier_name(order),
    )
