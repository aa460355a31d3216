"""The vault: bytes are on disk before anybody reads them, and what is kept stays as it was."""

import json
import stat
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from tests.support.clock import NOON
from tests.support.looks import looks
from tests.support.values import capture
from watcher.app.archive import StoredCapture
from watcher.app.check_account import stored
from watcher.domain.capture import Body, Capture, PageKind, Role
from watcher.errors import StorageError
from watcher.storage.vault import FileVault

TWO_SURROGATE_HALVES = "<p>\ud83d and \ude00</p>"


def kept(vault: FileVault, shown: Capture) -> StoredCapture:
    return stored(vault.stage(shown), vault, reason="changed")


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_every_byte_is_on_disk_once_a_capture_is_staged(vault: FileVault) -> None:
    staged = vault.stage(capture())
    contents = {path.name: path.read_bytes() for path in staged.folder.iterdir()}
    assert sorted(contents) == [
        "0000-screenshot.webp",
        "0001-preview.png",
        "0002-html.html",
        "0003-json-answer-1.json",
        "0004-json-answer-2.json",
        "capture.json",
    ]
    assert contents["0002-html.html"] == "<p>Grüße\r\n</p>".encode()


def test_staging_keeps_nothing_yet(vault: FileVault, folder: Path) -> None:
    vault.stage(capture())
    assert not (folder / "archive").exists()


def test_a_staged_capture_is_its_owners_alone(vault: FileVault) -> None:
    assert stat.S_IMODE(vault.stage(capture()).folder.stat().st_mode) == 0o700


def test_kept_files_are_read_only_and_named_by_their_hash(vault: FileVault, folder: Path) -> None:
    for file in kept(vault, capture()).files:
        path = folder / file.path
        assert path.name.partition(".")[0] == file.sha256 == sha256(path.read_bytes()).hexdigest()
        assert path.parent.name == file.sha256[:2]
        assert stat.S_IMODE(path.stat().st_mode) == 0o400
        assert file.size == path.stat().st_size


def test_a_capture_keeps_what_it_is_made_of_in_order(vault: FileVault) -> None:
    roles = [file.role for file in kept(vault, capture()).files]
    assert roles == [Role.SCREENSHOT, Role.PREVIEW, Role.HTML, Role.JSON, Role.JSON, Role.FACTS]


def test_the_facts_name_every_file_by_its_hash(vault: FileVault) -> None:
    found = kept(vault, capture())
    facts = json.loads(vault.read(found.files[-1]))
    assert [entry["sha256"] for entry in facts["files"]] == [file.sha256 for file in found.files[:-1]]
    assert facts["answers"] == [
        {"url": "https://gateway/one", "status": 200},
        {"url": "https://gateway/two", "status": 200},
    ]
    assert facts["browser"] == "Chromium 156"


def test_the_same_bytes_are_stored_once(vault: FileVault, folder: Path) -> None:
    first, second = kept(vault, capture()), kept(vault, capture("capture-2"))
    assert first.files[:-1] == second.files[:-1]
    assert len(files_in(folder / "archive")) == 7  # five shared files and two sets of facts


def test_what_is_kept_can_be_read(vault: FileVault) -> None:
    assert vault.read(kept(vault, capture()).files[0]) == b"RIFF picture"


def test_a_file_that_is_gone_is_told(vault: FileVault, folder: Path) -> None:
    file = kept(vault, capture()).files[0]
    (folder / file.path).unlink()
    with pytest.raises(StorageError, match=file.sha256):
        vault.read(file)


def test_a_dropped_capture_leaves_nothing_in_the_staging_area(vault: FileVault, folder: Path) -> None:
    staged = vault.stage(capture())
    vault.drop(staged)
    vault.drop(staged)
    assert files_in(folder) == []
    assert vault.leftovers("main") == []


def test_dropping_leaves_what_was_kept(vault: FileVault) -> None:
    staged = vault.stage(capture())
    found = stored(staged, vault, reason="changed")
    vault.drop(staged)
    assert looks(vault, found) == {}


def test_no_half_written_file_stays_in_the_archive(vault: FileVault, folder: Path) -> None:
    kept(vault, capture())
    assert not [path for path in files_in(folder / "archive") if len(path.stem) != 64]


def test_a_capture_without_a_picture_is_not_complete(vault: FileVault) -> None:
    found = kept(vault, capture(screenshot=b""))
    assert Role.SCREENSHOT not in [file.role for file in found.files]
    assert not found.complete


def test_a_page_that_never_came_still_leaves_its_facts(vault: FileVault) -> None:
    nothing = capture(
        html="", screenshot=b"", preview=b"", bodies=(), status=None, failure="net::ERR_TIMED_OUT"
    )
    [facts] = kept(vault, nothing).files
    assert json.loads(vault.read(facts))["failure"] == "net::ERR_TIMED_OUT"


def test_half_a_surrogate_pair_does_not_cost_the_proof(vault: FileVault) -> None:
    odd = capture(html=TWO_SURROGATE_HALVES, failure="\udcff")
    found = kept(vault, odd)
    page = next(file for file in found.files if file.role is Role.HTML)
    assert vault.read(page) == b"<p>&#55357; and &#56832;</p>"
    assert json.loads(vault.read(found.files[-1]))["failure"] == "\udcff"


