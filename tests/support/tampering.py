# ruff: noqa: S608 - putting together what nobody should is the business of this file
"""Everything that somebody with a storage folder in hands might try, done for real, and what is to be found of each.

`tampered_bags.py` has the same for exports. `scripts/tamper_table.py` writes the tables of `docs/evidence.md` from both, and the tests try every entry of them.
"""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import rfc8785

from tests.support.witnessed import Witnessed
from watcher.domain.anchor import digest_of
from watcher.domain.ledger import GENESIS, hash_of

Ledger = list[tuple[int, str, str]]


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One manipulation."""

    what: str
    """In words, as it stands in the table."""
    found: frozenset[str]
    """The kinds of what is to be found of it, faults and remarks; empty: nothing can be."""
    by: Callable[[Path, Witnessed], None]
    heads: bool = False
    """Whether the heads are at hand that mails have told."""
    needs_stamps: bool = False


STORAGE: list[Attempt] = []


def attempt(
    where: list[Attempt], what: str, *found: str, heads: bool = False, needs_stamps: bool = False
) -> Callable[[Callable[[Path, Witnessed], None]], Callable[[Path, Witnessed], None]]:
    def keep(by: Callable[[Path, Witnessed], None]) -> Callable[[Path, Witnessed], None]:
        where.append(
            Attempt(what=what, found=frozenset(found), by=by, heads=heads, needs_stamps=needs_stamps)
        )
        return by

    return keep


# --- how the database is changed behind the program's back


@contextmanager
def database(folder: Path) -> Iterator[sqlite3.Connection]:
    """Open the database as somebody would who means to change what must not be changed."""
    with closing(sqlite3.connect(folder / "stornowacht.db", isolation_level=None)) as connection:
        for trigger in ("ledger_is_not_changed", "ledger_is_not_cut"):
            connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")
        yield connection


def do(folder: Path, *statements: str) -> None:
    with database(folder) as connection:
        for statement in statements:
            connection.execute(statement)


def one(folder: Path, query: str) -> Any:
    with database(folder) as connection:
        return connection.execute(query).fetchone()


def read_ledger(folder: Path) -> Ledger:
    with database(folder) as connection:
        return connection.execute("SELECT seq, text, hash FROM ledger ORDER BY seq").fetchall()


def write_ledger(folder: Path, lines: Ledger) -> None:
    with database(folder) as connection:
        connection.execute("DELETE FROM ledger")
        connection.executemany("INSERT INTO ledger VALUES (?, ?, ?)", lines)


def number_of(folder: Path, kind: str, nth: int = 0) -> int:
    """Return the number of the ledger's nth line of a kind."""
    return [seq for seq, text, _ in read_ledger(folder) if json.loads(text)["kind"] == kind][nth]


def canonical(told: dict[str, Any]) -> str:
    return rfc8785.dumps(told).decode()


def written_anew(lines: Ledger, seq: int, **changes: Any) -> Ledger:
    """Return the ledger with one line changed and every hash behind it made new, numbers included."""
    out: Ledger = []
    for place, (old, text, digest) in enumerate(lines, start=1):
        if old >= seq or (out and old != place):
            told = json.loads(text) | {"seq": place, "prev": out[-1][2] if out else GENESIS}
            if old == seq:
                told |= changes
            text = canonical(told)  # noqa: PLW2901 - as it is written now
            digest = hash_of(text)  # noqa: PLW2901
        out.append((place, text, digest))
    return out


def appended(lines: Ledger, **told: Any) -> Ledger:
    """Return the ledger with one more line, rightly chained."""
    last = json.loads(lines[-1][1])
    line = {"account": "main", "order": None, "facts": {}, "at": last["at"]} | told
    text = canonical(line | {"seq": len(lines) + 1, "prev": lines[-1][2]})
    return [*lines, (len(lines) + 1, text, hash_of(text))]


def last_line_spelt(folder: Path, spelling: Callable[[str], str]) -> None:
    """Write the last line in another way, with the hash of that: no line behind it can tell."""
    lines = read_ledger(folder)
    seq, text, _ = lines[-1]
    other = spelling(text)
    assert other != text
    write_ledger(folder, [*lines[:-1], (seq, other, hash_of(other))])


def some_file(folder: Path) -> Path:
    return folder / one(folder, "SELECT path FROM capture_files ORDER BY path LIMIT 1")[0]


