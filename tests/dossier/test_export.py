"""An export without a browser: what is in the bag, what the ledger says of it, and what is done about what is missing."""

import json
import os
import random
import resource
import sqlite3
import tempfile
from contextlib import closing
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.dossier.handing import EXPORTED_AT, NO_BROWSER, Handing, is_valid_bag, unpacked, verdict
from tests.support.archive import Archive, in_a_child
from watcher.app.archive import Note
from watcher.app.verify import verify
from watcher.app.wishes import Names, Variant
from watcher.domain.capture import Body, PageKind
from watcher.domain.order import Order
from watcher.dossier import bag
from watcher.errors import StorageError, UsageError


@pytest.fixture
def order(archive: Archive) -> Order:
    """An order with one of everything; another one, whose things are nobody's business, beside it."""
    order = archive.order("friteuse", title="Friteuse, kaum benutzt", buyer="Erika")
    other = archive.order("lampe", title="Stehlampe", buyer="Jonte")
    archive.case(order)
    archive.thread(order)
    archive.thread(other)
    archive.listing([order, other])
    archive.thread(order, kind=PageKind.AD, screenshot=b"picture of the ad")
    note(archive, order, "Um 14:10 bei DHL angerufen")
    note(archive, other, "geht niemanden etwas an")
    archive.attach(order, archive.file("Beleg.pdf", b"%PDF-1.7 receipt"))
    return order


def note(archive: Archive, order: Order, text: str) -> None:
    with archive.store.writing() as writing:
        digest = writing.save_note(Note(order=order.id, at=archive.clock(), text=text))
        writing.record(
            "note_added", at=archive.clock(), account="main", order=order.id, note=digest, about="note"
        )


def paper(folder: Path, name: str):
    return json.loads((folder / "data" / name).read_text(encoding="utf-8"))


def test_the_verifier_in_the_bag_and_an_independent_validator_take_it(handing, order):
    folder = handing.bag(order.id)
    assert is_valid_bag(folder)
    code, said = verdict(folder)
    assert code == 0, said


def test_every_original_is_in_it_byte_by_byte_and_nothing_of_other_orders(handing, order, archive):
    folder = handing.bag(order.id)
    evidence = paper(folder, "ledger/evidence.json")
    captures = archive.store.captures(account="main", conversation=order.conversation)
    assert [capture["id"] for capture in evidence["captures"]] == [capture.id for capture in captures]
    for told, capture in zip(evidence["captures"], captures, strict=True):
        assert [file["sha256"] for file in told["files"]] == [file.sha256 for file in capture.files]
        for entry, file in zip(told["files"], capture.files, strict=True):
            assert (folder / entry["path"]).read_bytes() == archive.vault.read(file)
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for private in (b"Jonte", b"Stehlampe", b"geht niemanden", b"conversation:lampe"):
        assert private not in everything


def test_folders_say_when_and_what(handing, order):
    folder = handing.bag(order.id)
    names = sorted(path.name for path in (folder / "data" / "captures").iterdir())
    assert [name.rpartition(" ")[0] for name in names] == [
        "2025-10-18 1400 Anzeige",
        "2025-10-18 1400 Nachrichten",
    ]
    assert folder.name == "stornowacht-friteuse-kaum-benutzt-2026-11-23"


def test_the_ledger_is_extracted_exactly_and_its_hashes_are_complete(handing, order, archive):
    lines = list(archive.store.ledger())
    folder = handing.bag(order.id)
    hashes = (folder / "data/ledger/hashes.txt").read_text().splitlines()
    assert hashes == [line.hash for line in lines]
    extract = (folder / "data/ledger/lines.jsonl").read_text(encoding="utf-8").splitlines()
    assert set(extract) < {line.text for line in lines}
    assert all(sha256(line.encode()).hexdigest() in hashes for line in extract)
    kinds = [json.loads(line)["kind"] for line in extract]
    assert kinds == ["capture_kept", "capture_kept", "note_added", "attachment_added"]
    evidence = paper(folder, "ledger/evidence.json")
    assert (evidence["lines"], evidence["head"]) == (len(lines), lines[-1].hash)


def test_lines_of_the_account_that_name_no_order_are_in_the_extract(handing, order, archive):
    with archive.store.writing() as writing:
        writing.record("program_started", at=archive.clock(), version="9")
        writing.record("check", at=archive.clock(), account="main", outcome="ok")
        writing.record("check", at=archive.clock(), account="somebody else's", outcome="ok")
        writing.record("step_done", at=archive.clock(), account="main", case="cfriteuse", step="ask_carrier")
        writing.record("step_done", at=archive.clock(), account="main", case="clampe", step="ask_carrier")
    extract = (handing.bag(order.id) / "data/ledger/lines.jsonl").read_text(encoding="utf-8")
    told = [json.loads(line) for line in extract.splitlines()][-3:]
    assert [(line["kind"], line["facts"].get("case")) for line in told] == [
        ("program_started", None),
        ("check", None),
        ("step_done", "cfriteuse"),
    ]


