"""Write evidence as this version writes it into fixtures/evidence: it must stay verifiable for ever. And all that its config can say.

    python scripts/evidence_fixture.py [NAME]

At a release NAME is its number. Until then `unreleased` is written, and may be written anew when the form of the evidence
changes; what was released is never written again. Needs openssl.
"""

import json
import os
import shutil
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from tests.support.bags import make_bag
from tests.support.meaning import meaning
from tests.support.witnessed import AUTHORITY, Witnessed, make_witnessed
from watcher import __version__
from watcher.config import ConfigError
from watcher.config_file import load
from watcher.example import example_config
from watcher.storage.backup import make_backup
from watcher.storage.store import SqliteStore
from watcher.texts import language

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
    make_backup(made.folder, target / "backup.zip", program=__version__, at=datetime(*_A_DAY, tzinfo=UTC))
    (target / "backup.zip").chmod(0o644)
    copy = made.copied(folder / "exported")
    shutil.copy(make_bag(copy.folder, copy.order, folder / "out")[0], target / "bag.zip")
    (target / "bag.zip").chmod(0o644)
    (target / "known.json").write_text(json.dumps(known(made), indent=1) + "\n")
    (target / "root.pem").write_text(made.facts.roots[0])
    write_config(target, folder / "config.toml")
    return target


def write_config(target: Path, trial: Path) -> None:
    """Write a config in which all is set that can be set at once, and what this version takes it for."""
    language.use("en")
    told = list(_blocks(example_config()))
    for number in (*range(len(told)), *range(len(told))):  # twice: a table may speak of one that comes later
        block = told[number]
        settings = [index for index, line in enumerate(block) if _is_setting(line)]
        # A few settings exclude each other; then those that stand further down in the example give way.
        for left_out in ([], *([index] for index in reversed(settings)), *_pairs(settings)):
            bold = [
                line if index in left_out or not (_is_setting(line) or _is_heading(line)) else line[2:]
                for index, line in enumerate(block)
            ]
            if _loads(trial, [*told[:number], bold, *told[number + 1 :]]):
                told[number] = bold
                break
    trial.write_text("\n\n".join("\n".join(block) for block in told) + "\n", encoding="utf-8")
    shutil.copy(trial, target / "config.toml")
    said = json.dumps(meaning(load(trial), trial.parent), indent=1, sort_keys=True, ensure_ascii=False)
    (target / "config.json").write_text(said + "\n", encoding="utf-8")


def _blocks(example: str) -> Iterator[list[str]]:
    for block in example.strip().split("\n\n"):
        yield block.split("\n")


def _pairs(settings: Sequence[int]) -> Iterator[list[int]]:
    return ([one, other] for one in reversed(settings) for other in settings if other < one)


def _is_heading(line: str) -> bool:
    return line.startswith("# [") and line.endswith("]")


def _is_setting(line: str) -> bool:
    name, equals, value = line.removeprefix("# ").partition(" = ")
    if not line.startswith("# ") or not equals or not name.isidentifier():
        return False
    try:
        tomllib.loads(f"x = {value}")
    except tomllib.TOMLDecodeError:
        return False
    return True


def _loads(trial: Path, blocks: Sequence[Sequence[str]]) -> bool:
    trial.write_text("\n\n".join("\n".join(block) for block in blocks), encoding="utf-8")
    try:
        load(trial)
    except ConfigError:
        return False
    return True


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