def overwrite(path: Path, content: bytes) -> None:
    path.chmod(0o600)
    path.write_bytes(content)


def put_into_vault(folder: Path, content: bytes, ending: str) -> tuple[str, str]:
    """Put a file where the vault would; returns path and hash."""
    digest = sha256(content).hexdigest()
    path = f"archive/{digest[:2]}/{digest}.{ending}"
    (folder / path).parent.mkdir(exist_ok=True)
    (folder / path).write_bytes(content)
    (folder / path).chmod(0o400)
    return path, digest


# --- files


@attempt(STORAGE, "a byte of a file is changed", "file_changed")
def _(folder: Path, _w: Witnessed) -> None:
    path = some_file(folder)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    overwrite(path, bytes(content))
    path.chmod(0o400)


@attempt(STORAGE, "a file is removed", "file_missing")
def _(folder: Path, _w: Witnessed) -> None:
    some_file(folder).unlink()


@attempt(STORAGE, "a file is exchanged for a link to a copy elsewhere", "file_link")
def _(folder: Path, _w: Witnessed) -> None:
    path = some_file(folder)
    shutil.move(path, folder.parent / "copy")
    path.symlink_to(folder.parent / "copy")


@attempt(
    STORAGE, "a folder of the vault is exchanged for a link to a copy elsewhere", "file_link", "stray_file"
)
def _(folder: Path, _w: Witnessed) -> None:
    path = some_file(folder).parent
    shutil.move(path, folder.parent / "copies")
    path.symlink_to(folder.parent / "copies")


@attempt(STORAGE, "a folder stands in a file's place", "file_no_file")
def _(folder: Path, _w: Witnessed) -> None:
    path = some_file(folder)
    path.unlink()
    path.mkdir()


@attempt(
    STORAGE, "a file is exchanged, and its hash in the database with it", "capture_changed", "stray_file"
)
def _(folder: Path, _w: Witnessed) -> None:
    old = one(
        folder, "SELECT path FROM capture_files WHERE role = 'screenshot' GROUP BY path HAVING count(*) = 1"
    )[0]
    path, digest = put_into_vault(folder, b"another picture", "webp")
    do(folder, f"UPDATE capture_files SET path = '{path}', sha256 = '{digest}' WHERE path = '{old}'")


@attempt(STORAGE, "the database names a file outside of the storage folder", "file_outside", "stray_file")
def _(folder: Path, _w: Witnessed) -> None:
    path = some_file(folder)
    shutil.copy(path, folder.parent / "outside")
    old = path.relative_to(folder).as_posix()
    do(folder, f"UPDATE capture_files SET path = '../outside' WHERE path = '{old}'")


@attempt(STORAGE, "a file is put into the archive", "stray_file")
def _(folder: Path, _w: Witnessed) -> None:
    put_into_vault(folder, b"planted", "webp")


@attempt(STORAGE, "the files can be written to again", "file_writable")
def _(folder: Path, _w: Witnessed) -> None:
    some_file(folder).chmod(0o600)


# --- captures, attachments, notes in the database


@attempt(STORAGE, "a capture is taken out of the database", "capture_removed", "stray_file")
def _(folder: Path, _w: Witnessed) -> None:
    capture = one(folder, "SELECT max(id) FROM captures")[0]
    for table, column in (("capture_files", "capture_id"), ("captures", "id")):
        do(folder, f"DELETE FROM {table} WHERE {column} = '{capture}'")


@attempt(STORAGE, "a capture is added to the database", "capture_added")
def _(folder: Path, _w: Witnessed) -> None:
    columns = "account, conversation, kind, taken_at, url, reason, complete"
    do(folder, f"INSERT INTO captures (id, {columns}) SELECT 'slipped-in', {columns} FROM captures LIMIT 1")


@attempt(STORAGE, "two files of a capture change places", "capture_changed")
def _(folder: Path, _w: Witnessed) -> None:
    capture = one(folder, "SELECT max(capture_id) FROM capture_files WHERE position = 1")[0]
    where = f"WHERE capture_id = '{capture}' AND position ="
    for before, after in ((0, 90), (1, 0), (90, 1)):
        do(folder, f"UPDATE capture_files SET position = {after} {where} {before}")


@attempt(STORAGE, "a note's text is changed", "note_changed")
def _(folder: Path, _w: Witnessed) -> None:
    do(
        folder,
        "UPDATE notes SET text = 'DHL sagt, das Paket sei zugestellt' WHERE id = (SELECT min(id) FROM notes)",
    )


