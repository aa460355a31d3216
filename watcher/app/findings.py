"""What a look at the archive has shown: faults and remarks, each of a kind that has a name, and their words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum, StrEnum

from watcher.domain.ledger import ChainFaultKind
from watcher.texts.language import _, ngettext


class Step(IntEnum):
    """The steps of a verification, in their order."""

    CHAIN = 1
    FORM = 2
    CAPTURES = 3
    FILES = 4
    OWN = 5
    FORGOTTEN = 6
    ANCHORS = 7


class FindingKind(StrEnum):
    """What was found. Names may be added, never changed: others read them from --json."""

    LINE_CHANGED = "line_changed"
    LINE_REWRITTEN = "line_rewritten"
    LINE_REMOVED = "line_removed"
    LINE_SWAPPED = "line_swapped"
    LINE_ADDED = "line_added"
    LINE_RENUMBERED = "line_renumbered"
    NO_BEGINNING = "no_beginning"
    LINE_UNREADABLE = "line_unreadable"
    LINE_NOT_CANONICAL = "line_not_canonical"
    LINE_DUPLICATE_KEY = "line_duplicate_key"
    LINE_NEWER_FORMAT = "line_newer_format"
    CAPTURE_ADDED = "capture_added"
    CAPTURE_CHANGED = "capture_changed"
    CAPTURE_REMOVED = "capture_removed"
    FILE_MISSING = "file_missing"
    FILE_UNREADABLE = "file_unreadable"
    FILE_CHANGED = "file_changed"
    FILE_OUTSIDE = "file_outside"
    FILE_LINK = "file_link"
    FILE_NO_FILE = "file_no_file"
    ATTACHMENT_ADDED = "attachment_added"
    ATTACHMENT_CHANGED = "attachment_changed"
    ATTACHMENT_REMOVED = "attachment_removed"
    NOTE_ADDED = "note_added"
    NOTE_CHANGED = "note_changed"
    NOTE_REMOVED = "note_removed"
    FORGOTTEN_CAPTURE = "forgotten_capture"
    FORGOTTEN_ATTACHMENT = "forgotten_attachment"
    FORGOTTEN_FILE = "forgotten_file"
    ANCHOR_CHANGED = "anchor_changed"
    ANCHOR_CUT = "anchor_cut"
    ANCHOR_ADDED = "anchor_added"
    ANCHOR_REMOVED = "anchor_removed"
    STAMP_ADDED = "stamp_added"
    STAMP_CHANGED = "stamp_changed"
    STAMP_REMOVED = "stamp_removed"
    STAMP_OTHER = "stamp_other"
    STAMP_BROKEN = "stamp_broken"
    HEAD_UNKNOWN = "head_unknown"
    CLOCK_SET_BACK = "clock_set_back"
    FILE_WRITABLE = "file_writable"
    STRAY_FILE = "stray_file"
    PART_LEFT = "part_left"
    FILE_GOING = "file_going"
    STAMP_UNCHECKED = "stamp_unchecked"

    @property
    def is_remark(self) -> bool:
        """Whether it happens honestly, too: it is said, and is no fault."""
        return self in _REMARKS


_REMARKS = frozenset(
    {
        FindingKind.CLOCK_SET_BACK,
        FindingKind.FILE_WRITABLE,
        FindingKind.STRAY_FILE,
        FindingKind.PART_LEFT,
        FindingKind.FILE_GOING,
        FindingKind.STAMP_UNCHECKED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that a look at the archive has shown."""

    kind: FindingKind
    step: Step
    name: str = ""
    """The path, id, hash or authority that it is about."""
    line: int = 0
    """The ledger line's number, or how many lines an anchor is on."""
    until: int = 0
    """The last of several lines."""
    count: int = 0
    detail: str = ""

    @property
    def place(self) -> str:
        """Where it is, in the language in force."""
        topic = self.kind.partition("_")[0]
        return _PLACES[topic](self) if topic in _PLACES else self.name

    @property
    def reason(self) -> str:
        """What is wrong there, in the language in force."""
        return reasons()[self.kind].format(
            line=self.line, until=self.until, count=self.count, detail=self.detail
        )


CHAIN_KINDS: Mapping[ChainFaultKind, FindingKind] = {
    kind: FindingKind(f"line_{kind}") for kind in ChainFaultKind
}
"""What the chain itself shows, as a finding."""
FORM_KINDS = frozenset(
    {
        ChainFaultKind.UNREADABLE,
        ChainFaultKind.NOT_CANONICAL,
        ChainFaultKind.DUPLICATE_KEY,
        ChainFaultKind.NEWER_FORMAT,
    }
)


def step_name(step: Step) -> str:
    """Return what a step looks at."""
    return {
        Step.CHAIN: _("The ledger's chain: no line added, changed, removed or moved"),
        Step.FORM: _("The form of its lines"),
        Step.CAPTURES: _("The captures are those that the ledger knows"),
        Step.FILES: _("The files have the bytes of their hashes"),
        Step.OWN: _("Attachments and notes are those that the ledger knows"),
        Step.FORGOTTEN: _("What was forgotten is gone"),
        Step.ANCHORS: _("Anchors, time stamps and heads from elsewhere"),
    }[step]