def test_the_export_stands_in_the_ledger_with_the_hash_of_its_manifest(handing, order, archive):
    before = len(list(archive.store.ledger()))
    done = handing.out(order.id)
    line = json.loads(list(archive.store.ledger())[before].text)
    manifest = (unpacked(done.handed[0].path) / "manifest-sha256.txt").read_bytes()
    assert (line["kind"], line["order"]) == ("exported", order.id)
    assert line["facts"] == {
        "variant": "sealed",
        "manifest": sha256(manifest).hexdigest(),
        "lines": before,
    }
    assert verify(archive.store, archive.vault).ok


def test_a_case_is_exported_by_its_order_and_the_ledger_names_it(handing, order, archive):
    done = handing.out("cfriteuse")
    assert done.order.id == order.id
    assert json.loads(list(archive.store.ledger())[-1].text)["facts"]["case"] == "cfriteuse"


@pytest.mark.parametrize("wanted", ["onobody", "cnobody", "", "oxx"])
def test_what_is_not_known_is_wrong_usage_and_writes_nothing(handing, order, archive, wanted):
    before = len(list(archive.store.ledger()))
    with pytest.raises(UsageError):
        handing.out(wanted)
    assert len(list(archive.store.ledger())) == before
    assert not handing.to.exists()


def test_notes_come_with_their_salts_and_prove_themselves(handing, order):
    folder = handing.bag(order.id)
    [told] = paper(folder, "notes.json")
    assert told["text"] == "Um 14:10 bei DHL angerufen"
    assert sha256(f"{told['salt']}\n{told['text']}".encode()).hexdigest() == told["sha256"]
    assert told["sha256"] in (folder / "data/ledger/lines.jsonl").read_text()


def test_without_a_browser_the_evidence_goes_out_all_the_same_and_says_what_is_missing(handing, order):
    done = handing.out(order.id)
    assert not done.ok
    assert [(gap.place, gap.reason) for gap in done.gaps] == [("data/dossier.pdf", NO_BROWSER)]
    folder = unpacked(done.handed[0].path)
    assert not (folder / "data/dossier.pdf").exists()
    assert paper(folder, "dossier.json")["front"]["title"] == "Friteuse, kaum benutzt"
    for language in ("de", "en"):
        assert NO_BROWSER in (folder / f"README.{language}.txt").read_text(encoding="utf-8")


def test_a_file_that_is_gone_is_named_and_stops_nothing(handing, order, archive):
    capture = archive.store.captures(account="main", conversation=order.conversation)[0]
    path = archive.folder / capture.files[0].path
    path.unlink()
    done = handing.out(order.id)
    [gap] = [gap for gap in done.gaps if capture.files[0].path in gap.place]
    assert capture.id in gap.place
    folder = unpacked(done.handed[0].path)
    assert is_valid_bag(folder)
    assert capture.files[0].path in (folder / "README.de.txt").read_text(encoding="utf-8")
    assert any(capture.files[0].path in place for place, _ in paper(folder, "dossier.json")["gaps"])
    code, said = verdict(folder)
    assert code == 1
    assert "the file is gone" in said


def test_a_file_that_was_altered_is_named_and_still_in_it(handing, order, archive):
    capture = archive.store.captures(account="main", conversation=order.conversation)[0]
    path = archive.folder / capture.files[0].path
    path.chmod(0o600)
    path.write_bytes(b"somebody was here")
    done = handing.out(order.id)
    assert any(capture.files[0].path in gap.place for gap in done.gaps)
    folder = unpacked(done.handed[0].path)
    assert is_valid_bag(folder)
    assert b"somebody was here" in [each.read_bytes() for each in (folder / "data/captures").rglob("page.*")]
    assert verdict(folder)[0] == 1


def test_facts_that_cannot_be_read_are_named(handing, order, archive):
    capture = archive.store.captures(account="main", conversation=order.conversation)[0]
    path = archive.folder / capture.files[-1].path
    path.chmod(0o600)
    path.write_bytes(b"{")
    done = handing.out(order.id)
    assert any(capture.files[-1].path in gap.place for gap in done.gaps)
    assert len(paper(unpacked(done.handed[0].path), "dossier.json")["captures"]) == 2