@attempt(STORAGE, "a note is removed", "note_removed")
def _(folder: Path, _w: Witnessed) -> None:
    do(folder, "DELETE FROM notes WHERE id = (SELECT max(id) FROM notes)")


@attempt(STORAGE, "a note is added", "note_added")
def _(folder: Path, w: Witnessed) -> None:
    values = f"'{w.order}', '2026-11-22T12:00:00.000000+00:00', 'slipped in', '00'"
    do(folder, f"INSERT INTO notes (order_id, at, text, salt) VALUES ({values})")


@attempt(
    STORAGE,
    "an attachment is exchanged, and its hash in the database with it",
    "attachment_changed",
    "stray_file",
)
def _(folder: Path, _w: Witnessed) -> None:
    path, digest = put_into_vault(folder, b"%PDF-1.4\n% another receipt\n", "pdf")
    do(folder, f"UPDATE attachments SET path = '{path}', sha256 = '{digest}'")


@attempt(STORAGE, "an attachment is renamed", "attachment_changed")
def _(folder: Path, _w: Witnessed) -> None:
    do(folder, "UPDATE attachments SET name = 'Zustellbeleg.pdf'")


@attempt(STORAGE, "an attachment is taken out of the database", "attachment_removed", "stray_file")
def _(folder: Path, _w: Witnessed) -> None:
    do(folder, "DELETE FROM attachments")


@attempt(STORAGE, "what was forgotten lies in the archive again", "forgotten_file")
def _(folder: Path, w: Witnessed) -> None:
    put_into_vault(folder, w.forgotten_file, "txt")


# --- the ledger


@attempt(STORAGE, "a line's text is changed", "line_changed")
def _(folder: Path, _w: Witnessed) -> None:
    do(folder, "UPDATE ledger SET text = replace(text, 'order_cancelled', 'order_refunded')")


@attempt(STORAGE, "a line's hash is changed", "line_changed", "anchor_changed", "stamp_other")
def _(folder: Path, _w: Witnessed) -> None:
    seq = number_of(folder, "order_cancelled")
    do(folder, f"UPDATE ledger SET hash = '{'f' * 64}' WHERE seq = {seq}")


@attempt(
    STORAGE,
    "a line is changed and given a hash of its own",
    "line_rewritten",
    "anchor_changed",
    "stamp_other",
)
def _(folder: Path, _w: Witnessed) -> None:
    seq = number_of(folder, "order_cancelled")
    lines = read_ledger(folder)
    text = lines[seq - 1][1].replace("order_cancelled", "order_refunded")
    write_ledger(folder, [*lines[: seq - 1], (seq, text, hash_of(text)), *lines[seq:]])


@attempt(STORAGE, "a line is removed", "line_removed", "anchor_changed", "stamp_other")
def _(folder: Path, _w: Witnessed) -> None:
    do(folder, f"DELETE FROM ledger WHERE seq = {number_of(folder, 'order_cancelled')}")


@attempt(
    STORAGE,
    "a line is removed, and those behind it are numbered anew",
    "line_removed",
    "anchor_changed",
    "stamp_other",
)
def _(folder: Path, _w: Witnessed) -> None:
    seq = number_of(folder, "order_cancelled")
    lines = [line for line in read_ledger(folder) if line[0] != seq]
    write_ledger(folder, [(place, *line[1:]) for place, line in enumerate(lines, start=1)])


@attempt(STORAGE, "two lines change places", "line_swapped", "anchor_changed", "stamp_other")
def _(folder: Path, _w: Witnessed) -> None:
    lines = read_ledger(folder)
    lines[8], lines[11] = (9, *lines[11][1:]), (12, *lines[8][1:])
    write_ledger(folder, lines)


@attempt(STORAGE, "a line is put in between", "line_added", "anchor_changed", "stamp_other")
def _(folder: Path, _w: Witnessed) -> None:
    lines = read_ledger(folder)
    seq = number_of(folder, "order_cancelled")
    forged = appended(lines[:seq], kind="order_refunded")[-1]
    both = [*lines[:seq], forged, *lines[seq:]]
    write_ledger(folder, [(place, *line[1:]) for place, line in enumerate(both, start=1)])


