"""Write evidence as this version writes it into fixtures/evidence: it must stay verifiable for ever.

    python scripts/evidence_fixture.py [NAME]

At a release NAME is its number. Until then `unreleased` is written, and may be written anew when the form of the evidence
changes; what was released is never written again. Needs openssl.
"""

import json
import os
import shutil
import sys
import tempfile
import zipfile
from contextlib import closing
from pathlib import Path

from tests.support.bags import make_bag
from tests.support.witnessed import AUTHORITY, Witnessed, make_witnessed
from watcher.storage.store import SqliteStore

PLACE = Path(__file__).parent.parent / "fixtures" / "evidence"
UNRELEASED = "unreleased"
_A_DAY = (2026, 11, 22, 12, 0, 0)


def write(name: str, folder: Path) -> Path:
    """Make an archive with everything and its export, and pack both; returns where."""
    made = make_witnessed(folder)
    if not made.stamped or made.facts is None:
        sys.exit("openssl is missing: without time stamps the evidence would not be complete")
    target = PLACE / name
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    pack(made.folder, target / "storage.zip")
    copy = made.copied(folder / "exported")
    shutil.copy(make_bag(copy.folder, copy.order, folder / "out")[0], target / "bag.zip")
    (target / "bag.zip").chmod(0o644)
    (target / "known.json").write_text(json.dumps(known(made), indent=1) + "\n")
    (target / "root.pem").write_text(made.facts.roots[0])
    return target


def pack(folder: Path, target: Path) -> None:
    """Pack a storage folder; the same files give the same bytes."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = path.relative_to(folder).as_posix()
            if name.split("/")[0] not in {"orders", "staging"} and path.suffix != ".lock":
                entry = zipfile.ZipInfo(name, date_time=_A_DAY)
                entry.external_attr = (0o100000 | (path.stat().st_mode & 0o777)) << 16
                archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, 9)


def known(made: Witnessed) -> dict[str, object]:
    """Return what is to be found in it."""
    with closing(SqliteStore(made.folder)) as store:
        return {
            "lines": len(list(store.ledger())),
            "captures": len(store.captures()),
            "head": store.ledger_head(),
            "mailed": list(made.mailed),
            "stamps": len(store.anchors().stamps()),
            "authority": AUTHORITY,
        }


def main() -> int:
    """Write it, and say where."""
    name = sys.argv[1] if len(sys.argv) > 1 else UNRELEASED
    if name != UNRELEASED and (PLACE / name).exists():
        sys.exit(f"{PLACE / name} was released: it stays as it is")
    memory = Path("/dev/shm")  # noqa: S108 - every transaction waits for the disk elsewhere
    with tempfile.TemporaryDirectory(
        prefix="stornowacht-fixture-", dir=memory if memory.is_dir() else None
    ) as folder:
        print(os.path.relpath(write(name, Path(folder))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