@pytest.mark.parametrize(
    "leads_to", ["/etc/passwd", "../outside/Beleg.pdf", "archive/../../outside/Beleg.pdf"]
)
def test_a_path_that_leads_out_of_the_storage_folder_is_not_followed(handing, order, archive, leads_to):
    with closing(sqlite3.connect(archive.folder / "stornowacht.db")) as database:
        database.execute("UPDATE attachments SET path = ?", (leads_to,))
        database.commit()
    done = handing.out(order.id)
    assert any(gap.place == leads_to for gap in done.gaps)
    assert not list((unpacked(done.handed[0].path) / "data").glob("attachments/*"))


def test_a_link_that_leads_out_of_the_storage_folder_is_not_followed(handing, order, archive):
    [attachment] = archive.store.attachments().of(order.id)
    path = archive.folder / attachment.path
    path.unlink()
    path.symlink_to("/etc/passwd")
    assert any(gap.place == attachment.path for gap in handing.out(order.id).gaps)


def test_an_order_of_which_nothing_was_captured_can_be_exported(handing, archive):
    bare = archive.order("bare", title=None, buyer=None)
    folder = handing.bag(bare.id)
    assert folder.name == "stornowacht-obare-2026-11-23"
    assert verdict(folder)[0] == 0
    assert paper(folder, "ledger/evidence.json")["captures"] == []


HOSTILE = [
    "../../../etc/cron.d/x", "..\\..\\autoexec.bat", "<b>fett</b>.png", "\u202ecod.exe", "a\nb\tc.txt", "NUL", "x" * 120,
    "50 %.jpg", "CON.pdf", "Größe.JPG", "größe.jpg",
]  # fmt: skip


def test_hostile_names_stay_names(handing, archive):
    order = archive.order(
        "wild", title="</style><script>alert(1)</script>\u202e ../x", buyer="\x1b[31m\x00Erika\n"
    )
    for number in range(len(HOSTILE)):
        archive.attach(order, archive.file(f"file-{number}", f"content {number}".encode()))
    with closing(sqlite3.connect(archive.folder / "stornowacht.db")) as database:
        for number, name in enumerate(HOSTILE):
            digest = sha256(f"content {number}".encode()).hexdigest()
            database.execute("UPDATE attachments SET name = ? WHERE sha256 = ?", (name, digest))
        database.commit()
    folder = handing.bag(order.id)
    assert is_valid_bag(folder)
    files = [path for path in (folder / "data/attachments").rglob("*") if path.is_file()]
    assert sorted(path.read_text() for path in files) == sorted(
        f"content {number}" for number in range(len(HOSTILE))
    )
    assert len({path.name.casefold() for path in files}) == len(HOSTILE)
    assert all(path.parent == folder / "data/attachments" for path in files)
    assert all(
        path.name.isprintable() and "%" not in path.name and len(path.name.encode()) < 140 for path in files
    )
    assert folder.name.replace("-", "").isalnum()


def test_a_full_disk_leaves_no_bag_and_no_word_of_one(handing, order, archive, monkeypatch):
    before = len(list(archive.store.ledger()))

    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(bag.os, "fsync", full)
    with pytest.raises(StorageError, match=r"(?i)space"):
        handing.out(order.id)
    assert list(handing.to.iterdir()) == []
    assert len(list(archive.store.ledger())) == before


def test_where_there_is_no_room_for_what_is_needed_meanwhile_is_told(handing, order, archive):
    picture = BytesIO()
    Image.frombytes("RGB", (100, 100), random.Random(1).randbytes(30_000)).save(
        picture, "WEBP", lossless=True
    )
    archive.thread(order, screenshot=picture.getvalue())

    def work() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
        with pytest.raises(StorageError, match=tempfile.gettempdir()) as caught:
            handing.out(order.id)
        assert "TMPDIR" in (caught.value.advice or "")

    assert in_a_child(work) == 0
    assert not handing.to.exists()


def test_where_nothing_at_all_can_be_needed_meanwhile_that_is_told(handing, order):
    def work() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        tempfile.tempdir = None  # as in a program that has not looked for the folder yet
        with pytest.raises(StorageError, match="temporary") as caught:
            handing.out(order.id)
        assert "TMPDIR" in (caught.value.advice or "")

    assert in_a_child(work) == 0


def test_an_export_changes_nothing_but_the_ledger(handing, order, archive):
    before = {path: path.read_bytes() for path in archive.vault_files()}
    handing.out(order.id, redact=True)
    assert {path: path.read_bytes() for path in archive.vault_files()} == before
    assert verify(archive.store, archive.vault).ok


def test_two_exports_of_the_same_moment_differ_by_what_the_ledger_learnt_alone(handing, order):
    one, other = (handing.bag(order.id) for _ in range(2))
    changed = {
        path.relative_to(one).as_posix()
        for path in one.rglob("*")
        if path.is_file() and path.read_bytes() != (other / path.relative_to(one)).read_bytes()
    }
    assert changed == {
        "README.de.txt", "README.en.txt", "bag-info.txt", "data/dossier.json", "data/ledger/evidence.json",
        "data/ledger/hashes.txt", "data/ledger/lines.jsonl", "manifest-sha256.txt", "tagmanifest-sha256.txt",
    }  # fmt: skip