@attempt(STORAGE, "a line is hung on without the chain", "line_added")
def _(folder: Path, _w: Witnessed) -> None:
    lines = read_ledger(folder)
    forged = json.loads(appended(lines, kind="order_refunded")[-1][1]) | {"prev": GENESIS}
    write_ledger(folder, [*lines, (len(lines) + 1, canonical(forged), hash_of(canonical(forged)))])


@attempt(
    STORAGE,
    "`forgotten` is put in between, to excuse a missing capture",
    "line_added",
    "anchor_changed",
    "stamp_other",
    "forgotten_file",
)
def _(folder: Path, _w: Witnessed) -> None:
    capture = one(folder, "SELECT max(id) FROM captures")[0]
    rows = f"SELECT sha256 FROM capture_files WHERE capture_id = '{capture}'"
    with database(folder) as connection:
        files = [row[0] for row in connection.execute(rows)]
    do(
        folder,
        f"DELETE FROM capture_files WHERE capture_id = '{capture}'",
        f"DELETE FROM captures WHERE id = '{capture}'",
    )
    lines = read_ledger(folder)
    seq = number_of(folder, "anchored")
    facts = {"captures": [capture], "files": files, "attachments": [], "notes": 0, "reason": "seller"}
    forged = appended(lines[: seq - 1], kind="forgotten", facts=facts)[-1]
    both = [*lines[: seq - 1], forged, *lines[seq - 1 :]]
    write_ledger(folder, [(place, *line[1:]) for place, line in enumerate(both, start=1)])


@attempt(STORAGE, "a line says the same in another spelling", "line_not_canonical")
def _(folder: Path, _w: Witnessed) -> None:
    last_line_spelt(folder, lambda text: text.replace('":', '": ', 1))


@attempt(STORAGE, "a line says two things under one name", "line_duplicate_key")
def _(folder: Path, _w: Witnessed) -> None:
    last_line_spelt(folder, lambda text: text.replace('"kind":', '"kind":"order_seen","kind":'))


@attempt(STORAGE, "a line claims to be of a newer version", "line_newer_format")
def _(folder: Path, _w: Witnessed) -> None:
    last_line_spelt(folder, lambda text: text.replace('"kind":', '"format":2,"kind":'))


@attempt(STORAGE, "a line is scribbled over", "line_changed", "line_unreadable", "note_added")
def _(folder: Path, _w: Witnessed) -> None:
    do(folder, "UPDATE ledger SET text = 'scribble' WHERE seq = (SELECT max(seq) FROM ledger)")


@attempt(STORAGE, "the clock was set back while the program ran", "clock_set_back")
def _(folder: Path, _w: Witnessed) -> None:
    lines = read_ledger(folder)
    at = datetime.fromisoformat(json.loads(lines[-1][1])["at"]) - timedelta(days=2)
    write_ledger(folder, appended(lines, kind="check_failed", at=at.isoformat(timespec="microseconds")))


# --- what only witnesses show


def _rewrite(folder: Path) -> Ledger:
    """Write the ledger anew from the cancellation on, as if it had been a refund."""
    lines = written_anew(read_ledger(folder), number_of(folder, "order_cancelled"), kind="order_refunded")
    write_ledger(folder, lines)
    return lines


@attempt(STORAGE, "the ledger is written anew from a line on", "anchor_changed", "stamp_other")
def _(folder: Path, _w: Witnessed) -> None:
    _rewrite(folder)


def _anchored_anew(folder: Path, lines: Ledger) -> None:
    """Make the anchors fit the ledger, in their table as in the ledger itself."""
    for seq, text, _ in list(lines):
        told = json.loads(text)
        if told["kind"] == "anchored":
            count = told["facts"]["lines"]
            digest = digest_of(line[2] for line in lines[:count])
            lines[:] = written_anew(lines, seq, facts={"lines": count, "digest": digest})
            do(folder, f"UPDATE anchors SET digest = '{digest}' WHERE lines = {count}")
    write_ledger(folder, lines)


@attempt(STORAGE, "the same, and the anchors are made to fit", "stamp_other", needs_stamps=True)
def _(folder: Path, _w: Witnessed) -> None:
    _anchored_anew(folder, _rewrite(folder))


def _without_witnesses(folder: Path) -> None:
    """Write the ledger anew and take every trace of anchors and stamps out of it, and their files out of the vault."""
    with database(folder) as connection:
        for path in connection.execute(
            "SELECT path FROM stamps UNION SELECT chain_path FROM stamps"
        ).fetchall():
            (folder / path[0]).unlink()
        connection.execute("DELETE FROM stamps")
        connection.execute("DELETE FROM anchors")
    lines = [
        line for line in read_ledger(folder) if json.loads(line[1])["kind"] not in {"anchored", "stamped"}
    ]
    seq = next(line[0] for line in lines if json.loads(line[1])["kind"] == "order_cancelled")
    write_ledger(folder, written_anew(lines, seq, kind="order_refunded"))


