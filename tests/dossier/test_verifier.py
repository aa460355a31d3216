"""The verifier in every export: one file that needs nothing, gives the program's verdict, and is not led astray."""

import ast
import json
import os
import random
import shutil
import stat
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.samples import steady
from tests.domain.test_ledger import chain
from tests.support.bags import make_bag, sealed_anew, unpacked
from tests.support.every import every
from tests.support.memory import in_memory, tmp_path
from tests.support.tampered_bags import EVIDENCE, a_picture, paper, write_paper
from tests.support.tampering import do
from tests.support.verdicts import by_program, kinds
from tests.support.witnessed import Witnessed, make_witnessed
from watcher.app.findings import FindingKind, Step, reasons, step_name
from watcher.domain.ledger import Line, chain_faults
from watcher.dossier import verify as verifier
from watcher.storage import database
from watcher.texts.language import LANGUAGES, Language, use

__all__ = ["tmp_path"]  # a fixture that tests find here
SOURCE = Path(verifier.__file__).read_text(encoding="utf-8")
NINE = (3, 9)


@pytest.fixture(scope="module")
def witnessed() -> Iterator[Witnessed]:
    with tempfile.TemporaryDirectory(prefix="stornowacht-test-", dir=in_memory()) as folder:
        yield make_witnessed(Path(folder))


@pytest.fixture(scope="module")
def sealed(witnessed: Witnessed) -> Iterator[list[Path]]:
    """A sealed bag and its copy with parts covered, as ZIP."""
    with tempfile.TemporaryDirectory(prefix="stornowacht-test-", dir=in_memory()) as folder:
        copy = witnessed.copied(Path(folder) / "data")
        yield make_bag(copy.folder, copy.order, Path(folder) / "out", redact=True)


@pytest.fixture
def bag(sealed: list[Path], tmp_path: Path) -> Path:
    return unpacked(sealed[0], tmp_path / "bag")