def test_a_forgotten_order_shows_what_is_left_of_it(handing, order, archive):
    with archive.store.writing() as writing:
        writing.record(
            "forgotten",
            at=archive.clock(),
            account="main",
            order=order.id,
            captures=["thread-9"],
            files=[],
            reason="asked",
        )
    folder = handing.bag(order.id)
    [told] = paper(folder, "ledger/evidence.json")["forgotten"]
    assert told["captures"] == ["thread-9"]
    lines = [entry["moment"]["what"] for entry in paper(folder, "dossier.json")["timeline"]]
    assert any("gelöscht" in line for line in lines)


class TestRedacted:
    @pytest.fixture
    def private(self, archive: Archive) -> Order:
        order = archive.order("geheim", title="Lampe", buyer="Erika")
        answer = {
            "role": "Seller", "sellerName": "Marlene", "buyerName": "Erika", "id": order.conversation,
            "address": {"street": "Rosenhag 3", "zipCode": "22041"},
        }  # fmt: skip
        body = Body(url="https://gateway/x", status=200, content=json.dumps(answer).encode())
        archive.thread(order, bodies=(body,), url="https://www.kleinanzeigen.de/?tel=01712345678")
        note(archive, order, "Erika, Rosenhag 3, 0171 2345678, erika@web.de; Marlene weiß Bescheid")
        archive.attach(order, archive.file("Brief an Erika.txt", b"Liebe Erika"))
        return order

    def test_nothing_private_is_in_any_file_of_it(self, handing, private):
        folder = handing.redacted(private.id)
        assert folder.name.endswith("-geschwaerzt")
        assert is_valid_bag(folder)
        for path in (path for path in folder.rglob("*") if path.is_file()):
            content = path.read_bytes() + path.name.encode()
            for word in (b"Erika", b"erika@", b"Rosenhag", b"2345678"):
                assert word not in content, path.name

    def test_the_seller_stays_unless_asked_otherwise(self, handing, private):
        text = (handing.redacted(private.id) / "data/notes.json").read_text(encoding="utf-8")
        assert "Marlene weiß Bescheid" in text
        text = (handing.redacted(private.id, names=Names.ALL) / "data/notes.json").read_text(encoding="utf-8")
        assert "Marlene" not in text

    def test_what_else_is_to_be_covered_can_be_named(self, handing, private):
        text = (handing.redacted(private.id, cover=("weiß Bescheid",)) / "data/notes.json").read_text(
            encoding="utf-8"
        )
        assert "Bescheid" not in text

    def test_it_says_what_was_covered_and_which_sealed_bag_it_belongs_to(self, handing, private):
        done = handing.out(private.id, redact=True)
        folder = unpacked(done.handed[1].path)
        told = paper(folder, "covered.json")
        assert told["original_manifest_sha256"] == done.handed[0].manifest
        assert told["original_manifest_sha256"] in (folder / "README.de.txt").read_text(encoding="utf-8")
        [texts] = [entry["covered"] for entry in told["files"] if entry["path"] == "data/dossier.json"]
        assert texts["mail"] == 1
        assert texts["phone"] >= 2
        assert done.handed[1].covered["mail"] == 1

    def test_it_holds_no_salt_no_page_and_no_attachment(self, handing, private, archive):
        folder = handing.redacted(private.id)
        files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
        assert {name for name in files if name.startswith("data/")} == {
            "data/dossier.json", "data/notes.json", "data/covered.json",
        }  # fmt: skip
        salts = [each.salt for each in archive.store.sealed().notes(private.id)]
        assert all(salt.encode() not in (folder / name).read_bytes() for salt in salts for name in files)

    def test_the_sealed_original_lies_beside_it_and_both_stand_in_the_ledger(self, handing, private, archive):
        done = handing.out(private.id, redact=True)
        assert [handed.variant for handed in done.handed] == [Variant.SEALED, Variant.REDACTED]
        assert verdict(unpacked(done.handed[0].path))[0] == 0
        told = [json.loads(line.text)["facts"] for line in archive.store.ledger()][-2:]
        assert [facts["manifest"] for facts in told] == [handed.manifest for handed in done.handed]


def test_a_german_reader_gets_a_german_file_name_for_what_is_redacted(archive, tmp_path, order):
    english = Handing(archive, tmp_path / "english", language="en")
    assert english.redacted(order.id).name.endswith("-redacted")
    assert EXPORTED_AT.year == 2026
