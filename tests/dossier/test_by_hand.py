"""What the README tells to type is typed: by hand, without any program of ours."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.dossier.conftest import part
from tests.dossier.handing import Handing
from tests.support.archive import Archive
from tests.support.witnessed import make_witnessed
from watcher.storage.store import SqliteStore
from watcher.storage.vault import FileVault


@pytest.fixture
def bag(tmp_path: Path):
    witnessed = make_witnessed(tmp_path / "data")
    archive = Archive.__new__(Archive)
    archive.folder = witnessed.folder
    archive.store, archive.vault = SqliteStore(witnessed.folder), FileVault(witnessed.folder)
    yield Handing(archive, tmp_path / "out").bag(witnessed.order), witnessed
    archive.store.close()


def typed(command: str, folder: Path) -> str:
    done = subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def command_in(readme: str, begins: str) -> str:
    [found] = {line.strip() for line in readme.splitlines() if line.strip().startswith(begins)}
    return found


@pytest.mark.slow
def test_sha256sum_takes_every_file(bag):
    folder, _ = bag
    part("sha256sum", "coreutils")
    said = typed("sha256sum -c manifest-sha256.txt", folder)
    assert said.count(": OK") == len((folder / "manifest-sha256.txt").read_text().splitlines())
    assert "sha256sum -c manifest-sha256.txt" in (folder / "README.de.txt").read_text(encoding="utf-8")


@pytest.mark.slow
def test_each_stamp_is_confirmed_with_the_commands_of_the_readme(bag):
    folder, witnessed = bag
    if not witnessed.stamped:
        pytest.skip("no openssl is installed (`make test` installs it where it may)")
    stamps = json.loads((folder / "data/stamps/stamps.json").read_text(encoding="utf-8"))
    assert stamps
    readme = (folder / "README.en.txt").read_text(encoding="utf-8")
    head, verify = command_in(readme, "head -n N"), command_in(readme, "openssl ts -verify")
    for stamp in stamps:
        assert stamp["qualified"] in {True, False, None}
        typed(head.replace("N ", f"{stamp['lines']} ", 1), folder)
        assert typed("sha256sum anchor.txt", folder).split()[0] == stamp["digest"]
        whole = verify.replace("FILE.tsr", stamp["answer"]).replace("FILE.pem", stamp["chain"])
        assert "Verification: OK" in typed(whole, folder)
        (folder / "anchor.txt").write_text("something else")
        with pytest.raises(AssertionError):
            typed(whole, folder)


def test_both_readmes_give_the_same_commands(bag):
    folder, _ = bag
    german, english = ((folder / f"README.{each}.txt").read_text(encoding="utf-8") for each in ("de", "en"))
    for begins in ("head -n N", "openssl ts -verify"):
        one, other = command_in(german, begins), command_in(english, begins)
        assert one.replace("anker", "anchor").replace("DATEI", "FILE") == other


@pytest.mark.slow
def test_the_stamps_stand_on_the_cover(bag):
    folder, witnessed = bag
    told = json.loads((folder / "data/dossier.json").read_text(encoding="utf-8"))
    assert any("practice" in line for line in told["front"]["stamps"]) == witnessed.stamped
