"""The power goes at every named moment of what is done beside a check: nothing is lost, and doing it again finishes it.

Each work is done in a process of its own that is killed at the point. What is left must verify at once; then the work is
done once more, as the daemon or the seller would, and its end must be what it would have been without the cut.
"""

import os
import shutil
import signal
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from tests.app.test_anchor import Town
from tests.app.test_answers import TOKENS, Ears
from tests.crashes.test_power_cut import MOMENTS
from tests.crashes.test_power_cut_beside_checks import BESIDE_CHECKS
from tests.dossier.handing import Handing
from tests.storage.test_forgetting import forget_it
from tests.support.archive import Archive, in_a_child
from tests.support.clock import NOON, Clock
from tests.support.crash_points import HOUSE, crash_points_in_the_code
from tests.support.killed_delivery import HERE
from tests.support.parcels import Depot, FakeSource
from tests.support.played import played
from tests.timestamping.authority import Office, desk
from watcher import crash_points
from watcher.app.answers import give_token, hear_answers
from watcher.app.naming import keep_names
from watcher.app.verify import verify
from watcher.config_write import put
from watcher.domain.parcel import Milestone
from watcher.storage.backup import make_backup
from watcher.storage.names import ReadableNames
from watcher.storage.restore import restore_backup
from watcher.storage.store import SqliteStore
from watcher.storage.vault import FileVault

__all__ = ["played"]  # a fixture that tests find here

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="SIGKILL and fork are of POSIX"),
]


@dataclass
class Work:
    """Something that is done on a storage folder, and what it must have come to in the end."""

    folder: Path
    do: Callable[[Path], object]
    see: Callable[[Path], object]
    """Returns what is to be seen afterwards; the same with and without a power cut."""
    points: tuple[str, ...]
    at_once: Callable[[Path], object] = field(default=lambda _folder: None)
    """Asserts what must hold right after the cut, before anything is done again."""


def cut_at(point: str, work: Callable[[], object]) -> bool:
    """Do something in a process that is killed at the point; returns whether it came there."""

    def until() -> None:
        def cut(name: str) -> None:
            if name == point:
                os.kill(os.getpid(), signal.SIGKILL)

        crash_points.on_passing = cut
        work()

    return in_a_child(until) == -signal.SIGKILL


def is_whole(folder: Path) -> None:
    store = SqliteStore(folder)
    try:
        assert verify(store, FileVault(folder)).faults == ()
    finally:
        store.close()


@contextmanager
def opened(folder: Path, clock: Clock | None = None) -> Iterator[Archive]:
    archive = Archive(folder, clock)
    try:
        yield archive
    finally:
        archive.store.close()