def test_what_a_killed_check_staged_comes_back_whole(vault: FileVault) -> None:
    shown = capture(
        lost_bodies=("https://gateway/three",),
        shapes=("gateway /x -> 200\n{",),
        blocked_requests=2,
        final_url="https://www.kleinanzeigen.de/elsewhere",
        failure=None,
    )
    vault.stage(shown)
    [leftover] = vault.leftovers("main")
    recovered = ("recovered", "left behind by a check that did not end")
    assert leftover.capture == replace(shown, facts=(*shown.facts, recovered))


def test_what_is_staged_anew_leaves_nothing_of_the_first_time(vault: FileVault) -> None:
    vault.stage(replace(capture(), preview=b""))
    shown = capture()
    staged = vault.stage(shown)
    assert [path.name for path in files_in(staged.folder)] == [
        "0000-screenshot.webp",
        "0001-preview.png",
        "0002-html.html",
        "0003-json-answer-1.json",
        "0004-json-answer-2.json",
        "capture.json",
    ]
    assert vault.leftovers("main")[0].capture.bodies == shown.bodies


def test_answers_that_a_killed_check_was_staging_anew_come_back_once(vault: FileVault) -> None:
    shown = capture()
    folder = vault.stage(replace(shown, preview=b"")).folder
    (folder / "0003-json-answer-1.json").write_bytes(b'{"one": 1}')
    (folder / "0004-json-answer-2.json").write_bytes(b'{"tw')
    assert vault.leftovers("main")[0].capture.bodies == shown.bodies


def test_more_answers_than_a_hundred_come_back_with_their_own_addresses(vault: FileVault) -> None:
    bodies = tuple(Body(url=f"https://gateway/{n}", status=200, content=b"%d" % n) for n in range(120))
    vault.stage(capture(bodies=bodies))
    assert vault.leftovers("main")[0].capture.bodies == bodies


def test_a_half_written_capture_comes_back_as_far_as_it_goes(vault: FileVault) -> None:
    staged = vault.stage(capture())
    (staged.folder / "capture.json").write_bytes(b'{"id": "capt')
    (staged.folder / "0004-json-answer-2.json").write_bytes(b'{"tw')
    [leftover] = vault.leftovers("main")
    found = leftover.capture
    assert (found.id, found.settled, found.kind) == ("capture-1", False, PageKind.CONVERSATION_LIST)
    assert found.screenshot == b"RIFF picture"
    assert [body.content for body in found.bodies] == [b'{"one": 1}', b'{"tw']
    assert found.taken_at.tzinfo is not None


def test_facts_of_another_form_do_not_stop_the_next_check(vault: FileVault) -> None:
    staged = vault.stage(capture())
    for content in (b"[]", b"7", b'{"taken_at": 7}', b"\xff\xfe", b""):
        (staged.folder / "capture.json").write_bytes(content)
        assert not vault.leftovers("main")[0].capture.settled


def test_a_check_that_was_killed_before_its_first_byte_leaves_an_empty_capture(
    vault: FileVault, folder: Path
) -> None:
    (folder / "staging" / "main" / "capture-9").mkdir(parents=True)
    [leftover] = vault.leftovers("main")
    assert (leftover.capture.id, leftover.capture.screenshot, leftover.capture.html) == ("capture-9", b"", "")


def test_a_stray_file_in_the_staging_area_is_no_leftover(vault: FileVault, folder: Path) -> None:
    (folder / "staging" / "main").mkdir(parents=True)
    (folder / "staging" / "main" / ".DS_Store").write_bytes(b"x")
    assert vault.leftovers("main") == []


def test_leftovers_of_other_accounts_are_left_alone(vault: FileVault) -> None:
    vault.stage(capture())
    assert vault.leftovers("second") == []


def test_a_staging_area_that_cannot_be_written_is_told(vault: FileVault, folder: Path) -> None:
    folder.mkdir()
    (folder / "staging").write_text("a file in its place")
    with pytest.raises(StorageError, match="staging"):
        vault.stage(capture())


def test_an_archive_that_cannot_be_written_is_told_and_the_staged_bytes_stay(
    vault: FileVault, folder: Path
) -> None:
    staged = vault.stage(capture())
    (folder / "archive").write_text("a file in its place")
    with pytest.raises(StorageError):
        vault.keep(staged)
    assert vault.leftovers("main")[0].capture.screenshot == b"RIFF picture"


@pytest.mark.slow
def test_a_full_disk_leaves_no_half_file_in_the_archive(folder: Path) -> None:
    """A limit on the size of files stands for the full disk."""
    script = f"""
import resource, signal
from pathlib import Path
from tests.support.values import capture
from watcher.errors import StorageError
from watcher.storage.vault import FileVault
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
vault = FileVault(Path({str(folder)!r}))
staged = vault.stage(capture(html="", screenshot=b"x" * 200_000))
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
for attempt in (lambda: vault.keep(staged), lambda: vault.stage(capture("capture-2", screenshot=b"y" * 200_000))):
    try:
        attempt()
    except StorageError as error:
        print("told:", error.message)
"""
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.stdout.count("told:") == 2, ended.stderr
    assert files_in(folder / "archive") == []
    first, second = FileVault(folder).leftovers("main")
    assert len(first.capture.screenshot) == 200_000
    assert not second.capture.settled


def test_bytes_can_be_kept_after_a_crash_in_the_middle_of_keeping_them(
    vault: FileVault, folder: Path
) -> None:
    digest = sha256(b"RIFF picture").hexdigest()
    place = folder / "archive" / digest[:2]
    place.mkdir(parents=True)
    (place / f"{digest}.webp.part").write_bytes(b"RI")
    (place / f"{digest}.webp.part").chmod(0o400)
    assert looks(vault, kept(vault, capture(taken_at=NOON))) == {}
