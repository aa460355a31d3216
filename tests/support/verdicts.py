"""Both verifiers on the same evidence, and what each finds."""

import shutil
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.support.bags import make_bag, unpacked
from tests.support.tampering import Attempt
from tests.support.witnessed import Witnessed
from watcher.app.verify import Verdict, verify
from watcher.dossier import verify as verifier
from watcher.storage.store import SqliteStore
from watcher.storage.vault import FileVault

SAID_OF_GOOD_ONES = frozenset({"stamp_root", "stamp_unchecked"})
"""What the stand-alone verifier says of stamps that hold: whom it had to trust, or that it could not check them to the end."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """What both say of an archive."""

    by_program: frozenset[str]
    by_verifier: frozenset[str]
    verdict: Verdict
    report: verifier.Report


def by_program(archive: Witnessed, heads: Sequence[str] = ()) -> Verdict:
    with closing(SqliteStore(archive.folder)) as store:
        return verify(store, FileVault(archive.folder), judge=archive.judge, heads=heads)


def kinds(report: verifier.Report) -> frozenset[str]:
    return frozenset(finding["kind"] for finding in report.findings) - SAID_OF_GOOD_ONES


def both(archive: Witnessed, heads: Sequence[str] = ()) -> Found:
    """Ask both verifiers about a storage folder; the stand-alone one first, which must not need the program's opening."""
    report = verifier.verify(archive.folder, list(heads))
    verdict = by_program(archive, heads)
    found = frozenset(finding.kind.value for finding in verdict.findings)
    return Found(by_program=found, by_verifier=kinds(report), verdict=verdict, report=report)


def try_on_storage(attempt: Attempt, archive: Witnessed, folder: Path) -> Found:
    """Do to a copy of an archive what somebody might, and ask both verifiers about it."""
    copy = archive.copied(folder / "data")
    attempt.by(copy.folder, copy)
    return both(copy, copy.mailed if attempt.heads else ())


def exported(archive: Witnessed, folder: Path) -> Path:
    """Export an archive's order; returns the unpacked bag."""
    copy = archive.copied(folder / "data")
    return unpacked(make_bag(copy.folder, copy.order, folder / "out")[0], folder / "bag")


def try_on_bag(attempt: Attempt, archive: Witnessed, bag: Path, folder: Path) -> verifier.Report:
    """Do to a copy of an exported bag what somebody might, and ask the stand-alone verifier about it."""
    copy = folder / "copy"
    shutil.copytree(bag, copy)
    attempt.by(copy, archive)
    return verifier.verify(copy, list(archive.mailed) if attempt.heads else [])