def comes_to_the_same(work: Work, tmp_path: Path) -> None:
    """Do the work undisturbed, then once for each point with a cut there and once more: the ends are equal."""
    calm = tmp_path / "calm"
    shutil.copytree(work.folder, calm)
    work.do(calm)
    wanted = work.see(calm)
    for point in work.points:
        folder = tmp_path / point
        shutil.copytree(work.folder, folder)
        assert cut_at(point, lambda folder=folder: work.do(folder)), f"{point} was never reached"
        is_whole(folder)
        work.at_once(folder)
        work.do(folder)
        is_whole(folder)
        assert work.see(folder) == wanted, point


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A storage folder with an order, its captures and its notes."""
    with opened(tmp_path / "kept") as archive:
        order = archive.order("gone")
        archive.thread(order)
        archive.thread(order)
        archive.listing([order])
        archive.store.tidy()
    return tmp_path / "kept"


def test_every_moment_that_has_a_name_is_tried_and_there_are_more_than_twenty_five() -> None:
    found = crash_points_in_the_code()
    assert len(found) > 25
    assert {name for name, count in found.items() if count > 1} == set(), "a name that is used twice"
    at_the_watch = {cut.point for cut in MOMENTS} | set(BESIDE_CHECKS)
    assert len(at_the_watch) > 25, "in the daemon itself and its children"
    assert set(found) - at_the_watch - set(HERE) - set(BESIDES) == set()
    assert at_the_watch | set(BESIDES) <= set(found), "a point that is no more"


def test_an_attachment_is_there_once_and_whole(kept: Path, tmp_path: Path) -> None:
    file = tmp_path / "receipt.pdf"
    file.write_bytes(b"%PDF-1.4 a receipt")

    def do(folder: Path) -> None:
        with opened(folder) as archive:
            archive.attach(archive.known_by("ogone"), file, salt="5" * 32)

    def see(folder: Path) -> object:
        with opened(folder) as archive:
            return [(each.name, each.sha256) for each in archive.store.attachments().of("ogone")]

    comes_to_the_same(Work(kept, do, see, ATTACHING), tmp_path)


def test_a_backup_has_its_name_only_when_it_is_whole(kept: Path, tmp_path: Path) -> None:
    def do(folder: Path) -> None:
        target = folder.parent / f"{folder.name}.zip"
        if not target.exists():
            make_backup(folder, target, program="1", at=NOON)

    def see(folder: Path) -> object:
        with zipfile.ZipFile(folder.parent / f"{folder.name}.zip") as bag:
            assert bag.testzip() is None
            return sorted(bag.namelist())

    comes_to_the_same(Work(kept, do, see, BACKING_UP), tmp_path)


@pytest.mark.parametrize("point", ["backup_unpacked", "backup_in_place"])
def test_a_restored_folder_is_there_whole_or_not_at_all(kept: Path, tmp_path: Path, point: str) -> None:
    backup, back = tmp_path / "backup.zip", tmp_path / "back"
    make_backup(kept, backup, program="1", at=NOON)
    assert cut_at(point, lambda: restore_backup(backup, back))
    assert back.exists() == (point == "backup_in_place")
    if not back.exists():
        restore_backup(backup, back)
    is_whole(back)


def test_what_is_forgotten_is_gone_after_the_next_run(kept: Path, tmp_path: Path) -> None:
    def do(folder: Path) -> None:
        with opened(folder) as archive:
            archive.store.erasing().finish()
            forget_it(archive, archive.known_by("ogone"))

    def see(folder: Path) -> object:
        with opened(folder) as archive:
            assert not archive.store.erasing().is_unfinished()
            return archive.known_by("ogone").title, [path.name for path in archive.vault_files()]

    comes_to_the_same(Work(kept, do, see, FORGETTING), tmp_path)


def test_the_ledger_is_stamped_once_by_each_authority(tmp_path: Path) -> None:
    offices = [Office(folder=tmp_path / name) for name in ("one", "two")]
    with desk(offices[0]) as first, desk(offices[1]) as second:

        def town(folder: Path) -> Town:
            return Town(folder, Clock(), first, second)

        def do(folder: Path) -> None:
            where = town(folder)
            where.anchor()
            where.store.close()

        def see(folder: Path) -> object:
            where = town(folder)
            try:
                return Counter((stamp.authority, stamp.lines) for stamp in where.store.anchors().stamps())
            finally:
                where.store.close()

        begun = town(tmp_path / "begun")
        begun.happen()
        begun.cancel()
        begun.store.close()
        comes_to_the_same(Work(tmp_path / "begun", do, see, STAMPING), tmp_path)


def test_what_a_carrier_said_is_known_once_after_the_next_question(tmp_path: Path) -> None:
    def depot(folder: Path) -> Depot:
        return Depot(folder, FakeSource(), Clock())

    def do(folder: Path) -> None:
        where = depot(folder)
        where.poll()
        where.clock.forward(hours=12)
        where.poll()
        where.store.close()

    def see(folder: Path) -> object:
        where = depot(folder)
        try:
            return Counter(
                (sighting.milestone, sighting.at)
                for sighting in where.store.sightings("o1abcdef")
                if sighting.milestone is not Milestone.UNKNOWN
            )
        finally:
            where.store.close()

    begun = depot(tmp_path / "begun")
    begun.case(begun.order())
    begun.store.close()
    comes_to_the_same(Work(tmp_path / "begun", do, see, ASKING), tmp_path)


def test_an_answer_from_elsewhere_acknowledges_its_case_once(played: Path, tmp_path: Path) -> None:
    shutil.copytree(played / "cancelled", tmp_path / "asked")
    store = SqliteStore(tmp_path / "asked")
    waiting = next(entry for entry in store.outbox() if entry.alert.case)
    give_token(store, waiting, TOKENS[0], clock=lambda: NOON + timedelta(minutes=21))
    store.close()

    def do(folder: Path) -> None:
        store = SqliteStore(folder)
        ears = Ears(**{waiting.channel: [TOKENS[0]]})
        hear_answers(store, ears, channels=[waiting.channel], clock=lambda: NOON + timedelta(minutes=30))
        store.close()

    def see(folder: Path) -> object:
        store = SqliteStore(folder)
        try:
            return [len(store.acknowledgements(case.id)) for case in store.cases()]
        finally:
            store.close()

    comes_to_the_same(Work(tmp_path / "asked", do, see, HEARING), tmp_path)


def test_readable_names_are_made_by_the_next_check_or_housekeeping(played: Path, tmp_path: Path) -> None:
    def do(folder: Path) -> None:
        store = SqliteStore(folder)
        keep_names(store, ReadableNames(folder))
        store.close()

    def see(folder: Path) -> object:
        return sorted(path.relative_to(folder).as_posix() for path in (folder / "orders").rglob("*"))

    shutil.copytree(played / "cancelled", tmp_path / "named")
    comes_to_the_same(Work(tmp_path / "named", do, see, NAMING), tmp_path)


def test_a_bag_stands_in_the_ledger_before_it_has_its_name(kept: Path, tmp_path: Path) -> None:
    def out(folder: Path) -> Path:
        return folder.parent / f"{folder.name}-out"

    def do(folder: Path) -> None:
        if out(folder).exists() and list(out(folder).glob("*.zip")):
            return
        with opened(folder) as archive:
            Handing(archive, out(folder)).out("ogone")

    def at_once(folder: Path) -> None:
        store = SqliteStore(folder)
        try:
            exported = [line for line in store.ledger() if '"exported"' in line.text]
        finally:
            store.close()
        bags = list(out(folder).glob("*.zip")) if out(folder).exists() else []
        assert len(bags) <= len(exported)

    def see(folder: Path) -> object:
        return len(list(out(folder).glob("*.zip")))

    comes_to_the_same(Work(kept, do, see, EXPORTING, at_once), tmp_path)


def test_a_config_is_the_old_one_or_the_new_one(tmp_path: Path) -> None:
    old, new = (
        f'language = "{language}"\n[terms]\ni_accept_the_risk = true\n[storage]\ndir = "{tmp_path}"\n'
        for language in ("en", "de")
    )
    path = tmp_path / "config.toml"
    path.write_text(old, encoding="utf-8")
    assert cut_at("old_config_kept", lambda: put(path, new, keep_old=True))
    assert path.read_text(encoding="utf-8") == old
    put(path, new, keep_old=True)
    assert path.read_text(encoding="utf-8") == new
    assert [kept.read_text(encoding="utf-8") for kept in tmp_path.glob("config.toml.bak*")] == [old, old]


def test_a_database_of_an_older_version_is_brought_up_to_date_by_the_next_start(tmp_path: Path) -> None:
    with zipfile.ZipFile(HOUSE / "fixtures/evidence/0.1.0/storage.zip") as old:
        old.extractall(tmp_path / "old")

    def do(folder: Path) -> None:
        SqliteStore(folder).close()

    def see(folder: Path) -> object:
        store = SqliteStore(folder)
        try:
            return [order.id for order in store.orders()], len(list(store.ledger()))
        finally:
            store.close()

    comes_to_the_same(Work(tmp_path / "old", do, see, MIGRATING), tmp_path)


ATTACHING = ("attachment_copied", "attachment_settled")
BACKING_UP = ("backup_written", "backup_read_again", "backup_named")
RESTORING = ("backup_unpacked", "backup_in_place")
FORGETTING = (
    "rows_forgotten",
    "readable_names_removed",
    "forgotten_file_removed",
    "forgotten_files_removed",
    "database_written_anew",
)
STAMPING = ("ledger_anchored", "stamp_came", "stamp_in_the_vault")
ASKING = ("question_counted", "carrier_answered", "parcel_followed")
HEARING = ("answer_heard",)
NAMING = ("names_made",)
EXPORTING = ("bag_finished", "export_recorded", "bag_named")
MIGRATING = ("schema_backed_up", "schema_half_made")
BESIDES = (
    *ATTACHING,
    *BACKING_UP,
    *RESTORING,
    *FORGETTING,
    *STAMPING,
    *ASKING,
    *HEARING,
    *NAMING,
    *EXPORTING,
    *MIGRATING,
    "old_config_kept",
)