@attempt(
    STORAGE,
    "the same, every trace of stamps removed; a mail with a head is at hand",
    "head_unknown",
    heads=True,
)
def _(folder: Path, _w: Witnessed) -> None:
    _without_witnesses(folder)


@attempt(STORAGE, "the same, and nobody has a mail, an export or a stamp")
def _(folder: Path, _w: Witnessed) -> None:
    _without_witnesses(folder)


@attempt(
    STORAGE,
    "the end is cut off, stamped lines included",
    "anchor_cut",
    "anchor_added",
    "stamp_added",
    "note_added",
    "attachment_added",
)
def _(folder: Path, _w: Witnessed) -> None:
    first = one(folder, "SELECT min(lines) FROM anchors")[0]
    do(folder, f"DELETE FROM ledger WHERE seq > {first}")


@attempt(
    STORAGE,
    "the end behind the last stamp is cut off; a mail with a head is at hand",
    "note_added",
    "head_unknown",
    heads=True,
)
def _(folder: Path, _w: Witnessed) -> None:
    do(folder, f"DELETE FROM ledger WHERE seq > {number_of(folder, 'note_added', -1) - 1}")


@attempt(STORAGE, "the same without a mail, and what the lines told of is removed, too")
def _(folder: Path, _w: Witnessed) -> None:
    do(
        folder,
        f"DELETE FROM ledger WHERE seq > {number_of(folder, 'note_added', -1) - 1}",
        "DELETE FROM notes WHERE id = (SELECT max(id) FROM notes)",
    )


@attempt(
    STORAGE,
    "an anchor and its stamps are removed",
    "anchor_removed",
    "stamp_removed",
    "stray_file",
    needs_stamps=True,
)
def _(folder: Path, _w: Witnessed) -> None:
    do(folder, "DELETE FROM stamps WHERE lines = (SELECT max(lines) FROM anchors)")
    do(folder, "DELETE FROM anchors WHERE lines = (SELECT max(lines) FROM anchors)")


@attempt(
    STORAGE,
    "a stamp is exchanged for an older one, and its hash with it",
    "stamp_changed",
    "stamp_other",
    "stray_file",
    needs_stamps=True,
)
def _(folder: Path, _w: Witnessed) -> None:
    columns = "path, sha256"
    do(
        folder,
        f"UPDATE stamps SET ({columns}) = (SELECT {columns} FROM stamps ORDER BY lines LIMIT 1)"
        " WHERE lines = (SELECT max(lines) FROM stamps)",
    )


@attempt(
    STORAGE,
    "a stamp's own time is changed, and its hash everywhere with it",
    "stamp_broken",
    needs_stamps=True,
)
def _(folder: Path, _w: Witnessed) -> None:
    lines, old = one(folder, "SELECT lines, path FROM stamps ORDER BY lines DESC LIMIT 1")
    path, digest = put_into_vault(folder, an_hour_earlier((folder / old).read_bytes()), "tsr")
    (folder / old).unlink()
    do(folder, f"UPDATE stamps SET path = '{path}', sha256 = '{digest}' WHERE lines = {lines}")
    ledger = read_ledger(folder)
    seq = number_of(folder, "stamped", -1)
    facts = json.loads(ledger[seq - 1][1])["facts"] | {"sha256": digest}
    write_ledger(folder, written_anew(ledger, seq, facts=facts))


def an_hour_earlier(answer: bytes) -> bytes:
    """Return a stamp that claims to have been made earlier, as a forger would like it."""
    at = answer.index(b"\x18\x0f20") + 2
    told = datetime.strptime(answer[at : at + 14].decode(), "%Y%m%d%H%M%S")  # noqa: DTZ007 - it says so itself
    return answer[:at] + f"{told - timedelta(hours=1):%Y%m%d%H%M%S}".encode() + answer[at + 14 :]


@attempt(STORAGE, "a line is hung on with the right chain")
def _(folder: Path, w: Witnessed) -> None:
    write_ledger(folder, appended(read_ledger(folder), kind="order_refunded", order=w.order))
