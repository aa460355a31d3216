"""Covering what is private: in the texts of the dossier, and in pictures by the map of their texts."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from watcher.app.chat import Chat
from watcher.app.evidence import CaseRecord, Evidence, KeptCapture
from watcher.app.wishes import Names
from watcher.domain.text_map import TextMap, Word
from watcher.dossier.darkroom import Blackening, Box
from watcher.dossier.finding import Finder
from watcher.dossier.private import Finding, Private
from watcher.dossier.words import said
from watcher.texts.language import Language


@dataclass(slots=True)
class Tally:
    """What was covered, by file and kind. Files are paths in the bag; texts of the dossier count as one."""

    counts: dict[str, Counter[Private]] = field(default_factory=dict)

    def add(self, place: str, kind: Private, times: int = 1) -> None:
        """Count."""
        self.counts.setdefault(place, Counter())[kind] += times


TEXTS = "data/dossier.json"
"""Where the covered texts of the dossier are counted."""


def finder_for(evidence: Evidence, *, names: Names, own: Iterable[str] = ()) -> Finder:
    """Return what looks for private things in this evidence."""
    people, order = evidence.people, evidence.order
    chosen = set(people.others)
    if names is Names.ALL:
        chosen |= people.own
    else:
        chosen -= people.own
    if names is Names.STRANGERS and order.buyer:
        chosen -= {order.buyer}
    known = set() if names is Names.ALL else set(people.own)
    if names is Names.STRANGERS and order.buyer:
        known.add(order.buyer)
    numbers = (order.tracking_number, order.ad_id, order.conversation, *sorted(order.deal_ids))
    others = (number for sighting in evidence.sightings if (number := sighting.number))
    return Finder(
        names=sorted(chosen),
        contacts=sorted(people.contacts),
        own=own,
        spared=[*filter(None, numbers), *others],
        known=known,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """Covers texts in one language, and counts what it covers."""

    finder: Finder
    language: Language
    tally: Tally

    def text(self, text: str) -> str:
        """Return a text with a mark in place of whatever is private."""
        pieces, last = [], 0
        for finding in self.finder.find(text):
            self.tally.add(TEXTS, finding.kind)
            pieces += [text[last : finding.start], self._mark(finding.kind)]
            last = finding.end
        return "".join([*pieces, text[last:]])

    def maybe(self, text: str | None) -> str | None:
        """Return a text that may be missing."""
        return None if text is None else self.text(text)

    def _mark(self, kind: Private) -> str:
        what = said(f"private.{kind}", language=self.language)
        return f"[{said('private.token', language=self.language, what=what)}]"


def covered(evidence: Evidence, cover: Cover) -> Evidence:
    """Return the evidence with every stranger's text covered; salts go, for they would let the covered words be guessed."""
    order = evidence.order
    return replace(
        evidence,
        order=replace(
            order,
            title=cover.maybe(order.title),
            buyer=cover.maybe(order.buyer),
            carrier=cover.maybe(order.carrier),
        ),
        costs=tuple(replace(cost, text=cover.text(cost.text)) for cost in evidence.costs),
        cases=tuple(_record(record, cover) for record in evidence.cases),
        sightings=tuple(replace(each, words=cover.text(each.words)) for each in evidence.sightings),
        chat=_chat(evidence.chat, cover),
        captures=tuple(_capture(kept, cover) for kept in evidence.captures),
        notes=tuple(replace(note, text=cover.text(note.text), salt="") for note in evidence.notes),
        attachments=tuple(
            replace(attached, name=cover.text(attached.name), salt="") for attached in evidence.attachments
        ),
        people=replace(evidence.people, own=frozenset(filter(None, map(cover.text, evidence.people.own)))),
        gaps=tuple(replace(gap, place=cover.text(gap.place)) for gap in evidence.gaps),
    )


def _chat(chat: Chat | None, cover: Cover) -> Chat | None:
    if chat is None:
        return None
    messages = tuple(replace(message, text=cover.text(message.text)) for message in chat.messages)
    return replace(chat, messages=messages)


def _record(record: CaseRecord, cover: Cover) -> CaseRecord:
    found = record.found
    return replace(
        record,
        acknowledgements=tuple(replace(ack, who=cover.text(ack.who)) for ack in record.acknowledgements),
        found=replace(found, sentence=cover.text(found.sentence)) if found else None,
    )


def _capture(kept: KeptCapture, cover: Cover) -> KeptCapture:
    stored = replace(kept.stored, url=cover.text(kept.stored.url), page=cover.maybe(kept.stored.page))
    told = kept.told
    if told is not None:
        told = replace(
            told,
            url=cover.text(told.url),
            final_url=cover.text(told.final_url),
            failure=cover.maybe(told.failure),
            lost_bodies=tuple(map(cover.text, told.lost_bodies)),
            facts=tuple((name, cover.text(value)) for name, value in told.facts),
        )
    return replace(kept, stored=stored, told=told)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """A word of a map, and where it stands in the whole text."""

    word: Word
    start: int
    end: int


def blackening_of(
    text_map: TextMap, finder: Finder, *, kinds: Collection[Private] = frozenset(Private)
) -> tuple[Blackening, Counter[Private]]:
    """Return which rectangles of a picture are to be covered, and how many things that are.

    1. All texts are searched as one, in the order of the document: an address may stand in several elements.
    2. A word of which a part is private is covered as a whole.
    3. Parts in which nobody has listed the texts (photos, frames) are covered, too.

    Only what is of these `kinds` is covered.
    """
    text, words = _joined(text_map)
    boxes: list[Box] = []
    counts: Counter[Private] = Counter()
    for finding in [*finder.find(text), *_initials(words, finder)]:
        if finding.kind not in kinds:
            continue
        counts[finding.kind] += 1
        for placed in words:
            if placed.start < finding.end and finding.start < placed.end:
                boxes += [
                    Box(x=box.left, y=box.top, width=box.width, height=box.height)
                    for box in placed.word.boxes
                ]
    for part in text_map.opaque if Private.PHOTO in kinds else ():
        counts[Private.PHOTO] += 1
        box = part.box
        boxes.append(Box(x=box.left, y=box.top, width=box.width, height=box.height))
    unique = tuple(dict.fromkeys(boxes))
    return Blackening(width=text_map.width, height=text_map.height, boxes=unique), counts


def _joined(text_map: TextMap) -> tuple[str, list[_Placed]]:
    pieces, words, at = [], [], 0
    for text in text_map.texts:
        for word in text:
            words.append(_Placed(word=word, start=at, end=at + len(word.text)))
            pieces.append(word.text)
            at += len(word.text) + 1
    return " ".join(pieces), words


def _initials(words: Iterable[_Placed], finder: Finder) -> list[Finding]:
    """Return the initials of covered names, where they stand as a text of their own: as an avatar does."""
    return [
        Finding(placed.start, placed.end, Private.NAME)
        for placed in words
        if placed.word.text.upper() in finder.initials
    ]
