"""Evidence that any version has written stays verifiable: by this version, and by the verifier that it hands out."""

import json
import sqlite3
import zipfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.support.released import PLACE, VERSIONS, lacking, released
from tests.support.verdicts import kinds
from watcher.app.verify import verify
from watcher.dossier import verify as verifier
from watcher.storage.restore import restore_backup
from watcher.storage.store import SqliteStore
from watcher.storage.vault import FileVault
from watcher.timestamping.authority import AuthorityFacts
from watcher.timestamping.judge import KnownAuthorities

UNPACKED = frozenset({"file_writable"})
"""What unpacking does to files."""


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> Path:
    return PLACE / str(request.param)


@pytest.fixture
def known(version: Path) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((version / "known.json").read_text())
    return found


@pytest.fixture
def storage(version: Path, tmp_path: Path) -> Path:
    with zipfile.ZipFile(version / "storage.zip") as archive:
        archive.extractall(tmp_path / "data")
    return tmp_path / "data"


def judge(version: Path, known: Mapping[str, Any]) -> KnownAuthorities:
    root = version / "root.pem"
    name = known["authority"]
    roots = (root.read_text(),) if root.is_file() else ()
    return KnownAuthorities(
        facts={name: AuthorityFacts(name=name, title=name, url="", roots=roots)} if name else {}
    )


@pytest.mark.parametrize("name", released())
def test_every_released_version_has_left_evidence(name: str) -> None:
    made_since = () if name == "0.1.0" else ("bag.zip", "backup.zip", "root.pem")
    assert lacking(name, "storage.zip", "known.json", *made_since) == set()


def test_a_release_is_a_heading_with_a_version_and_a_date() -> None:
    assert released() != []
    told = "## [Unreleased]\n\n## [0.2.0] - 2027-01-05\n\n### Added\n\n## [0.1.0] - 2026-11-23\n"
    assert released(told) == ["0.2.0", "0.1.0"]
    with pytest.raises(ValueError, match=r"0\.2\.0"):
        released("## [0.2.0]\n")


def test_this_version_verifies_it(version: Path, known: Mapping[str, Any], storage: Path) -> None:
    with closing(SqliteStore(storage)) as store:
        verdict = verify(store, FileVault(storage), judge=judge(version, known), heads=known["mailed"])
    assert verdict.faults == ()
    assert {remark.kind.value for remark in verdict.remarks} <= UNPACKED
    assert (verdict.lines, verdict.captures, verdict.head) == (
        known["lines"],
        known["captures"],
        known["head"],
    )
    assert list(verdict.heads) == known["mailed"]
    assert verdict.stamps == verdict.stamps_held == known["stamps"]


def test_the_verifier_verifies_it_as_it_lies_there(known: Mapping[str, Any], storage: Path) -> None:
    """Without bringing the database up to date first."""
    before = (storage / "stornowacht.db").read_bytes()
    report = verifier.verify(storage, list(known["mailed"]))
    assert kinds(report) <= UNPACKED
    assert (report.counts["lines"], report.counts["captures"]) == (known["lines"], known["captures"])
    assert list(report.heads) == known["mailed"]
    assert (storage / "stornowacht.db").read_bytes() == before


@pytest.mark.parametrize(
    "version",
    [PLACE / name for name in VERSIONS if (PLACE / name / "bag.zip").is_file()],
    ids=lambda path: path.name,
)
def test_the_verifier_verifies_its_export(version: Path, known: Mapping[str, Any]) -> None:
    report = verifier.verify(version / "bag.zip", list(known["mailed"]))
    assert kinds(report) == frozenset()
    assert report.counts["lines"] == known["lines"]


@pytest.mark.parametrize(
    "version",
    [PLACE / name for name in VERSIONS if (PLACE / name / "backup.zip").is_file()],
    ids=lambda path: path.name,
)
def test_its_backup_is_restored(version: Path, known: Mapping[str, Any], tmp_path: Path) -> None:
    """0.1.0 made none."""
    restore_backup(version / "backup.zip", tmp_path / "restored")
    with closing(SqliteStore(tmp_path / "restored")) as store:
        verdict = verify(store, FileVault(tmp_path / "restored"), judge=judge(version, known))
    assert verdict.faults == ()
    assert (verdict.lines, verdict.captures, verdict.head) == (
        known["lines"],
        known["captures"],
        known["head"],
    )


def test_a_change_in_it_is_found(known: Mapping[str, Any], storage: Path) -> None:
    with closing(sqlite3.connect(storage / "stornowacht.db")) as database:
        ((path,),) = database.execute(
            "SELECT path FROM capture_files GROUP BY path HAVING count(*) = 1 LIMIT 1"
        )
    last = storage / path
    last.chmod(0o600)
    last.write_bytes(b"changed")
    with closing(SqliteStore(storage)) as store:
        assert [fault.kind for fault in verify(store, FileVault(storage)).faults] == ["file_changed"]
    assert known["lines"] > 0