def reasons() -> Mapping[FindingKind, str]:
    """Return what to say of each kind, with marks for its facts. The verifier in an export says the same words."""
    kind = FindingKind
    return {
        kind.LINE_CHANGED: _("it was changed: its hash is not that of its text"),
        kind.LINE_REWRITTEN: _(
            "it names another line before it: that one was written anew with a hash of its own"
        ),
        kind.LINE_REMOVED: _("removed: the numbers have a gap"),
        kind.LINE_SWAPPED: _("it stands in another line's place"),
        kind.LINE_ADDED: _("put in later: the lines around it do not know it"),
        kind.LINE_RENUMBERED: _("the number beside it is not the one within it"),
        kind.NO_BEGINNING: _("it is no beginning: it names a line before it"),
        kind.LINE_UNREADABLE: _("it cannot be read as a line of the ledger"),
        kind.LINE_NOT_CANONICAL: _("it is not spelt as every line is (RFC 8785)"),
        kind.LINE_DUPLICATE_KEY: _("a name stands in it twice: programs would read it differently"),
        kind.LINE_NEWER_FORMAT: _("a newer Stornowacht wrote it: only that one can check it"),
        kind.CAPTURE_ADDED: _("unknown to the ledger: added later"),
        kind.CAPTURE_CHANGED: _("its files are others than the ledger says"),
        kind.CAPTURE_REMOVED: _("named in the ledger, and not there: removed"),
        kind.FILE_MISSING: _("the file is gone"),
        kind.FILE_UNREADABLE: _("the file cannot be read: {detail}"),
        kind.FILE_CHANGED: _("the file was changed: its hash is another"),
        kind.FILE_OUTSIDE: _("its path leads elsewhere"),
        kind.FILE_LINK: _("a link stands in its place: what it leads to proves nothing"),
        kind.FILE_NO_FILE: _("what stands in its place is no file"),
        kind.ATTACHMENT_ADDED: _("unknown to the ledger: added later"),
        kind.ATTACHMENT_CHANGED: _("its file or its name is another than the ledger says"),
        kind.ATTACHMENT_REMOVED: _("named in the ledger, and not there: removed"),
        kind.NOTE_ADDED: _("unknown to the ledger: added later"),
        kind.NOTE_CHANGED: _("its text is another than the ledger says"),
        kind.NOTE_REMOVED: _("named in the ledger, and not there: removed"),
        kind.FORGOTTEN_CAPTURE: _("forgotten, says the ledger, and still there"),
        kind.FORGOTTEN_ATTACHMENT: _("forgotten, says the ledger, and still there"),
        kind.FORGOTTEN_FILE: _("forgotten, says the ledger, and still there"),
        kind.ANCHOR_CHANGED: _(
            "these lines are not those that were anchored: one of {count} to {until} is another"
        ),
        kind.ANCHOR_CUT: _("the ledger has {count} lines only: its end was cut off"),
        kind.ANCHOR_ADDED: _(
            "unknown to the ledger: the lines behind it were cut off, or it was added later"
        ),
        kind.ANCHOR_REMOVED: _("named in the ledger, and not there: removed"),
        kind.STAMP_ADDED: _("unknown to the ledger: added later"),
        kind.STAMP_CHANGED: _("it is another answer than the ledger says"),
        kind.STAMP_REMOVED: _("named in the ledger, and not there: removed"),
        kind.STAMP_OTHER: _("it is not a stamp on these lines"),
        kind.STAMP_BROKEN: _("it does not hold: {detail}"),
        kind.HEAD_UNKNOWN: _(
            "it stands nowhere in the ledger: its end was cut off, or lines were written anew"
        ),
        kind.CLOCK_SET_BACK: _("written {detail} before the line before it: the clock was set back"),
        kind.FILE_WRITABLE: _(
            "one of {count} files that can be written to: a copy or a backup may have done that"
        ),
        kind.STRAY_FILE: _(
            "nothing that is remembered owns it: its check was stopped, or somebody put it there"
        ),
        kind.PART_LEFT: _("half of a file: its writing was cut short"),
        kind.FILE_GOING: _("forgotten, and still to be removed: the program does that when it runs next"),
        kind.STAMP_UNCHECKED: _("not checked to the end: {detail}"),
    }


def span(length: timedelta) -> str:
    """Return a length of time as `1:05:00`, with days in front where there are any."""
    seconds = int(length.total_seconds())
    days, rest = divmod(seconds, 86_400)
    clock = f"{rest // 3600}:{rest // 60 % 60:02}:{rest % 60:02}"
    return f"{days} d {clock}" if days else clock


def _line_place(finding: Finding) -> str:
    if finding.until > finding.line:
        return _("ledger lines {number} to {last}").format(number=finding.line, last=finding.until)
    return _("ledger line {number}").format(number=finding.line)


def _note_place(finding: Finding) -> str:
    if finding.name:
        return _("note {id}").format(id=finding.name)
    return _("the note of ledger line {number}").format(number=finding.line)


def _over(finding: Finding) -> str:
    return ngettext("{count} line", "{count} lines", finding.line).format(count=finding.line)


def _named(finding: Finding) -> str:
    """Return the place of a thing that is told of in the ledger, by what it is."""
    match finding.kind:
        case FindingKind.FORGOTTEN_CAPTURE:
            return _("capture {id}").format(id=finding.name)
        case FindingKind.FORGOTTEN_ATTACHMENT:
            return _("attachment {id}").format(id=finding.name)
        case _:
            return finding.name


_PLACES: Mapping[str, Callable[[Finding], str]] = {
    "line": _line_place,
    "no": _line_place,
    "clock": _line_place,
    "note": _note_place,
    "forgotten": _named,
    "capture": lambda finding: _("capture {id}").format(id=finding.name),
    "attachment": lambda finding: _("attachment {id}").format(id=finding.name),
    "anchor": lambda finding: _("anchor on {lines}").format(lines=_over(finding)),
    "stamp": lambda finding: _("stamp of {authority} on {lines}").format(
        authority=finding.name, lines=_over(finding)
    ),
    "head": lambda finding: _("head {hash}").format(hash=finding.name),
}
