"""Everything that somebody with an export in hands might try, done for real, and what is to be found of each."""

import json
import os
import shutil
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.support.bags import sealed_anew
from tests.support.tampering import Attempt, attempt, canonical
from tests.support.witnessed import Witnessed
from watcher.domain.ledger import hash_of

BAG: list[Attempt] = []


def paper(bag: Path, name: str) -> Any:
    return json.loads((bag / name).read_bytes())


def write_paper(bag: Path, name: str, value: Any) -> None:
    (bag / name).write_text(json.dumps(value))


EVIDENCE, LINES, HASHES, STAMPS = (
    "data/ledger/evidence.json", "data/ledger/lines.jsonl", "data/ledger/hashes.txt", "data/stamps/stamps.json",
)  # fmt: skip


def a_picture(bag: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the evidence, and the entry in it of the first picture of its first capture."""
    evidence = paper(bag, EVIDENCE)
    return evidence, evidence["captures"][0]["files"][0]


def lines_of(bag: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (bag / LINES).read_text().splitlines()]


def write_lines(bag: Path, lines: list[dict[str, Any]]) -> None:
    (bag / LINES).write_text("".join(f"{canonical(line)}\n" for line in lines))


def place_of(lines: list[dict[str, Any]], kind: str) -> int:
    return next(place for place, line in enumerate(lines) if line["kind"] == kind)


@attempt(BAG, "a byte of a file is changed", "file_changed", "evidence_file")
def _(bag: Path, _w: Witnessed) -> None:
    (bag / a_picture(bag)[1]["path"]).write_bytes(b"another picture")
    _same_size(bag)


def _same_size(bag: Path) -> None:
    """Let `bag-info.txt` fit: whoever exchanges a file keeps its length, or does this."""
    payload = [path for path in (bag / "data").rglob("*") if path.is_file()]
    text = f"Payload-Oxum: {sum(path.stat().st_size for path in payload)}.{len(payload)}\n"
    (bag / "bag-info.txt").write_text(text)
    tags = (bag / "tagmanifest-sha256.txt").read_text().splitlines()
    fresh = [
        f"{sha256(text.encode()).hexdigest()}  bag-info.txt" if line.endswith("bag-info.txt") else line
        for line in tags
    ]
    (bag / "tagmanifest-sha256.txt").write_text("\n".join(fresh) + "\n")


@attempt(BAG, "the same, and the manifests are made to fit", "evidence_file")
def _(bag: Path, _w: Witnessed) -> None:
    (bag / a_picture(bag)[1]["path"]).write_bytes(b"another picture")
    sealed_anew(bag)


@attempt(BAG, "the same, and so is the evidence", "capture_changed")
def _(bag: Path, _w: Witnessed) -> None:
    evidence, picture = a_picture(bag)
    (bag / picture["path"]).write_bytes(b"another picture")
    picture["sha256"] = sha256(b"another picture").hexdigest()
    write_paper(bag, EVIDENCE, evidence)
    sealed_anew(bag)


def _forged_capture(bag: Path) -> None:
    """Exchange a picture everywhere, the ledger's line of it and that line's hash included."""
    evidence, picture = a_picture(bag)
    (bag / picture["path"]).write_bytes(b"another picture")
    old, picture["sha256"] = picture["sha256"], sha256(b"another picture").hexdigest()
    lines = lines_of(bag)
    hashes = (bag / HASHES).read_text().splitlines()
    for line in lines:
        if old in line["facts"].get("files", []):
            line["facts"]["files"] = [
                picture["sha256"] if each == old else each for each in line["facts"]["files"]
            ]
            hashes[line["seq"] - 1] = hash_of(canonical(line))
    write_lines(bag, lines)
    (bag / HASHES).write_text("".join(f"{each}\n" for each in hashes))
    write_paper(bag, EVIDENCE, evidence)
    sealed_anew(bag)


@attempt(BAG, "the same, and so are the ledger's line and its hash", "anchor_changed", "stamp_other")
def _(bag: Path, _w: Witnessed) -> None:
    _forged_capture(bag)


def _ledger_anew(bag: Path) -> list[str]:
    """Make every hash behind the forged line fit, as far as the lines are in the bag; returns the hashes."""
    _forged_capture(bag)
    lines, hashes = lines_of(bag), (bag / HASHES).read_text().splitlines()
    for line in lines:
        if line["seq"] > 1:
            line["prev"] = hashes[line["seq"] - 2]
        hashes[line["seq"] - 1] = hash_of(canonical(line))
    write_lines(bag, lines)
    return hashes


def _publish(bag: Path, hashes: list[str]) -> None:
    (bag / HASHES).write_text("".join(f"{each}\n" for each in hashes))
    write_paper(bag, EVIDENCE, paper(bag, EVIDENCE) | {"head": hashes[-1], "lines": len(hashes)})
    sealed_anew(bag)


@attempt(BAG, "the same, and every hash behind it", "anchor_changed", "stamp_other")
def _(bag: Path, _w: Witnessed) -> None:
    _publish(bag, _ledger_anew(bag))


def _nothing_witnessed(bag: Path) -> None:
    hashes = _ledger_anew(bag)
    lines = lines_of(bag)
    for (
        line
    ) in lines:  # what had told of stamps tells of nothing now; the places stay, for others count on them
        if line["kind"] in {"anchored", "stamped"}:
            line |= {"kind": "check_failed", "facts": {}}
        if line["seq"] > 1:
            line["prev"] = hashes[line["seq"] - 2]
        hashes[line["seq"] - 1] = hash_of(canonical(line))
    write_lines(bag, lines)
    shutil.rmtree(bag / "data/stamps")
    (bag / "data/stamps").mkdir()
    write_paper(bag, STAMPS, [])
    _publish(bag, hashes)


@attempt(
    BAG, "the same, every trace of stamps removed; a mail with a head is at hand", "head_unknown", heads=True
)
def _(bag: Path, _w: Witnessed) -> None:
    _nothing_witnessed(bag)


@attempt(BAG, "the same, and nobody has a mail, another export or a stamp")
def _(bag: Path, _w: Witnessed) -> None:
    _nothing_witnessed(bag)


@attempt(BAG, "a file is removed", "file_missing", "bag_broken")
def _(bag: Path, _w: Witnessed) -> None:
    (bag / a_picture(bag)[1]["path"]).unlink()


@attempt(BAG, "a file is added", "file_extra", "bag_broken")
def _(bag: Path, _w: Witnessed) -> None:
    (bag / "data/captures/planted.webp").write_bytes(b"planted")


@attempt(BAG, "a file is added, and the manifests are made to fit", "file_unnamed")
def _(bag: Path, _w: Witnessed) -> None:
    (bag / "data/captures/planted.webp").write_bytes(b"planted")
    sealed_anew(bag)


@attempt(BAG, "a capture is removed, with its files, from the evidence and the manifests", "capture_removed")
def _(bag: Path, _w: Witnessed) -> None:
    evidence = paper(bag, EVIDENCE)
    for file in evidence["captures"].pop(0)["files"]:
        (bag / file["path"]).unlink()
    write_paper(bag, EVIDENCE, evidence)
    sealed_anew(bag)


@attempt(BAG, "a line of the ledger is changed", "line_changed")
def _(bag: Path, _w: Witnessed) -> None:
    lines = lines_of(bag)
    lines[place_of(lines, "order_cancelled")]["kind"] = "order_refunded"
    write_lines(bag, lines)
    sealed_anew(bag)


@attempt(BAG, "a line of the ledger is put in", "line_added")
def _(bag: Path, _w: Witnessed) -> None:
    lines = lines_of(bag)
    write_lines(bag, [*lines, lines[-1] | {"seq": 900, "kind": "order_refunded"}])
    sealed_anew(bag)


@attempt(BAG, "lines of the ledger change places", "line_swapped")
def _(bag: Path, _w: Witnessed) -> None:
    lines = lines_of(bag)
    write_lines(bag, [*lines[:3], lines[4], lines[3], *lines[5:]])
    sealed_anew(bag)


@attempt(BAG, "a line of the ledger stands there twice", "line_added")
def _(bag: Path, _w: Witnessed) -> None:
    lines = lines_of(bag)
    write_lines(bag, [*lines[:4], lines[3], *lines[4:]])
    sealed_anew(bag)


@attempt(BAG, "the list of hashes is cut, and the evidence says so", "line_added", "anchor_cut")
def _(bag: Path, _w: Witnessed) -> None:
    hashes = (bag / HASHES).read_text().splitlines()
    first = min(line["facts"]["lines"] for line in lines_of(bag) if line["kind"] == "anchored")
    _publish(bag, hashes[: first - 1])


@attempt(
    BAG, "a hash in the list is changed", "line_changed", "line_rewritten", "anchor_changed", "stamp_other"
)
def _(bag: Path, _w: Witnessed) -> None:
    hashes = (bag / HASHES).read_text().splitlines()
    lines = lines_of(bag)
    place = next(one["seq"] for one, two in pairwise(lines) if two["seq"] == one["seq"] + 1)
    hashes[place - 1] = "f" * 64
    _publish(bag, hashes)


@attempt(BAG, "a note's text is changed", "note_changed")
def _(bag: Path, _w: Witnessed) -> None:
    notes = paper(bag, "data/notes.json")
    notes[0]["text"] = "DHL sagt, das Paket sei zugestellt"
    write_paper(bag, "data/notes.json", notes)
    sealed_anew(bag)


@attempt(BAG, "a note is removed", "note_removed")
def _(bag: Path, _w: Witnessed) -> None:
    write_paper(bag, "data/notes.json", paper(bag, "data/notes.json")[1:])
    sealed_anew(bag)


@attempt(BAG, "an attachment is exchanged, and its hash with it", "attachment_changed")
def _(bag: Path, _w: Witnessed) -> None:
    evidence = paper(bag, EVIDENCE)
    attachment = evidence["attachments"][0]
    (bag / attachment["path"]).write_bytes(b"%PDF-1.4\n% another receipt\n")
    attachment["sha256"] = sha256(b"%PDF-1.4\n% another receipt\n").hexdigest()
    write_paper(bag, EVIDENCE, evidence)
    sealed_anew(bag)


@attempt(BAG, "a file is exchanged for a link", "file_link", "file_missing", "bag_broken")
def _(bag: Path, _w: Witnessed) -> None:
    path = bag / a_picture(bag)[1]["path"]
    shutil.move(path, bag.parent / "elsewhere")
    path.symlink_to(os.path.relpath(bag.parent / "elsewhere", path.parent))


@attempt(BAG, "a manifest names a file outside of the bag", "file_outside")
def _(bag: Path, _w: Witnessed) -> None:
    sealed_anew(bag)
    (bag.parent / "outside").write_bytes(b"x")
    with (bag / "manifest-sha256.txt").open("a") as stream:
        stream.write(f"{sha256(b'x').hexdigest()}  data/../../outside\n")
    content = (bag / "manifest-sha256.txt").read_bytes()
    tags = (bag / "tagmanifest-sha256.txt").read_text().splitlines()
    fresh = [
        f"{sha256(content).hexdigest()}  manifest-sha256.txt"
        if line.endswith(" manifest-sha256.txt")
        else line
        for line in tags
    ]
    (bag / "tagmanifest-sha256.txt").write_text("\n".join(fresh) + "\n")


@attempt(BAG, "a stamp is exchanged for another one", "stamp_changed", "stamp_other", needs_stamps=True)
def _(bag: Path, _w: Witnessed) -> None:
    stamps = paper(bag, STAMPS)
    shutil.copy(bag / stamps[0]["answer"], bag / stamps[1]["answer"])
    sealed_anew(bag)


@attempt(BAG, "a stamp is removed", "stamp_removed", needs_stamps=True)
def _(bag: Path, _w: Witnessed) -> None:
    stamps = paper(bag, STAMPS)
    gone = stamps.pop()
    for name in ("answer", "chain"):
        (bag / gone[name]).unlink()
    write_paper(bag, STAMPS, stamps)
    sealed_anew(bag)


@attempt(BAG, "a stamp is said to be older than it is", "stamp_broken", needs_stamps=True)
def _(bag: Path, _w: Witnessed) -> None:
    stamps = paper(bag, STAMPS)
    stamps[0]["stamped_at"] = "2020-01-01T00:00:00+00:00"
    write_paper(bag, STAMPS, stamps)
    sealed_anew(bag)


@attempt(BAG, "the evidence claims to be of a newer version", "evidence_newer")
def _(bag: Path, _w: Witnessed) -> None:
    write_paper(bag, EVIDENCE, paper(bag, EVIDENCE) | {"format": "stornowacht-evidence-2"})
    sealed_anew(bag)


@attempt(BAG, "the evidence is nested without end", "evidence_broken")
def _(bag: Path, _w: Witnessed) -> None:
    (bag / EVIDENCE).write_text("[" * 200_000)
    sealed_anew(bag)


@attempt(BAG, "lines that tell of a capture are left out, with the capture")
def _(bag: Path, _w: Witnessed) -> None:
    evidence = paper(bag, EVIDENCE)
    gone = evidence["captures"].pop(0)
    for file in gone["files"]:
        (bag / file["path"]).unlink()
    write_paper(bag, EVIDENCE, evidence)
    write_lines(bag, [line for line in lines_of(bag) if line["facts"].get("capture") != gone["id"]])
    sealed_anew(bag)
