"""The time line: what happened with an order, in words, each entry with what it rests on."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from watcher.app.evidence import Entry, Evidence
from watcher.domain.alert import AlertKind
from watcher.domain.case import Ending
from watcher.domain.confidence import Confidence
from watcher.domain.reason import CancelReason
from watcher.domain.stage import Stage
from watcher.domain.step import CaseKind
from watcher.dossier import called
from watcher.dossier.layout import what_of
from watcher.dossier.words import has_words, said
from watcher.texts.fill import one_line
from watcher.texts.language import Language
from watcher.texts.names import alert_name, reason_name, stage_name
from watcher.texts.playbook import Subject, words_for

T = TypeVar("T", bound=StrEnum)
_LONGEST_DETAIL = 160
_TOGETHER = timedelta(minutes=2)
"""The same alert through several channels is one entry."""
_NOT_TOLD = frozenset({"parcel_seen", "signs_noticed", "exported", "alert_overtaken", "alerts_gathered"})
"""What was said about the parcel stands in the time line by itself, with its own time. A sign worth a look is a hint for
the seller's own judgement: in a paper that others read it would be a verdict about a person. That a dossier was made,
or an alert was not needed any more, is nothing that happened with the sale."""
_LOUD = frozenset({"order_cancelled", "order_refunded", "order_disputed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One entry."""

    at: datetime
    what: str
    detail: str = ""
    source: str = ""
    lines: tuple[int, ...] = ()
    """Numbers of the ledger's lines that it rests on."""
    capture: int | None = None
    """The number of the capture that it leads to."""
    loud: bool = False
    channels: tuple[str, ...] = ()
    about: str = ""


def timeline(
    evidence: Evidence, *, language: Language, title_of_step: Callable[[str], str] | None = None
) -> tuple[Moment, ...]:
    """Return every entry, oldest first; those of one moment in the ledger's order."""
    teller = _Teller(evidence, language, title_of_step)
    told = [teller.told(entry) for entry in _news(evidence.entries)]
    whole = [*_gathered(told, language), *teller.parcel(), *teller.made()]
    return tuple(sorted(whole, key=lambda moment: (moment.at, moment.lines)))


