"""What a carrier's words and codes say about where a parcel is."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from watcher.carriers.harmless import harmless_line
from watcher.carriers.numbers.naming import carrier_id
from watcher.carriers.statuses.sentence import (
    folded,
    is_conditional,
    is_denied,
    is_forecast,
    is_foretold,
    is_question,
    sentences_of,
)
from watcher.carriers.statuses.table import Entry, Phrase, Table, general, special, tables
from watcher.domain.confidence import Confidence, least
from watcher.domain.parcel import Milestone

_LONGEST = 1_000
"""A status is a sentence or two."""
_WORD = re.compile(r"\w+")
_RETURN_LABEL = re.compile(
    r"\W*(?:rücksendung|retoure|rückversand|return(?: shipment)?) ?[:|]", re.IGNORECASE
)
_NOT_ON_THE_WAY_BACK = frozenset(
    {Milestone.UNKNOWN, Milestone.LABEL_CREATED, Milestone.RETURNING, Milestone.RETURNED}
)
"""What a label of a return adds nothing to."""
_DENYING = re.compile(r"(?<!\w)(?:nicht|kein\w{0,2}|not|unable|couldn't)(?!\w)")
_WEIGHT = {
    milestone: weight
    for weight, milestone in enumerate(
        (
            None,
            Milestone.LABEL_CREATED,
            Milestone.HANDED_IN,
            Milestone.IN_TRANSIT,
            Milestone.AT_DEPOT,
            Milestone.OUT_FOR_DELIVERY,
            Milestone.DELIVERED,
            Milestone.EXCEPTION,
            Milestone.HELD_AT_PICKUP,
            Milestone.RETURNING,
            Milestone.RETURNED,
        )
    )
}
"""Where a status says two things ("could not be delivered and is being brought to the branch"), the weightier one counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a status says. `UNKNOWN` is never counted."""

    milestone: Milestone
    confidence: Confidence
    at_shop: bool = False
    """Handed in at a shop, and the driver has not been there yet."""
    is_event: bool = True
    """Whether it could tell of something that happened; a forecast, a wish or a mere notice does not."""


UNKNOWN = Meaning(milestone=Milestone.UNKNOWN, confidence=Confidence.UNSURE)
NO_EVENT = replace(UNKNOWN, is_event=False)


@dataclass(frozen=True, slots=True)
class _Hit:
    sentence: int
    start: int
    end: int
    phrase: Phrase


def meaning_of(
    words: str = "",
    *,
    carrier: str | None = None,
    code: str | None = None,
    state: str | None = None,
    is_return: bool = False,
) -> Meaning:
    """Return what a status means; never raises, and never guesses.

    1. The words decide. Of phrases for the same place in the text the longest counts, elsewhere the weightiest; what is
       denied, asked, foretold or made a condition does not count.
    2. Words that nobody knows leave it to the carrier's fine code, and that to its coarse state.
    3. Words and code that agree are as sure as the surer of them; where they disagree, the words count, likely at most.
    4. On a parcel that is marked as a return, a delivery is the delivery to the sender, and everything else the way back.
    5. Words that a label says to be about a return ("Rücksendung: …") are read like that, likely at most.

    Args:
        words: the carrier's own words, in German or English; a stranger's text.
        carrier: its id or name. Words that only another carrier's table knows are one grade less sure; without a carrier
            every table is asked.
        code: the carrier's fine code, such as DHL's `ZU` or Hermes' `PARCELSHOP_DROP_OFF`.
        state: the carrier's coarse state, such as `transit`.
        is_return: whether the carrier marks the parcel as on its way back, or back.
    """
    own = carrier_id(carrier)
    line = harmless_line(words[:_LONGEST], limit=_LONGEST)
    said = _said(line, own)
    if label := _RETURN_LABEL.match(line):
        rest = _said(line[label.end() :], own)
        back = _on_the_way_back(rest)
        if rest.milestone not in _NOT_ON_THE_WAY_BACK:
            said = replace(back, confidence=least((rest.confidence, back.confidence, Confidence.LIKELY)))
    coded = _coded(code, state, own)
    return _on_the_way_back(_together(said, coded)) if is_return else _together(said, coded)


def _together(said: Meaning, coded: Meaning) -> Meaning:
    if said.milestone is Milestone.UNKNOWN:
        is_event = coded.is_event and (said.is_event or coded.milestone is not Milestone.UNKNOWN)
        return replace(coded, is_event=is_event)
    if coded.milestone is Milestone.UNKNOWN:
        return said
    if said.milestone is coded.milestone:
        surer = min(said, coded, key=lambda meaning: meaning.confidence.rank)
        return replace(surer, at_shop=said.at_shop or coded.at_shop)
    return replace(said, confidence=least((said.confidence, Confidence.LIKELY)))


def _on_the_way_back(meaning: Meaning) -> Meaning:
    if meaning.milestone in {Milestone.DELIVERED, Milestone.RETURNED}:
        return replace(meaning, milestone=Milestone.RETURNED)
    if meaning.milestone is Milestone.RETURNING:
        return meaning
    return Meaning(milestone=Milestone.RETURNING, confidence=Confidence.LIKELY)


def _coded(code: str | None, state: str | None, carrier: str | None) -> Meaning:
    table = tables().get(carrier or "")
    if table is None:
        return UNKNOWN
    entry = table.codes.get((code or "").strip().casefold())
    entry = entry or table.states.get((state or "").strip().casefold())
    return UNKNOWN if entry is None else _meaning(entry)


def _meaning(entry: Entry) -> Meaning:
    if entry.milestone is None:
        return NO_EVENT
    return Meaning(milestone=entry.milestone, confidence=entry.confidence, at_shop=entry.at_shop)


def _said(line: str, carrier: str | None) -> Meaning:
    sentences = [folded(sentence) for sentence in sentences_of(line) if not is_question(sentence)]
    own = [table for table in special() if carrier in {None, table.carrier}]
    hits = _hits(sentences, (*own, general()), own=carrier)
    if hits:
        return _weigh(hits)
    others = _hits(sentences, (table for table in special() if table not in own), own=carrier)
    if others:
        found = _weigh(others)
        return replace(found, confidence=found.confidence.lowered())
    return NO_EVENT if sentences and any(map(is_forecast, sentences)) else UNKNOWN


def _hits(sentences: list[str], asked: Iterable[Table], *, own: str | None) -> list[_Hit]:
    """Return the phrases that count: of those for the same place only the longest."""
    found = [
        hit
        for table in asked
        for place, text in enumerate(sentences)
        for hit in _in(text, place, table)
        if hit.phrase.entry.carrier == own or not hit.phrase.entry.only_here
    ]
    found.sort(key=lambda hit: (hit.sentence, hit.start, hit.phrase.entry.carrier, hit.phrase.text))
    return [hit for hit in found if not any(_knows_better(other, hit) for other in found)]


def _in(sentence: str, place: int, table: Table) -> Iterator[_Hit]:
    for key in set(_WORD.findall(sentence)) & table.phrases.keys():
        for phrase in table.phrases[key]:
            for match in phrase.pattern.finditer(sentence):
                if _counts(sentence, match, phrase):
                    yield _Hit(place, match.start(), match.end(), phrase)


def _counts(sentence: str, match: re.Match[str], phrase: Phrase) -> bool:
    denied = is_denied(sentence, match.start(), match.end()) and not _DENYING.search(folded(phrase.text))
    return not (denied or is_foretold(sentence, match.start()) or is_conditional(sentence, match.start()))


def _knows_better(other: _Hit, hit: _Hit) -> bool:
    same_place = other.sentence == hit.sentence and other.start < hit.end and hit.start < other.end
    return same_place and other.phrase.letters > hit.phrase.letters


def _weigh(hits: list[_Hit]) -> Meaning:
    """Return the weightiest; where two carriers mean different things by the same words, nobody can be sure."""
    best = max(hits, key=lambda hit: (_WEIGHT[hit.phrase.entry.milestone], -hit.phrase.entry.confidence.rank))
    meaning = _meaning(best.phrase.entry)
    for hit in hits:
        same_words = (hit.sentence, hit.start, hit.end) == (best.sentence, best.start, best.end)
        if same_words and hit.phrase.entry.milestone is not best.phrase.entry.milestone:
            return replace(meaning, confidence=Confidence.UNSURE)
        if _came_after(hit, best):
            later = _meaning(hit.phrase.entry)
            return replace(later, confidence=least((later.confidence, Confidence.LIKELY)))
    return meaning


def _came_after(hit: _Hit, best: _Hit) -> bool:
    """Whether a failed attempt is told first and the delivery after it ("... but was delivered to a neighbour")."""
    milestones = (best.phrase.entry.milestone, hit.phrase.entry.milestone)
    is_later = (hit.sentence, hit.start) > (best.sentence, best.start)
    return milestones == (Milestone.EXCEPTION, Milestone.DELIVERED) and is_later
