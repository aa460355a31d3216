"""The hash chain that shows whether anything was added, changed or removed later.

A line is one canonical JSON object (RFC 8785) that holds its own number, the hash of the line before it, and facts:
ids, kinds, times and salted hashes, never names or texts. Its hash is SHA-256 over the line's UTF-8 bytes.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256

from watcher.domain.ledger_line import FormFault, Told, read_line

GENESIS = "0" * 64
"""The hash that the first line names as its predecessor's."""
CLOCK_TOLERANCE = timedelta(minutes=10)
"""A line may tell of the moment at which its work began (a round of mails, say), while another was written meanwhile: so
far apart no two lines of one clock stand."""
_OF_AN_EARLIER_MOMENT = frozenset({"capture_kept"})
"""Kinds of lines whose time is not when they were written: a capture is remembered when its visit ends, and one that a
killed check left behind days later."""
_REMEMBERED = 1024
"""So many lines back a line is still recognised as another one's predecessor."""


class ChainFaultKind(StrEnum):
    """What was done to the ledger, as far as the lines themselves show it."""

    CHANGED = "changed"
    """Its text is not what its hash is of."""
    REWRITTEN = "rewritten"
    """The line before it was changed and given a hash of its own: this line still names the old one."""
    REMOVED = "removed"
    SWAPPED = "swapped"
    """It stands in another's place."""
    ADDED = "added"
    RENUMBERED = "renumbered"
    """The number beside it is not the one within it."""
    UNREADABLE = FormFault.UNREADABLE.value
    NOT_CANONICAL = FormFault.NOT_CANONICAL.value
    DUPLICATE_KEY = FormFault.DUPLICATE_KEY.value
    NEWER_FORMAT = FormFault.NEWER_FORMAT.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line as it is stored."""

    seq: int
    text: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainFault:
    """One thing that is wrong with the chain."""

    kind: ChainFaultKind
    seq: int
    """The line's number; of several, the first one's."""
    until: int
    """The last one's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLine:
    """A line, what it says, and what is wrong at it."""

    line: Line
    told: Told
    own_hash: str
    """The hash of its text, whatever is stored beside it."""
    faults: tuple[ChainFault, ...] = ()
    set_back: timedelta | None = None
    """By how much its time lies before that of the line before it, where that is more than happens by itself. Clocks
    are set back honestly, too: it is no fault."""


def hash_of(text: str) -> str:
    """Return a line's hash in hexadecimal."""
    return sha256(text.encode(errors="surrogatepass")).hexdigest()


def chain_faults(lines: Iterable[Line]) -> Iterator[ChainFault]:
    """Check a ledger from its first line on; see `read_chain`."""
    for read in read_chain(lines):
        yield from read.faults