class _Teller:
    def __init__(
        self, evidence: Evidence, language: Language, title_of_step: Callable[[str], str] | None
    ) -> None:
        self._evidence = evidence
        self._language: Language = language
        self._title_of_step = title_of_step or self._step
        self._captures = {kept.stored.id: number for number, kept in enumerate(evidence.captures, start=1)}
        self._notes = {note.sha256: note for note in evidence.notes}
        self._attachments = {attached.id: attached for attached in evidence.attachments}

    def told(self, entry: Entry) -> Moment:
        language = self._language
        path = f"line.{entry.kind}"
        words = path if has_words(path, language=language) else "line.other"
        moment = Moment(
            at=entry.at,
            what=said(words, language=language, **self._facts(entry)),
            detail=self._detail(entry),
            lines=(entry.seq,),
            capture=self._captures.get(entry.text("capture")),
            loud=entry.kind in _LOUD,
        )
        sure = called.sure(
            _enum(Confidence, entry.text("confidence")) or Confidence.CERTAIN, language=language
        )
        if sure:
            moment = replace(moment, what=f"{moment.what} {sure}")
        if entry.kind == "alert_sent":
            about = self._about(entry)
            channel = called.way(entry.text("channel"), language=language)
            moment = replace(moment, channels=(channel,), about=about)
        return moment

    def parcel(self) -> Iterator[Moment]:
        language = self._language
        for sighting in self._evidence.sightings:
            where = called.milestone(sighting.milestone, language=language)
            words = one_line(sighting.words, limit=_LONGEST_DETAIL)
            sure = called.sure(sighting.confidence, language=language)
            what = said("line.parcel", language=language, milestone=where)
            yield Moment(
                at=sighting.at,
                what=f"{what} {sure}".strip(),
                detail=said("line.parcel_words", language=language, words=words) if words else "",
                source=called.origin(sighting.origin, language=language),
            )

    def made(self) -> Iterator[Moment]:
        at = self._evidence.order.made_at
        if at is not None:
            language = self._language
            yield Moment(
                at=at,
                what=said("line.made", language=language),
                source=said("what.thread", language=language),
            )

    def _facts(self, entry: Entry) -> Mapping[str, str | None]:
        language = self._language
        stage = _enum(Stage, entry.text("stage") or entry.text("meant"))
        goods = _enum(CaseKind, entry.text("goods"))
        ending = _enum(Ending, entry.text("ending"))
        reason = _enum(CancelReason, entry.text("reason"))
        number = self._captures.get(entry.text("capture"))
        attached = self._attachments.get(entry.text("attachment"))
        return {
            "kind": entry.kind.replace("_", " "),
            "stage": stage_name(stage, language=language) if stage else "–",
            "goods": called.goods(goods, language=language) if goods else "–",
            "ending": called.ending(ending, language=language) if ending else None,
            "reason": reason_name(reason, language=language) if reason else "–",
            "step": self._title_of_step(entry.text("step")) or "–",
            "way": called.way(entry.text("by"), language=language) or "–",
            "channels": called.way(entry.text("channel"), language=language) or "–",
            "about": self._about(entry) or None,
            "name": attached.name if attached and attached.name else None,
            "number": str(number) if number else "–",
            "what": what_of(self._evidence.captures[number - 1].stored, language=language)
            if number
            else said("what.thread", language=language),
        }

    def _detail(self, entry: Entry) -> str:
        language = self._language
        if entry.kind == "note_added":
            note = self._notes.get(entry.text("note"))
            return one_line(note.text, limit=_LONGEST_DETAIL) if note else ""
        if entry.kind == "capture_kept":
            path = f"why.{entry.text('reason')}"
            return said(path, language=language) if has_words(path, language=language) else ""
        return ""

    def _about(self, entry: Entry) -> str:
        kinds = (_enum(AlertKind, part) for part in entry.text("alert").split("/"))
        kind = next((kind for kind in kinds if kind), None)
        return alert_name(kind, language=self._language) if kind else ""

    def _step(self, step: str) -> str:
        return words_for(step, Subject(), language=self._language).title if step else ""


def _news(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Leave out what is told elsewhere, and a plan that says of the goods what the one before it said."""
    goods = ""
    for entry in entries:
        if entry.kind in _NOT_TOLD:
            continue
        if entry.kind == "case_planned":
            if entry.text("goods") == goods:
                continue
            goods = entry.text("goods")
        yield entry


def _gathered(moments: Iterable[Moment], language: Language) -> Iterator[Moment]:
    """Make one entry of an alert that went through several channels at about the same time."""
    waiting: Moment | None = None
    for moment in moments:
        if waiting is not None and _goes_with(waiting, moment):
            channels = tuple(dict.fromkeys((*waiting.channels, *moment.channels)))
            waiting = replace(waiting, channels=channels, lines=(*waiting.lines, *moment.lines))
            continue
        if waiting is not None:
            yield _worded(waiting, language)
            waiting = None
        if moment.channels:
            waiting = moment
        else:
            yield moment
    if waiting is not None:
        yield _worded(waiting, language)


def _goes_with(first: Moment, other: Moment) -> bool:
    return bool(other.channels) and other.about == first.about and other.at - first.at <= _TOGETHER


def _worded(moment: Moment, language: Language) -> Moment:
    what = said(
        "line.alert_sent",
        language=language,
        channels=", ".join(moment.channels),
        about=moment.about or None,
    )
    return replace(moment, what=what)


def _enum(kind: type[T], value: str) -> T | None:
    """Return the member of that value; `None` for one of another version."""
    return next((member for member in kind if member.value == value), None)
