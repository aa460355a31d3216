"""The machine-readable papers of a bag."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from watcher.app.evidence import Evidence, KeptCapture
from watcher.app.extract import Extract
from watcher.domain.anchor import Qualified
from watcher.domain.ledger import Line
from watcher.dossier.cover import Tally
from watcher.dossier.layout import Layout
from watcher.dossier.views import Document

EVIDENCE_FORMAT = "stornowacht-evidence-1"
DOSSIER_FORMAT = "stornowacht-dossier-1"
COVERED_FORMAT = "stornowacht-covered-1"


def as_json(value: object) -> bytes:
    """Write a paper: readable, and the same bytes for the same facts."""
    text = json.dumps(value, ensure_ascii=False, indent=1, default=_plain)
    return (text + "\n").encode(errors="backslashreplace")


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a paper")


def moment_json(at: datetime) -> str:
    """Return a moment in UTC."""
    return at.astimezone(UTC).isoformat()


def evidence_json(
    evidence: Evidence, layout: Layout, *, derived: Iterable[tuple[str, str]]
) -> dict[str, Any]:
    """Return what the bag should hold and where; what could not be read is missing there, and named as a gap.

    Args:
        evidence: what it is about.
        layout: where things lie.
        derived: conversions, each with the path of what it was made from.
    """
    return {
        "format": EVIDENCE_FORMAT,
        "program": evidence.program,
        "account": evidence.account,
        "order": evidence.order.id,
        "conversation": evidence.order.conversation,
        "cases": [record.case.id for record in evidence.cases],
        "lines": evidence.lines,
        "head": evidence.head,
        "exported_at": moment_json(evidence.exported_at),
        "captures": [_capture(kept, layout) for kept in evidence.captures],
        "derived": [{"path": path, "of": source} for path, source in derived],
        "attachments": [
            {
                "id": attached.id,
                "at": moment_json(attached.at),
                "name": attached.name,
                "salt": attached.salt,
                "media_type": attached.media_type,
                "size": attached.size,
                "sha256": attached.sha256,
                "path": layout.attachments[attached.id],
            }
            for attached in evidence.attachments
        ],
        "forgotten": [
            {"line": entry.seq, "at": moment_json(entry.at), **entry.facts}
            for entry in evidence.entries
            if entry.kind == "forgotten"
        ],
        "gaps": [{"place": gap.place, "reason": gap.reason} for gap in evidence.gaps],
    }


def _capture(kept: KeptCapture, layout: Layout) -> dict[str, Any]:
    stored = kept.stored
    return {
        "id": stored.id,
        "taken_at": moment_json(stored.taken_at),
        "url": stored.url,
        "kind": stored.kind.value,
        "reason": stored.reason,
        "complete": stored.complete,
        "files": [
            {
                "role": file.role.value,
                "label": file.label,
                "media_type": file.media_type,
                "sha256": file.sha256,
                "size": file.size,
                "path": layout.files[stored.id, position],
            }
            for position, file in enumerate(stored.files)
        ],
    }


def notes_json(evidence: Evidence, *, salted: bool) -> list[dict[str, str]]:
    """Return the notes; without salts where their texts are covered, for a salt would let the words be guessed."""
    return [
        {
            "at": moment_json(note.at),
            "kind": note.kind.value,
            "text": note.text,
            **({"salt": note.salt} if salted else {}),
            "sha256": note.sha256,
        }
        for note in evidence.notes
    ]


def stamps_json(evidence: Evidence, layout: Layout) -> list[dict[str, Any]]:
    """Return the stamps, with the paths of answers and certificates."""
    found = []
    for kept in evidence.stamps:
        stamp = kept.stamp
        answer, chain = layout.stamps[stamp.lines, stamp.authority]
        found.append(
            {
                "lines": stamp.lines,
                "digest": kept.digest,
                "authority": stamp.authority,
                "qualified": {Qualified.YES: True, Qualified.NO: False}.get(stamp.qualified),
                "stamped_at": moment_json(stamp.stamped_at),
                "serial": stamp.serial,
                "answer": answer,
                "chain": chain,
            }
        )
    return found


def dossier_json(document: Document) -> dict[str, Any]:
    """Return what the dossier says, without its layout."""
    told = asdict(document)
    del told["words"]
    for capture in told["captures"]:
        capture["pieces"] = len(capture["pieces"])
    for attachment in told["attachments"]:
        attachment["picture"] = attachment["picture"] is not None
    return {"format": DOSSIER_FORMAT, **told}


def covered_json(
    tally: Tally,
    *,
    names: str,
    original: str,
    pictures: Mapping[str, Mapping[str, str]],
    left_out: Iterable[Mapping[str, str]],
) -> dict[str, Any]:
    """Return what was covered, where, and what of the sealed bag it belongs to.

    Args:
        tally: what was counted.
        names: whose names were covered.
        original: the hash of the sealed bag's manifest.
        pictures: path -> the capture that it shows, and the hash of its original.
        left_out: captures without a picture here, and why.
    """
    return {
        "format": COVERED_FORMAT,
        "original_manifest_sha256": original,
        "names": names,
        "files": [
            {
                "path": path,
                "of": dict(pictures[path]) if path in pictures else None,
                "covered": {kind.value: times for kind, times in sorted(tally.counts.get(path, {}).items())},
            }
            for path in sorted({*tally.counts, *pictures})
        ],
        "left_out": [dict(each) for each in left_out],
    }


def extract_of(evidence: Evidence) -> Extract:
    """Return what makes a line of the ledger belong to this evidence."""
    return Extract(
        account=evidence.account,
        order=evidence.order.id,
        cases={record.case.id for record in evidence.cases},
        captures={kept.stored.id for kept in evidence.captures},
    )


def lines_of(ledger: Iterable[Line], extract: Extract) -> Iterator[bytes]:
    """Return the lines of the extract, exactly as they are chained, each with a line feed."""
    return (f"{line.text}\n".encode() for line in ledger if extract.includes(line))


def hashes_of(ledger: Iterable[Line]) -> Iterator[bytes]:
    """Return the hash of every line, whoever it is about: the proof that those of the extract are all there are of them."""
    return (f"{line.hash}\n".encode() for line in ledger)