def read_chain(lines: Iterable[Line]) -> Iterator[ReadLine]:
    """Read a ledger from its first line on, one line ahead of what is judged, and hold none of it in memory.

    1. Each line has the form that every line has, and its hash is that of its text.
    2. The numbers count 1, 2, 3 ... without a gap, within the texts as beside them.
    3. Each line names the hash of the line before it; the first one names GENESIS.

    A cut tail leaves no trace in what is left: anchors, stamps and heads that were mailed show it.
    """
    judge = _Judge()
    held: _Seen | None = None
    for line in lines:
        told, form = read_line(line.text)
        ahead = _Seen(line=line, told=told, own_hash=hash_of(line.text), form=form)
        if held is not None:
            yield judge.judge(held, ahead)
        held = ahead
    if held is not None:
        yield judge.judge(held, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    line: Line
    told: Told
    own_hash: str
    form: FormFault | None

    @property
    def is_itself(self) -> bool:
        return self.own_hash == self.line.hash

    @property
    def number(self) -> int:
        """The number within it, where it can be read."""
        return self.line.seq if self.told.seq is None else self.told.seq

    @property
    def shift(self) -> int:
        """How far the number within it is ahead of the one beside it."""
        return self.number - self.line.seq


class _Judge:
    """Tells what was done to each line by its neighbours."""

    def __init__(self) -> None:
        self._before: _Seen | None = None
        self._expected = 1
        self._shift = 0
        """The shift of the lines so far: lines behind a gap may have been numbered anew."""
        self._place_is_known = True
        """Whether the line before this one stands where it belongs; else this one's link says nothing."""
        self._added_until = 0
        self._strayed: set[int] = set()
        """Where lines belong that stand elsewhere."""
        self._last_told: Told | None = None
        self._hashes: OrderedDict[str, int] = OrderedDict()

    def judge(self, seen: _Seen, ahead: _Seen | None) -> ReadLine:
        faults = list(self._faults(seen, ahead))
        set_back = self._set_back(seen.told)
        self._before = seen
        self._hashes[seen.line.hash] = seen.line.seq
        if len(self._hashes) > _REMEMBERED:
            self._hashes.popitem(last=False)
        return ReadLine(
            line=seen.line,
            told=seen.told,
            own_hash=seen.own_hash,
            faults=tuple(faults),
            set_back=set_back,
        )

    def _faults(self, seen: _Seen, ahead: _Seen | None) -> Iterator[ChainFault]:
        if seen.form is not None:
            yield _fault(ChainFaultKind(seen.form.value), seen.line.seq)
        if not seen.is_itself:
            yield _fault(ChainFaultKind.CHANGED, seen.line.seq)
        misplaced = self._number_fault(seen, ahead)
        link_counts, self._place_is_known = self._place_is_known, True
        if misplaced is not None:
            self._place_is_known = misplaced.kind is not ChainFaultKind.SWAPPED
            if misplaced.kind is not ChainFaultKind.ADDED or misplaced.seq > self._added_until:
                yield misplaced
        elif link_counts and seen.is_itself and seen.form is not FormFault.UNREADABLE:
            yield from self._link_fault(seen, ahead)

    def _number_fault(self, seen: _Seen, ahead: _Seen | None) -> ChainFault | None:
        """Compare the numbers with the expected one, and go on expecting."""
        beside, expected = seen.line.seq, self._expected
        self._expected = max(beside, 0) + 1
        if beside != expected:
            return self._place_fault(seen, ahead, expected)
        if seen.shift == self._shift or not seen.is_itself or seen.told.seq is None:
            return None
        if ahead is not None and ahead.shift != seen.shift:
            if len(self._strayed) < _REMEMBERED:
                self._strayed.add(seen.number)
            return _fault(ChainFaultKind.SWAPPED, beside)
        before, self._shift = self._shift, seen.shift
        if seen.shift > before:
            return _fault(ChainFaultKind.REMOVED, expected + before, seen.number - 1)
        if ahead is None and (beside in self._strayed or seen.told.prev not in self._hashes):
            return _fault(ChainFaultKind.SWAPPED, beside)
        return _fault(ChainFaultKind.ADDED, beside - (before - seen.shift), beside - 1)

    def _place_fault(self, seen: _Seen, ahead: _Seen | None, expected: int) -> ChainFault:
        """Say what is wrong where the number beside a line is not the next one."""
        beside = seen.line.seq
        if seen.is_itself and seen.told.seq is not None and seen.number == expected + self._shift:
            if ahead is not None and ahead.line.seq == beside + 1:
                self._shift = seen.shift
            else:
                self._expected = expected + 1
            return _fault(ChainFaultKind.RENUMBERED, beside)
        if beside < expected:
            if self._before is None or beside == self._before.line.seq:
                return _fault(ChainFaultKind.ADDED, beside)
            self._expected = expected + 1
            return _fault(ChainFaultKind.SWAPPED, beside)
        if ahead is not None and ahead.line.seq < beside:
            self._expected = expected + 1
            return _fault(ChainFaultKind.SWAPPED, beside)
        return _fault(ChainFaultKind.REMOVED, expected, beside - 1)

    def _link_fault(self, seen: _Seen, ahead: _Seen | None) -> Iterator[ChainFault]:
        before, prev, beside = self._before, seen.told.prev, seen.line.seq
        named = {GENESIS} if before is None else {before.line.hash, before.own_hash}
        if prev in named:
            return
        is_last = ahead is None and (prev == GENESIS or prev in self._hashes)
        if before is not None and (is_last or (ahead is not None and ahead.shift < seen.shift)):
            self._added_until = beside
            yield _fault(ChainFaultKind.ADDED, beside)
        else:
            yield _fault(ChainFaultKind.REWRITTEN, beside)

    def _set_back(self, told: Told) -> timedelta | None:
        if told.at is None or told.kind in _OF_AN_EARLIER_MOMENT:
            return None
        before, self._last_told = self._last_told, told
        if before is None or before.at is None or before.at - told.at <= CLOCK_TOLERANCE:
            return None
        return before.at - told.at


def _fault(kind: ChainFaultKind, seq: int, until: int | None = None) -> ChainFault:
    return ChainFault(kind=kind, seq=seq, until=seq if until is None else max(seq, until))
