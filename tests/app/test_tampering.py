"""Whatever somebody does to the archive, both verifiers find it and say the same; what nobody can find is known, too."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.memory import in_memory
from tests.support.tampered_bags import BAG
from tests.support.tampering import STORAGE, Attempt
from tests.support.verdicts import both, exported, kinds, try_on_bag, try_on_storage
from tests.support.witnessed import Witnessed, make_witnessed
from watcher.dossier import verify as verifier


@pytest.fixture(scope="module")
def witnessed() -> Iterator[Witnessed]:
    with tempfile.TemporaryDirectory(prefix="stornowacht-test-", dir=in_memory()) as folder:
        yield make_witnessed(Path(folder))


@pytest.fixture(scope="module")
def bag(witnessed: Witnessed) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="stornowacht-test-", dir=in_memory()) as folder:
        yield exported(witnessed, Path(folder))


def prepare(attempt: Attempt, witnessed: Witnessed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Skip what needs stamps where there are none; openssl, which is slow, is only at hand where it decides."""
    if attempt.needs_stamps and not witnessed.stamped:
        pytest.skip("no openssl is installed (`make test` installs it where it may)")
    if not attempt.needs_stamps:
        monkeypatch.setenv("PATH", "")


def wanted(attempt: Attempt, witnessed: Witnessed) -> frozenset[str]:
    return attempt.found if witnessed.stamped else attempt.found - {"stamp_other", "stamp_added"}


@pytest.mark.slow
def test_an_archive_with_everything_is_as_it_was_written(witnessed: Witnessed) -> None:
    found = both(witnessed, witnessed.mailed)
    assert (found.by_program, found.by_verifier) == (frozenset(), frozenset())
    assert found.verdict.ok
    assert found.verdict.heads == found.report.heads
    assert list(found.verdict.heads) == list(witnessed.mailed)
    assert found.verdict.stamps_held == found.verdict.stamps == 2 * witnessed.stamped


def test_both_count_the_same(witnessed: Witnessed) -> None:
    found = both(witnessed)
    program, alone = found.verdict, found.report.counts
    for name in ("lines", "captures", "files", "attachments", "notes", "anchors", "stamps"):
        assert getattr(program, name) == alone[name], name
    assert program.head == found.report.head
    assert {step.value: count for step, count in program.looked_at.items()} == found.report.looked_at


@pytest.mark.slow
@pytest.mark.parametrize("attempt", STORAGE, ids=lambda attempt: attempt.what)
def test_what_is_done_to_the_archive_is_found_by_both_verifiers(
    attempt: Attempt, witnessed: Witnessed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(attempt, witnessed, monkeypatch)
    found = try_on_storage(attempt, witnessed, tmp_path)
    assert found.by_program == wanted(attempt, witnessed)
    assert found.by_verifier == found.by_program
    assert found.verdict.ok == found.report.ok
    places = [(fault.kind.value, fault.place, fault.reason) for fault in found.verdict.faults]
    assert all(place and reason for _, place, reason in places)


@pytest.mark.slow
@pytest.mark.parametrize("attempt", BAG, ids=lambda attempt: attempt.what)
def test_what_is_done_to_a_bag_is_found_by_the_verifier_in_it(
    attempt: Attempt, witnessed: Witnessed, bag: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(attempt, witnessed, monkeypatch)
    report = try_on_bag(attempt, witnessed, bag, tmp_path)
    assert kinds(report) == wanted(attempt, witnessed)
    assert report.ok == (not report.of(remarks=False))


def test_each_attempt_has_a_name_of_its_own() -> None:
    for attempts in (STORAGE, BAG):
        assert len({attempt.what for attempt in attempts}) == len(attempts)


def test_a_verification_leaves_no_trace(witnessed: Witnessed, tmp_path: Path) -> None:
    copy = witnessed.copied(tmp_path / "data")
    before = {path: path.read_bytes() for path in copy.folder.rglob("*") if path.is_file()}
    assert verifier.verify(copy.folder, []).ok
    assert {path: path.read_bytes() for path in copy.folder.rglob("*") if path.is_file()} == before
