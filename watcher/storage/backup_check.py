"""Looking at a copied database without changing it: is it ours, does its ledger's chain hold, is every file there."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from watcher.domain.ledger import Line, read_chain
from watcher.storage.backup_format import BadBackup, Manifest
from watcher.storage.database import APPLICATION_ID
from watcher.texts.language import _

_FILES_OF = {
    "capture_files": "SELECT path, sha256 FROM capture_files",
    "attachments": "SELECT path, sha256 FROM attachments",
    "stamps": "SELECT path, sha256 FROM stamps UNION SELECT chain_path, chain_sha256 FROM stamps",
}
_MOST_TOLD = 20


def faults_in(path: Path, manifest: Manifest) -> tuple[str, ...]:
    """Return what is wrong with the archive that a copied database knows; nothing, when all is as it was written.

    1. It is ours, of the form that the manifest says, and SQLite finds no damage in it.
    2. The ledger ends where the manifest says; where its chain is broken, that is a fault of the archive.
    3. Every file that it knows is among those of the manifest, with the same hash; one that is not is a fault, too.

    Raises:
        BadBackup: the database is not the one that the manifest is about, or is damaged.
    """
    try:
        database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            _check_form(database, manifest)
            faults = [*_chain_faults(database, manifest), *_file_faults(database, manifest)]
        finally:
            database.close()
    except (sqlite3.Error, UnicodeError) as error:
        raise BadBackup(_("its database is damaged ({reason})").format(reason=error)) from error
    more = len(faults) - _MOST_TOLD
    rest = (_("and {number} more").format(number=more),) if more > 0 else ()
    return (*faults[:_MOST_TOLD], *rest)


def _check_form(database: sqlite3.Connection, manifest: Manifest) -> None:
    owner = int(database.execute("PRAGMA application_id").fetchone()[0])
    schema = int(database.execute("PRAGMA user_version").fetchone()[0])
    if owner != APPLICATION_ID or schema != manifest.schema:
        raise BadBackup(_("its database is another than its manifest says"))
    told = database.execute("PRAGMA quick_check(1)").fetchone()[0]
    if told != "ok":
        raise BadBackup(_("its database is damaged ({reason})").format(reason=told))


def _chain_faults(database: sqlite3.Connection, manifest: Manifest) -> Iterator[str]:
    lines = (
        Line(seq=seq, text=text, hash=digest)
        for seq, text, digest in database.execute("SELECT seq, text, hash FROM ledger ORDER BY seq")
    )
    count, head = 0, ""
    for read in read_chain(lines):
        count, head = count + 1, read.line.hash
        for fault in read.faults:
            yield _("the ledger's chain is broken at line {line}").format(line=fault.seq)
    if (count, head) != (manifest.lines, manifest.head):
        raise BadBackup(_("its ledger ends elsewhere than its manifest says"))


def _file_faults(database: sqlite3.Connection, manifest: Manifest) -> Iterator[str]:
    there = {file.path: file.sha256 for file in manifest.files}
    tables = {row[0] for row in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    for table, query in _FILES_OF.items():
        for path, digest in database.execute(query) if table in tables else ():
            if path not in there:
                yield _("the file {path} is missing").format(path=path)
            elif there[path] != digest:
                yield _("the file {path} was changed").format(path=path)
