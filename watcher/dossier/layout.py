"""Where what lies in a bag."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from watcher.app.archive import StoredCapture, StoredFile
from watcher.app.evidence import Evidence
from watcher.domain.capture import PageKind, Role
from watcher.domain.stage import Stage
from watcher.dossier.names import Taken, safe_name, slug, stamped
from watcher.dossier.words import said
from watcher.texts.language import Language
from watcher.texts.names import BERLIN, stage_name

_NAMES: Mapping[Role, str] = {
    Role.SCREENSHOT: "page",
    Role.PREVIEW: "preview",
    Role.THUMBNAIL: "thumbnail",
    Role.PART: "part",
    Role.HTML: "page",
    Role.MHTML: "page",
    Role.OUTLINE: "page",
    Role.TEXT_MAP: "text-map",
    Role.JSON: "answer",
    Role.FACTS: "capture",
}
_NUMBERED = frozenset({Role.JSON, Role.PART})
_LONGEST_WHAT = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The names in one bag."""

    top: str
    """The top folder's name."""
    captures: Mapping[str, str]
    """Capture id -> its folder."""
    files: Mapping[tuple[str, int], str]
    """Capture id and position of a file -> its path."""
    attachments: Mapping[str, str]
    """Attachment id -> its path."""
    stamps: Mapping[tuple[int, str], tuple[str, str | None]]
    """Lines and authority of a stamp -> the path of its answer, and of the certificates."""


def layout_of(evidence: Evidence, *, language: Language, variant: str = "") -> Layout:
    """Name everything. Names follow from the evidence alone."""
    order = evidence.order
    day = f"{evidence.exported_at.astimezone(BERLIN):%Y-%m-%d}"
    called = slug(order.title or "", otherwise=order.id)
    captures, files = _captures(evidence, language)
    return Layout(
        top="-".join(filter(None, ("stornowacht", called, day, variant))),
        captures=captures,
        files=files,
        attachments=_attachments(evidence),
        stamps=_stamps(evidence),
    )


def what_of(capture: StoredCapture, *, language: Language) -> str:
    """Return in a few words what a capture shows, as the readers of its day have seen it."""
    if capture.kind is PageKind.AD:
        return said("what.ad", language=language)
    if capture.kind is PageKind.ADDED:
        return capture.page or said("what.added", language=language)
    if capture.kind is PageKind.CONVERSATION_LIST:
        return said("what.list", language=language)
    stages = _stages(capture.verdict)
    return stage_name(stages[-1], language=language) if stages else said("what.thread", language=language)


def stages_of(capture: StoredCapture) -> tuple[Stage, ...]:
    """Return the stages that a capture of a conversation showed, as far as that was written down."""
    return _stages(capture.verdict)


def _stages(verdict: str | None) -> tuple[Stage, ...]:
    try:
        orders = json.loads(verdict or "{}").get("orders", [])
        return tuple(Stage(order["stage"]) for order in orders)
    except (ValueError, TypeError, KeyError, AttributeError):
        return ()


def _captures(evidence: Evidence, language: Language) -> tuple[dict[str, str], dict[tuple[str, int], str]]:
    folders, paths = Taken(), {}
    captures = {}
    for kept in evidence.captures:
        stored = kept.stored
        what = safe_name(what_of(stored, language=language).replace("/", " "), otherwise="page")
        short = slug(stored.id.rpartition("-")[2], otherwise="x")
        folder = folders.take(f"{stamped(stored.taken_at)} {what[:_LONGEST_WHAT].strip('. ')} {short}")
        captures[stored.id] = f"data/captures/{folder}"
        for position, name in enumerate(_names(stored.files)):
            paths[stored.id, position] = f"data/captures/{folder}/{name}"
    return captures, paths


def _names(files: Iterable[StoredFile]) -> list[str]:
    taken, counts, names = Taken(), dict.fromkeys(_NUMBERED, 0), []
    for file in files:
        name = _NAMES[file.role]
        if file.role is Role.PART and file.label:
            name = slug(file.label, otherwise=name)
        elif file.role in _NUMBERED:
            counts[file.role] += 1
            name = f"{name}-{counts[file.role]}"
        names.append(taken.take(f"{name}{_ending(file.path)}"))
    return names


def _ending(path: str) -> str:
    """Return the ending that the vault gave a file by what it holds."""
    ending = PurePosixPath(path).suffix.lower()
    return ending if ending[1:].isascii() and ending[1:].isalnum() else ""


def _attachments(evidence: Evidence) -> dict[str, str]:
    taken = Taken()
    return {
        attached.id: "data/attachments/"
        + taken.take(
            f"{stamped(attached.at)} {safe_name(attached.name, otherwise='file' + _ending(attached.path))}"
        )
        for attached in evidence.attachments
    }


def _stamps(evidence: Evidence) -> dict[tuple[int, str], tuple[str, str | None]]:
    taken, found = Taken(), {}
    for kept in evidence.stamps:
        stamp = kept.stamp
        stem = f"{stamp.lines:06}-{slug(stamp.authority, otherwise='authority')}"
        answer = f"data/stamps/{taken.take(f'{stem}.tsr')}"
        chain = f"data/stamps/{taken.take(f'{stem}.pem')}" if stamp.chain_path else None
        found[stamp.lines, stamp.authority] = (answer, chain)
    return found
