"""Is the archive as it was written? Seven steps; every fault is named, not only the first."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol

from watcher.app.anchors import StampJudge
from watcher.app.claims import Claims, files_digest, was_forgotten
from watcher.app.findings import CHAIN_KINDS, FORM_KINDS, Finding, FindingKind, Step, span
from watcher.app.index import FileKeeper, FileState, Index, IndexedAnchor, IndexedFile, IndexedStamp
from watcher.domain.anchor import StampFault, StampVerdict
from watcher.domain.ledger import ReadLine, read_chain
from watcher.texts.language import current
from watcher.texts.stamps import fault_name

_LARGEST_ANSWER = 1 << 20
_NOT_FOR_US = frozenset({StampFault.UNKNOWN_AUTHORITY, StampFault.NO_LIBRARY})
"""What keeps this machine from checking a stamp, and says nothing against it."""


class Remembered(Protocol):
    """Whoever can show what is remembered, as of one moment."""

    def snapshot(self) -> AbstractContextManager[None]:
        """Read within the block as of one moment, whatever others write meanwhile."""

    def index(self) -> Index:
        """Return what the database says is kept."""


class Kept(Protocol):
    """Whoever keeps the files."""

    def eye(self) -> FileKeeper:
        """Return whoever can look at them."""


class Watch(Protocol):
    """Whoever shows how far a verification has come."""

    def begin(self, step: Step, total: int | None) -> None:
        """Show that a step begins; `total` is how much there is to look at, where that is known."""

    def advance(self) -> None:
        """Show that one more was looked at."""


class Unwatched:
    """Shows nothing."""

    def begin(self, step: Step, total: int | None) -> None:
        """Show nothing."""

    def advance(self) -> None:
        """Show nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was looked at, and what was found."""

    lines: int
    captures: int
    files: int
    attachments: int = 0
    notes: int = 0
    anchors: int = 0
    stamps: int = 0
    stamps_held: int = 0
    """Stamps that were checked to the end and hold."""
    head: str | None = None
    """The hash of the ledger's last line."""
    heads: Mapping[str, int] = field(default_factory=dict)
    """Heads that were asked about -> the line that has this hash."""
    looked_at: Mapping[Step, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @property
    def faults(self) -> tuple[Finding, ...]:
        """What is wrong."""
        return tuple(finding for finding in self.findings if not finding.kind.is_remark)

    @property
    def remarks(self) -> tuple[Finding, ...]:
        """What is worth knowing, and happens honestly, too."""
        return tuple(finding for finding in self.findings if finding.kind.is_remark)

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def verify(
    store: Remembered,
    vault: Kept,
    *,
    judge: StampJudge | None = None,
    heads: Collection[str] = (),
    watch: Watch | None = None,
) -> Verdict:
    """Verify the archive. Nothing is written; memory does not grow with the files.

    1. The ledger's chain: every line follows the one before it, unchanged.
    2. Every line is spelt as every line is.
    3. Every capture that the database knows was given to the ledger with the same file hashes, and the other way round.
    4. Every file is there, is a file within the storage folder, and has the bytes that its hash names.
    5. Every attachment and note is the one that the ledger knows by its hash, and the other way round.
    6. What the ledger says was forgotten is missing without fault; what of it is still there is a fault.
    7. The lines that were anchored, stamped, or named by a head from elsewhere are those of the ledger.

    Args:
        store: what is remembered; read as of one moment, so that a check that ends meanwhile is no fault.
        vault: where the files are.
        judge: whoever can check time stamps to the end; without one they are compared with their hashes alone.
        heads: hashes of ledger lines that somebody has from elsewhere: an alert mail, an export.
        watch: is told how far it has come.
    """
    work = _Verification(index=store.index(), eye=vault.eye(), judge=judge, watch=watch or Unwatched())
    with store.snapshot():
        work.read_ledger(heads)
        work.compare_captures()
        work.compare_own()
        work.compare_anchors()
        files = list(work.index.files())
    work.look_at_files(files)
    work.look_for_strays(files)
    work.judge_stamps()
    return work.verdict()


class _Verification:
    """One verification under way."""

    def __init__(self, *, index: Index, eye: FileKeeper, judge: StampJudge | None, watch: Watch) -> None:
        self.index = index
        self._eye = eye
        self._judge = judge
        self._watch = watch
        self._claims = Claims()
        self._findings: list[Finding] = []
        self._looked_at: dict[Step, int] = dict.fromkeys(Step, 0)
        self._anchors: list[IndexedAnchor] = []
        self._stamps: list[IndexedStamp] = []
        self._digests: dict[int, str] = {}
        """Lines -> the digest of so many first lines of the ledger as it is now."""
        self._heads: dict[str, int] = {}
        self._head: str | None = None
        self._captures = self._files = self._attachments = self._notes = self._held = 0

    def read_ledger(self, heads: Collection[str]) -> None:
        """Steps 1 and 2, and what the ledger claims, in one pass."""
        self._anchors, self._stamps = self.index.anchors(), self.index.stamps()
        self._watch.begin(Step.CHAIN, None)
        wanted = {anchor.lines for anchor in self._anchors} | {stamp.lines for stamp in self._stamps}
        digest, count = sha256(), 0
        for read in read_chain(self.index.lines()):
            count += 1
            digest.update(f"{read.line.hash}\n".encode())
            if count in wanted:
                self._digests[count] = digest.hexdigest()
            if read.line.hash in heads and read.own_hash == read.line.hash:
                self._heads[read.line.hash] = read.line.seq
            self._head = read.line.hash
            self._claims.take(read)
            self._findings.extend(_line_findings(read))
            self._watch.advance()
        self._looked_at[Step.CHAIN] = self._looked_at[Step.FORM] = count
        for head in heads:
            if head not in self._heads:
                self._find(FindingKind.HEAD_UNKNOWN, Step.ANCHORS, name=head)

    def compare_captures(self) -> None:
        """Step 3."""
        self._watch.begin(Step.CAPTURES, len(self._claims.captures))
        unseen, gone = self._claims.captures, self._claims.gone_captures
        for capture in self.index.captures():
            self._captures += 1
            self._files += len(capture.hashes)
            claimed = unseen.pop(capture.id, None)
            if capture.id in gone:
                self._find(FindingKind.FORGOTTEN_CAPTURE, Step.FORGOTTEN, name=capture.id)
            elif claimed is None:
                self._find(FindingKind.CAPTURE_ADDED, Step.CAPTURES, name=capture.id)
            elif claimed != files_digest(capture.hashes):
                self._find(FindingKind.CAPTURE_CHANGED, Step.CAPTURES, name=capture.id)
            self._watch.advance()
        for missing in unseen:
            self._find(FindingKind.CAPTURE_REMOVED, Step.CAPTURES, name=missing)
        self._looked_at[Step.CAPTURES] = self._captures

    def compare_own(self) -> None:
        """Step 5, and what of step 6 the tables show."""
        self._compare_attachments()
        self._compare_notes()
        self._looked_at[Step.OWN] = self._attachments + self._notes

    def _compare_attachments(self) -> None:
        unseen, gone = self._claims.attachments, self._claims.gone_attachments
        for attachment in self.index.attachments():
            self._attachments += 1
            self._files += 1
            claimed = unseen.pop(attachment.id, None)
            if attachment.id in gone:
                self._find(FindingKind.FORGOTTEN_ATTACHMENT, Step.FORGOTTEN, name=attachment.id)
            elif claimed is None:
                self._find(FindingKind.ATTACHMENT_ADDED, Step.OWN, name=attachment.id)
            elif claimed != (attachment.sha256, attachment.size, attachment.name_hash):
                self._find(FindingKind.ATTACHMENT_CHANGED, Step.OWN, name=attachment.id)
        for missing in unseen:
            self._find(FindingKind.ATTACHMENT_REMOVED, Step.OWN, name=missing)

    def _compare_notes(self) -> None:
        """A note without its hash in the ledger is paired with the line of its order and time: then it was changed."""
        unseen = self._claims.notes
        unknown = []
        for note in self.index.notes():
            self._notes += 1
            if unseen.pop(note.text_hash, None) is None:
                unknown.append(note)
        waiting = {(claim.order, claim.at): digest for digest, claim in unseen.items()}
        for note in unknown:
            digest = waiting.pop((note.order, note.at), None)
            if digest is not None:
                del unseen[digest]
            kind = FindingKind.NOTE_ADDED if digest is None else FindingKind.NOTE_CHANGED
            self._find(kind, Step.OWN, name=str(note.id))
        for claim in unseen.values():
            if self._claims.gone_notes[claim.order] > 0:
                self._claims.gone_notes[claim.order] -= 1
            else:
                self._find(FindingKind.NOTE_REMOVED, Step.OWN, line=claim.line)

    def compare_anchors(self) -> None:
        """Step 7, without what the authorities' answers themselves say."""
        self._watch.begin(Step.ANCHORS, len(self._anchors))
        unseen, good, count = self._claims.anchors, 0, self._looked_at[Step.CHAIN]
        for anchor in self._anchors:
            claimed = unseen.pop(anchor.lines, None)
            found = self._digests.get(anchor.lines)
            if found is None:
                self._find(FindingKind.ANCHOR_CUT, Step.ANCHORS, line=anchor.lines, count=count)
            elif found != anchor.digest or claimed not in {None, anchor.digest}:
                kind, first = FindingKind.ANCHOR_CHANGED, good + 1
                self._find(kind, Step.ANCHORS, line=anchor.lines, count=first, until=anchor.lines)
            elif claimed is None:
                self._find(FindingKind.ANCHOR_ADDED, Step.ANCHORS, line=anchor.lines)
            else:
                good = anchor.lines
            self._watch.advance()
        for lines in unseen:
            self._find(FindingKind.ANCHOR_REMOVED, Step.ANCHORS, line=lines)
        self._compare_stamps()
        self._looked_at[Step.ANCHORS] = len(self._anchors) + len(self._stamps)

    def _compare_stamps(self) -> None:
        unseen = self._claims.stamps
        for stamp in self._stamps:
            claimed = unseen.pop((stamp.lines, stamp.authority), None)
            if claimed is None:
                self._stamp(FindingKind.STAMP_ADDED, stamp)
            elif claimed != stamp.answer.sha256:
                self._stamp(FindingKind.STAMP_CHANGED, stamp)
        for lines, authority in unseen:
            self._find(FindingKind.STAMP_REMOVED, Step.ANCHORS, name=authority, line=lines)

    def look_at_files(self, files: Collection[IndexedFile]) -> None:
        """Step 4. A file that was forgotten since the database was read is no fault."""
        self._watch.begin(Step.FILES, len(files))
        writable: list[str] = []
        for file in files:
            look = self._eye.look(file)
            if look.state is FileState.WRITABLE:
                writable.append(file.path)
            elif look.state is not None and (
                look.state is not FileState.MISSING or self.index.knows(file.path)
            ):
                kind = FindingKind(f"file_{look.state}")
                self._find(kind, Step.FILES, name=file.path, detail=look.detail)
            self._watch.advance()
        if writable:
            self._find(FindingKind.FILE_WRITABLE, Step.FILES, name=writable[0], count=len(writable))
        self._looked_at[Step.FILES] = len(files)

    def look_for_strays(self, files: Iterable[IndexedFile]) -> None:
        """Step 6 as far as files go, and what nobody knows. What a check has remembered meanwhile is known."""
        self._watch.begin(Step.FORGOTTEN, None)
        known, going = {file.path for file in files}, self.index.going()
        for stray in self._eye.strays(known.__contains__):
            if self.index.knows(stray.path):
                continue
            if stray.sha256 is not None and was_forgotten(self._claims, stray.sha256):
                kind = FindingKind.FILE_GOING if stray.path in going else FindingKind.FORGOTTEN_FILE
                self._find(kind, Step.FORGOTTEN, name=stray.path)
            else:
                kind = FindingKind.PART_LEFT if stray.is_part else FindingKind.STRAY_FILE
                self._find(kind, Step.FILES, name=stray.path)
        gone = self._claims
        self._looked_at[Step.FORGOTTEN] = (
            len(gone.gone_captures) + len(gone.gone_attachments) + len(gone.gone_files)
        )

    def judge_stamps(self) -> None:
        """Check what the authorities have answered. A stamp on lines that are not there was told of already."""
        for stamp in self._stamps:
            digest = self._digests.get(stamp.lines)
            answer = self._eye.read_indexed(stamp.answer, largest=_LARGEST_ANSWER)
            if digest is None or not answer:
                continue
            if bytes.fromhex(digest) not in answer:
                self._stamp(FindingKind.STAMP_OTHER, stamp)
            elif self._judge is None:
                self._stamp(FindingKind.STAMP_UNCHECKED, stamp, _words(StampFault.NO_LIBRARY))
            else:
                self._judged(stamp, self._verdict_on(self._judge, stamp, answer, digest))

    def _verdict_on(self, judge: StampJudge, stamp: IndexedStamp, answer: bytes, digest: str) -> StampVerdict:
        chain = self._eye.read_indexed(stamp.chain, largest=_LARGEST_ANSWER) if stamp.chain else b""
        return judge.judge(
            answer, digest=digest, authority=stamp.authority, chain=chain.decode(errors="replace")
        )

    def _judged(self, stamp: IndexedStamp, verdict: StampVerdict) -> None:
        if verdict.ok:
            self._held += 1
            return
        unchecked = _NOT_FOR_US.issuperset(verdict.faults)
        kind = FindingKind.STAMP_UNCHECKED if unchecked else FindingKind.STAMP_BROKEN
        told = next(fault for fault in verdict.faults if unchecked or fault not in _NOT_FOR_US)
        self._stamp(kind, stamp, _words(told))

    def verdict(self) -> Verdict:
        """Return what was found, in the order of the steps."""
        return Verdict(
            lines=self._looked_at[Step.CHAIN],
            captures=self._captures,
            files=self._files,
            attachments=self._attachments,
            notes=self._notes,
            anchors=len(self._anchors),
            stamps=len(self._stamps),
            stamps_held=self._held,
            head=self._head,
            heads=self._heads,
            looked_at=self._looked_at,
            findings=tuple(sorted(self._findings, key=lambda finding: finding.step)),
        )

    def _stamp(self, kind: FindingKind, stamp: IndexedStamp, detail: str = "") -> None:
        self._find(kind, Step.ANCHORS, name=stamp.authority, line=stamp.lines, detail=detail)

    def _find(
        self,
        kind: FindingKind,
        step: Step,
        *,
        name: str = "",
        line: int = 0,
        until: int = 0,
        count: int = 0,
        detail: str = "",
    ) -> None:
        finding = Finding(kind=kind, step=step, name=name, line=line, until=until, count=count, detail=detail)
        self._findings.append(finding)


def _words(fault: StampFault) -> str:
    return fault_name(fault, language=current())


def _line_findings(read: ReadLine) -> Iterator[Finding]:
    for fault in read.faults:
        step = Step.FORM if fault.kind in FORM_KINDS else Step.CHAIN
        kind = CHAIN_KINDS[fault.kind]
        if kind is FindingKind.LINE_REWRITTEN and fault.seq == 1:
            kind = FindingKind.NO_BEGINNING
        yield Finding(kind=kind, step=step, line=fault.seq, until=fault.until)
    if read.set_back is not None:
        detail = span(read.set_back)
        yield Finding(kind=FindingKind.CLOCK_SET_BACK, step=Step.CHAIN, line=read.line.seq, detail=detail)