@pytest.fixture(autouse=True)
def _without_openssl(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is slow, and only some tests are about it."""
    if "openssl" not in request.fixturenames:
        monkeypatch.setenv("PATH", "")


@pytest.fixture
def openssl(witnessed: Witnessed) -> str:
    if not witnessed.stamped:
        pytest.skip("no openssl is installed (`make test` installs it where it may)")
    return shutil.which("openssl") or ""


def zipped(folder: Path, to: Path, *, change: Callable[[zipfile.ZipFile], None] | None = None) -> Path:
    """Pack a bag; `change` may put more into the archive."""
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, f"top/{path.relative_to(folder).as_posix()}")
        if change is not None:
            change(archive)
    return to


def found(path: Path) -> frozenset[str]:
    return kinds(verifier.verify(path, []))


# --- what it is


def test_it_is_python_3_9_and_needs_the_standard_library_alone() -> None:
    tree = ast.parse(SOURCE, feature_version=NINE)
    names = {
        alias.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    names |= {
        (node.module or "").partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
    }
    assert names <= sys.stdlib_module_names
    assert "watcher" not in names
    later = {"UTC", "file_digest", "StrEnum", "removeprefix_", "batched", "pairwise"}
    assert not later & {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def test_it_knows_the_newest_schema_of_the_database() -> None:
    assert len(database._scripts()) == verifier.NEWEST_SCHEMA
    assert verifier.APPLICATION_ID == database.APPLICATION_ID


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_of_each_fault_what_the_program_says(language: Language) -> None:
    use(language)
    try:
        said = verifier.WORDS[language]
        assert {kind: said[kind.value] for kind in FindingKind} == dict(reasons())
        assert [said[f"step_{step.name.lower()}"] for step in Step] == [step_name(step) for step in Step]
    finally:
        use("de")


def test_it_knows_the_steps_and_the_remarks_of_the_program() -> None:
    assert tuple(step.name.lower() for step in Step) == verifier.STEPS
    assert {kind.value for kind in FindingKind if kind.is_remark} < verifier.REMARKS


def test_both_languages_say_everything() -> None:
    assert verifier.WORDS["de"].keys() == verifier.WORDS["en"].keys()
    for name, english in verifier.WORDS["en"].items():
        marks = [
            {part.partition("}")[0] for part in text.split("{")[1:]}
            for text in (english, verifier.WORDS["de"][name])
        ]
        assert marks[0] == marks[1], name


@every(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "de_AT"}, "de"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LC_MESSAGES": "de_DE", "LANG": "fr_FR"}, "de"),
    ],
)
def test_it_speaks_the_language_of_the_system(environment: dict[str, str], language: str) -> None:
    assert verifier.language_of(environment) == language


def judged(lines: list[Line]) -> list[tuple[str, int, int]]:
    report = verifier.Report()
    chain_of = verifier.Chain(report)
    seen = [verifier.Seen(line.seq, line.text, line.hash) for line in lines]
    for one, ahead in zip(seen, [*seen[1:], None], strict=True):
        chain_of.judge(one, ahead)
    return [(each["kind"], each["line"], each["until"]) for each in report.of(remarks=False)]


@steady
@given(st.integers(0, 2**32), st.integers(1, 4))
def test_it_judges_every_chain_as_the_program_does(seed: int, times: int) -> None:
    """Whatever is done to the lines, several things at once."""
    chance = random.Random(seed)
    lines = chain(9)
    for _ in range(times):
        at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        match chance.randrange(8):
            case 0:
                lines[at] = replace(lines[at], text=lines[at].text.replace("check", "other"))
            case 1:
                lines[at], lines[other] = lines[other], lines[at]
            case 2 if len(lines) > 2:
                del lines[at]
            case 3:
                lines.insert(at, lines[other])
            case 4:
                lines[at] = replace(lines[at], seq=other)
            case 5:
                lines[at] = replace(lines[at], hash=lines[other].hash)
            case 6:
                text = lines[at].text.replace('"seq":', '"seq": ')
                lines[at] = Line(seq=lines[at].seq, text=text, hash=verifier.hash_of(text))
            case _:
                lines = [replace(line, seq=place) for place, line in enumerate(lines, start=1)]
    by_program = [
        (
            "no_beginning" if (fault.kind, fault.seq) == ("rewritten", 1) else f"line_{fault.kind}",
            fault.seq,
            fault.until,
        )
        for fault in chain_faults(lines)
    ]
    assert sorted(judged(lines)) == sorted(by_program)


# --- what it finds in a whole bag


def test_a_bag_is_good_as_a_folder_and_as_a_zip(sealed: list[Path], bag: Path) -> None:
    assert found(sealed[0]) == found(bag) == frozenset()
    assert verifier.verify(bag, []).counts["captures"] > 1


def test_a_head_from_a_mail_is_found_in_a_bag(witnessed: Witnessed, bag: Path) -> None:
    report = verifier.verify(bag, list(witnessed.mailed))
    assert report.ok
    assert report.heads == by_program(witnessed, witnessed.mailed).heads


def test_a_copy_with_parts_covered_says_what_it_is(sealed: list[Path]) -> None:
    report = verifier.verify(sealed[1], [])
    assert report.ok
    [remark] = report.of(remarks=True)
    manifest = unpacked_manifest(sealed[0])
    assert (remark["kind"], remark["detail"]) == ("covered_copy", manifest)


def unpacked_manifest(bag: Path) -> str:
    from hashlib import sha256

    with zipfile.ZipFile(bag) as archive:
        [name] = [
            name
            for name in archive.namelist()
            if name.endswith("/manifest-sha256.txt") and "/data/" not in name
        ]
        return sha256(archive.read(name)).hexdigest()


def test_a_changed_copy_with_parts_covered_is_found(sealed: list[Path], tmp_path: Path) -> None:
    copy = unpacked(sealed[1], tmp_path / "covered")
    (copy / "data/notes.json").write_text("[]")
    assert "file_changed" in found(copy)


def test_what_could_not_be_read_at_the_export_is_a_fault(witnessed: Witnessed, tmp_path: Path) -> None:
    """The bag says so itself; it is not complete all the same."""
    copy = witnessed.copied(tmp_path / "data")
    query = (
        "SELECT path FROM capture_files JOIN captures ON id = capture_id"
        " WHERE role = 'screenshot' AND conversation = (SELECT conversation FROM orders WHERE stage = 'cancelled')"
    )
    with verifier.contextlib.closing(database.connect(copy.folder)) as connection:
        path = connection.execute(query).fetchone()[0]
    (copy.folder / path).unlink()
    [fault] = verifier.verify(make_bag(copy.folder, copy.order, tmp_path / "out")[0], []).of(remarks=False)
    assert fault["kind"] == "file_missing"
    assert fault["name"].endswith("/page.webp")


def test_stamps_are_checked_with_openssl_at_their_own_time(bag: Path, openssl: str) -> None:
    report = verifier.verify(bag, [])
    assert report.ok
    assert report.counts["held"] == report.counts["stamps"] == 2
    assert all("Root of the practice authority" in each["detail"] for each in report.of(remarks=True))


def test_without_openssl_it_says_what_was_not_checked(bag: Path, witnessed: Witnessed) -> None:
    report = verifier.verify(bag, [])
    assert report.ok
    assert [each["word"] for each in report.of(remarks=True)] == ["no_openssl"] * 2 * witnessed.stamped


def test_a_stamp_without_its_certificates_is_said_to_be_unchecked(bag: Path, openssl: str) -> None:
    stamps = paper(bag, "data/stamps/stamps.json")
    (bag / stamps[0]["chain"]).unlink()
    stamps[0]["chain"] = None
    write_paper(bag, "data/stamps/stamps.json", stamps)
    sealed_anew(bag)
    report = verifier.verify(bag, [])
    assert report.ok
    assert report.counts["held"] == 1
    assert "no_chain" in {each["word"] for each in report.of(remarks=True)}


# --- what hostile bags try


def test_a_zip_with_paths_that_lead_out_is_named_and_nothing_is_written(bag: Path, tmp_path: Path) -> None:
    def more(archive: zipfile.ZipFile) -> None:
        for name in (
            "../escaped",
            "top/../../escaped",
            "/tmp/escaped",
            "top/data/..\\escaped",
            "top/data/C:escaped",
        ):
            archive.writestr(name, b"x")

    before = sorted(tmp_path.rglob("*"))
    packed = zipped(bag, tmp_path / "packed.zip", change=more)
    report = verifier.verify(packed, [])
    assert "file_outside" in kinds(report)
    assert not report.ok
    assert sorted(tmp_path.rglob("*")) == sorted([*before, packed])


def test_a_link_in_a_zip_is_not_followed(bag: Path, tmp_path: Path) -> None:
    picture = a_picture(bag)[1]["path"]
    (bag / picture).unlink()

    def more(archive: zipfile.ZipFile) -> None:
        entry = zipfile.ZipInfo(f"top/{picture}")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")

    assert {"file_link", "file_missing"} <= found(zipped(bag, tmp_path / "packed.zip", change=more))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_in_a_zip_twice_is_named(bag: Path, tmp_path: Path) -> None:
    """Programs unpack the one or the other."""
    picture = a_picture(bag)[1]["path"]
    for name in (picture, picture.upper()):
        packed = zipped(
            bag,
            tmp_path / "packed.zip",
            change=lambda archive, name=name: archive.writestr(f"top/{name}", b"x"),
        )
        assert "bag_broken" in found(packed)


@pytest.mark.slow
def test_a_bag_that_unpacks_to_far_more_than_it_says_is_not_unpacked(bag: Path, tmp_path: Path) -> None:
    bomb = b"\0" * (80 << 20)
    packed = zipped(
        bag,
        tmp_path / "bomb.zip",
        change=lambda archive: archive.writestr("top/data/captures/bomb.html", bomb),
    )
    report = verifier.verify(packed, [])
    assert "bag_too_large" in kinds(report)


@pytest.mark.slow
def test_a_bag_that_lies_about_its_size_as_well_is_not_unpacked_either(bag: Path, tmp_path: Path) -> None:
    bomb = bag / "data/captures/bomb.html"
    with bomb.open("wb") as stream:
        stream.truncate(200 << 20)
    sealed_anew(bag)
    assert "bag_too_large" in found(zipped(bag, tmp_path / "bomb.zip"))


def test_a_broken_zip_entry_is_a_fault_and_no_crash(bag: Path, tmp_path: Path) -> None:
    packed = zipped(bag, tmp_path / "packed.zip")
    content = bytearray(packed.read_bytes())
    with zipfile.ZipFile(packed) as archive:
        info = archive.getinfo(f"top/{a_picture(bag)[1]['path']}")
    content[info.header_offset + 30 + len(info.filename) + 4] ^= 0xFF
    packed.write_bytes(content)
    assert {"file_unreadable", "file_changed"} & found(packed)


@pytest.mark.parametrize("name", [EVIDENCE, "data/notes.json", "data/stamps/stamps.json"])
@pytest.mark.parametrize(
    "content",
    ["", "[" * 200_000, "null", "7", '"text"', "[7]", "{", '{"captures": 7}', "\ud800", "[null]", "9" * 5000],
    ids=lambda content: ascii(content[:12]),
)
def test_nonsense_in_a_paper_is_a_fault_and_no_crash(bag: Path, name: str, content: str) -> None:
    (bag / name).write_bytes(content.encode(errors="surrogatepass"))
    sealed_anew(bag)
    report = verifier.verify(bag, [])
    assert not report.ok or (name != EVIDENCE and content == "null")


@pytest.mark.parametrize("field", ["captures", "attachments", "lines", "head", "order", "derived", "format"])
@pytest.mark.parametrize(
    "value", [None, 7, "x", [], {}, [7], [{}], [{"files": 7}], [{"files": [7]}], [{"path": 7}]], ids=str
)
def test_nonsense_in_the_evidence_is_no_crash(bag: Path, field: str, value: object) -> None:
    write_paper(bag, EVIDENCE, paper(bag, EVIDENCE) | {field: value})
    sealed_anew(bag)
    report = verifier.verify(bag, [])
    assert field in {"derived", "order"} or value in ([], {}, None) or not report.ok


@pytest.mark.parametrize("name", ["lines.jsonl", "hashes.txt"])
@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"\xff\xfe\n", b"{}\n", b"x" * 70, b"a" * 64, b"[" * 100_000 + b"\n"],
    ids=lambda content: ascii(content[:8]),
)
def test_nonsense_in_the_ledger_is_a_fault_and_no_crash(bag: Path, name: str, content: bytes) -> None:
    (bag / "data/ledger" / name).write_bytes(content)
    sealed_anew(bag)
    assert not verifier.verify(bag, []).ok


@pytest.mark.parametrize(
    "name",
    [
        "bagit.txt",
        "bag-info.txt",
        "manifest-sha256.txt",
        "tagmanifest-sha256.txt",
        EVIDENCE,
        "data/ledger/hashes.txt",
        "data/ledger/lines.jsonl",
    ],
)
def test_a_part_that_is_missing_is_named(bag: Path, tmp_path: Path, name: str) -> None:
    (bag / name).unlink()
    assert not verifier.verify(zipped(bag, tmp_path / "packed.zip"), []).ok


def test_a_manifest_that_is_no_manifest_is_named(bag: Path) -> None:
    (bag / "manifest-sha256.txt").write_text("scribble\n" + "0" * 64 + "  /etc/passwd\n")
    assert {"bag_broken", "file_outside"} <= found(bag)


def test_marks_that_steer_a_terminal_are_not_printed(bag: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (bag / "data" / "\x1b[2J\u202eevil").write_bytes(b"x")
    assert verifier.main([str(bag), "--language", "en"]) == 1
    said = capsys.readouterr().out
    assert "evil" in said
    assert not {"\x1b", "\u202e"} & set(said)


# --- how it is called


def call(
    *arguments: object, cwd: Path, language: str = "C.UTF-8", script: Path | None = None
) -> subprocess.CompletedProcess[str]:
    program = script or Path(verifier.__file__)
    environment = {"LANG": language, "PATH": "", "PYTHONIOENCODING": "utf-8", "TMPDIR": tempfile.gettempdir()}
    command = [sys.executable, "-I", str(program), *map(str, arguments)]
    return subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, encoding="utf-8", timeout=60
    )


def test_the_one_in_the_bag_checks_the_bag_it_lies_in(bag: Path, tmp_path: Path) -> None:
    said = call(cwd=tmp_path, script=bag / "verify.py", language="de_DE.UTF-8")
    assert (said.returncode, said.stderr) == (0, "")
    assert "alles unverändert" in said.stdout
    (bag / "data/notes.json").write_text("[]")
    said = call(cwd=tmp_path, script=bag / "verify.py")
    assert said.returncode == 1
    assert "NOT as it was written" in said.stdout
    assert "data/notes.json: the file was changed" in said.stdout


def test_its_json_is_that_of_the_program(witnessed: Witnessed, tmp_path: Path) -> None:
    said = json.loads(
        call(witnessed.folder, "--json", "--head", witnessed.mailed[0].upper(), cwd=tmp_path).stdout
    )
    assert said["ok"] is True
    assert list(said["heads"]) == [witnessed.mailed[0]]
    assert list(said) == [
        "ok", "lines", "captures", "files", "attachments", "notes", "anchors", "ledger_head", "heads", "steps", "faults", "remarks",
    ]  # fmt: skip


def other_database(folder: Path) -> Path:
    with verifier.contextlib.closing(verifier.sqlite3.connect(folder / "stornowacht.db")) as connection:
        connection.execute("CREATE TABLE ledger (seq, text, hash)")
    return folder


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda folder: folder / "nowhere", "is no evidence"),
        (lambda folder: folder, "is no evidence"),
        (lambda folder: Path(shutil.copy(__file__, folder / "x.zip")), "is no evidence"),
        (other_database, "another program"),
    ],
)
def test_what_is_no_evidence_is_wrong_usage(
    make: Callable[[Path], Path], word: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verifier.main([str(make(tmp_path)), "--language", "en"]) == 2
    said = capsys.readouterr()
    assert word in said.err
    assert said.out == ""


def test_a_head_that_is_none_is_wrong_usage(witnessed: Witnessed, capsys: pytest.CaptureFixture[str]) -> None:
    assert verifier.main([str(witnessed.folder), "--head", "abc", "--language", "en"]) == 2
    assert "64 characters" in capsys.readouterr().err


def test_a_database_of_a_newer_version_is_told_so(
    witnessed: Witnessed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = witnessed.copied(tmp_path / "data")
    do(copy.folder, f"PRAGMA user_version = {verifier.NEWEST_SCHEMA + 1}")
    assert verifier.main([str(copy.folder), "--language", "en"]) == 2
    assert "newer Stornowacht" in capsys.readouterr().err


def test_a_database_that_is_scribbled_over_is_told_so(
    witnessed: Witnessed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = witnessed.copied(tmp_path / "data")
    path = copy.folder / "stornowacht.db"
    content = path.read_bytes()
    path.write_bytes(content[:4096] + os.urandom(len(content) - 4096))
    assert verifier.main([str(copy.folder), "--language", "en"]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_a_storage_folder_is_verified_while_somebody_writes(witnessed: Witnessed, tmp_path: Path) -> None:
    """What stands in the database's log counts as well."""
    copy = witnessed.copied(tmp_path / "data")
    from watcher.storage.store import SqliteStore

    with verifier.contextlib.closing(SqliteStore(copy.folder)) as store:
        with store.writing() as writing:
            writing.record("program_started", at=store.anchors().all()[-1].at, version="0.0.0")
        assert verifier.verify(copy.folder, []).counts["lines"] == len(list(store.ledger()))
