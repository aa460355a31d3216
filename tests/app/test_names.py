"""Readable names: a person finds things without the program, and nothing of it can cost evidence."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.app.test_keeping import of
from tests.support.clock import Clock
from tests.support.rooms import Rooms
from tests.support.values import ORDER
from watcher.app.archive import StoredCapture, StoredFile
from watcher.app.naming import FAULT, NamesKept, folder_title, keep_names, named_files, readable_name
from watcher.domain.capture import PageKind, Role
from watcher.storage.names import ReadableNames
from watcher.texts import language


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_in_force", ["en"])


def kept(rooms: Rooms) -> NamesKept:
    return keep_names(rooms.store, ReadableNames(rooms.folder))


def listed(rooms: Rooms) -> list[str]:
    root = rooms.folder / "orders"
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if not path.is_dir())


def names_of(rooms: Rooms, title: str) -> list[str]:
    return [name.split("/")[1] for name in listed(rooms) if title in name]


def put(folder: Path, content: bytes = b"picture", *, name: str = "ab/one.webp") -> StoredFile:
    path = folder / "archive" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_bytes(content)
        path.chmod(0o400)
    return StoredFile(
        role=Role.SCREENSHOT,
        media_type="image/webp",
        path=f"archive/{name}",
        sha256="0" * 64,
        size=len(content),
    )


def captured(*files: StoredFile, at: datetime | None = None, verdict: str | None = None) -> StoredCapture:
    return StoredCapture(
        id="capture-1",
        account="main",
        conversation="a:b:c",
        kind=PageKind.CONVERSATION,
        taken_at=at or datetime(2026, 11, 22, 9, 4, tzinfo=UTC),
        url="",
        reason="changed",
        complete=True,
        verdict=verdict or '{"orders": [{"stage": "cancelled"}]}',
        files=files,
    )


def test_each_order_has_a_folder_and_each_capture_a_name_that_says_what_it_shows(cancelled: Rooms) -> None:
    kept(cancelled)
    [order] = [order for order in cancelled.store.orders() if order.title == "Friteuse, kaum benutzt"]
    assert [name for name in listed(cancelled) if "Friteuse" in name] == [
        f"2026-11-18 Friteuse, kaum benutzt ({order.id})/2026-11-22 1300 ad.webp",
        f"2026-11-18 Friteuse, kaum benutzt ({order.id})/2026-11-22 1300 shipped.webp",
        f"2026-11-18 Friteuse, kaum benutzt ({order.id})/2026-11-22 1320 cancelled.webp",
    ]


def test_the_names_speak_the_configs_language(cancelled: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_in_force", ["de"])
    kept(cancelled)
    assert "2026-11-22 1320 storniert.webp" in names_of(cancelled, "Friteuse")


def test_a_name_leads_to_the_archives_own_bytes_takes_no_room_and_cannot_be_written(cancelled: Rooms) -> None:
    kept(cancelled)
    capture = of(cancelled, "friteuse")[-1]
    name = readable_name(ReadableNames(cancelled.folder), capture, cancelled.store.orders())
    assert name is not None
    assert capture.front is not None
    link = cancelled.folder / name
    assert link.read_bytes() == cancelled.vault.read(capture.front)
    assert link.samefile(cancelled.folder / capture.front.path)
    assert not link.stat().st_mode & 0o222
    assert (link.parent.stat().st_mode & 0o077, link.parent.parent.stat().st_mode & 0o077) == (0, 0)


def test_names_that_are_there_are_not_made_again_in_whatever_language(
    cancelled: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kept(cancelled).made > 0
    before = listed(cancelled)
    monkeypatch.setattr(language, "_in_force", ["de"])
    assert kept(cancelled) == NamesKept()
    assert listed(cancelled) == before


def test_a_name_that_was_thrown_away_is_made_again(cancelled: Rooms) -> None:
    kept(cancelled)
    before = listed(cancelled)
    (cancelled.folder / "orders" / before[0]).unlink()
    assert kept(cancelled).made == 1
    assert listed(cancelled) == before


def test_a_folder_that_its_owner_has_renamed_stays_the_orders(cancelled: Rooms) -> None:
    kept(cancelled)
    [folder] = [path for path in (cancelled.folder / "orders").iterdir() if "Friteuse" in path.name]
    folder.rename(folder.with_name(f"Der Fall {folder.name[-10:]}"))
    assert kept(cancelled) == NamesKept()


def test_only_what_was_touched_is_looked_at_after_a_check(cancelled: Rooms) -> None:
    conversation = cancelled.visitor.conversation("lampe")
    keep_names(cancelled.store, ReadableNames(cancelled.folder), conversations={conversation})
    assert {name.split("/")[0][11:17] for name in listed(cancelled)} == {"Stehla"}


def test_two_captures_of_one_minute_have_two_names(tmp_path: Path) -> None:
    one, two = put(tmp_path), put(tmp_path, b"another", name="cd/two.webp")
    files = [*named_files(captured(one)), *named_files(captured(two))]
    names = ReadableNames(tmp_path)
    assert names.keep("oabc2345", "Friteuse (oabc2345)", files).made == 2
    assert [names.find("oabc2345", named) for named in files] == [
        "orders/Friteuse (oabc2345)/2026-11-22 1004 cancelled.webp",
        "orders/Friteuse (oabc2345)/2026-11-22 1004 cancelled (2).webp",
    ]
    assert ReadableNames(tmp_path).keep("oabc2345", "Friteuse (oabc2345)", files).made == 0


def test_the_same_picture_at_two_moments_has_two_names(tmp_path: Path) -> None:
    file = put(tmp_path)
    later = captured(file, at=datetime(2026, 11, 23, 9, 4, tzinfo=UTC))
    files = [*named_files(captured(file)), *named_files(later)]
    assert ReadableNames(tmp_path).keep("oabc2345", "x (oabc2345)", files).made == 2


def test_the_page_in_one_file_stands_beside_its_picture(tmp_path: Path) -> None:
    page = replace(put(tmp_path, b"mhtml", name="ef/three.mhtml"), role=Role.MHTML)
    ReadableNames(tmp_path).keep("oabc2345", "x (oabc2345)", named_files(captured(put(tmp_path), page)))
    folder = tmp_path / "orders" / "x (oabc2345)"
    assert sorted(path.suffix for path in folder.iterdir()) == [".mhtml", ".webp"]


def test_the_photos_of_an_ad_have_names_unless_they_could_run_something(tmp_path: Path) -> None:
    picture = put(tmp_path)
    photos = [
        replace(put(tmp_path, name.encode(), name=f"ab/{name}"), role=Role.PART, media_type=media_type)
        for name, media_type in (("1.jpg", "image/jpeg"), ("2.svg", "image/svg+xml"), ("3.png", "image/png"))
    ]
    ad = replace(captured(picture, *photos, verdict='{"ad": "shown"}'), kind=PageKind.AD)
    ReadableNames(tmp_path).keep("oabc2345", "x (oabc2345)", named_files(ad))
    assert sorted(path.name[16:] for path in (tmp_path / "orders" / "x (oabc2345)").iterdir()) == [
        "ad, photo 1.jpg",
        "ad, photo 2.png",
        "ad.webp",
    ]


@pytest.mark.parametrize(
    "title",
    [
        "../../../outside",
        "a/b\\c",
        "CON",
        "nul.txt",
        "x\x00y",
        "\u202egpj",
        "😀" * 300,
        "...",
        "",
        "(oxyz9999)",
    ],
)
def test_no_title_leads_out_of_the_folder_or_breaks_it(tmp_path: Path, title: str) -> None:
    order = replace(ORDER, title=title)
    names = ReadableNames(tmp_path)
    assert names.keep(order.id, folder_title(order), named_files(captured(put(tmp_path)))).made == 1
    [folder] = (tmp_path / "orders").iterdir()
    assert len(folder.name.encode()) <= 200
    assert folder.name.endswith(f"({order.id})")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["archive", "orders"]
    assert ReadableNames(tmp_path).keep(order.id, "x", named_files(captured(put(tmp_path)))).made == 0


def test_without_hard_links_there_are_symbolic_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", _refuse)
    files = named_files(captured(put(tmp_path)))
    assert ReadableNames(tmp_path).keep("oabc2345", "x (oabc2345)", files).made == 1
    [link] = (tmp_path / "orders" / "x (oabc2345)").iterdir()
    assert link.is_symlink()
    assert link.read_bytes() == b"picture"
    assert not link.readlink().is_absolute()  # the folder may be moved as a whole
    assert ReadableNames(tmp_path).keep("oabc2345", "x (oabc2345)", files).made == 0


def test_where_no_link_can_be_made_they_are_left_out_remembered_and_forgotten_once_they_can(
    cancelled: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "link", _refuse)
        patch.setattr(Path, "symlink_to", _refuse)
        told = kept(cancelled)
    assert told.made == 0
    assert told.lacking > 0
    assert told.fault == "Operation not permitted"
    assert cancelled.store.remembered(FAULT) == "Operation not permitted"
    kept(cancelled)
    assert cancelled.store.remembered(FAULT) == ""


def test_a_file_that_has_vanished_costs_the_others_nothing(cancelled: Rooms) -> None:
    front = of(cancelled, "friteuse")[-1].front
    assert front is not None
    (cancelled.folder / front.path).unlink()
    told = kept(cancelled)
    assert told.lacking == 1
    assert told.fault == "No such file or directory"
    assert len(names_of(cancelled, "Friteuse")) == 2


def test_a_link_that_leads_elsewhere_is_not_taken_for_an_orders_folder(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "orders").mkdir()
    (tmp_path / "orders" / "x (oabc2345)").symlink_to(elsewhere)
    ReadableNames(tmp_path).keep("oabc2345", "Friteuse (oabc2345)", named_files(captured(put(tmp_path))))
    assert list(elsewhere.iterdir()) == []
    assert (tmp_path / "orders" / "Friteuse (oabc2345)").is_dir()


def test_when_an_order_is_forgotten_its_names_go_and_its_owners_files_stay(tmp_path: Path) -> None:
    names = ReadableNames(tmp_path)
    for order in ("oabc2345", "oxyz2345"):
        names.keep(order, f"2026-11-20 Friteuse ({order})", named_files(captured(put(tmp_path))))
    own = tmp_path / "orders" / "2026-11-20 Friteuse (oxyz2345)" / "Notizen.txt"
    own.write_text("by the owner")
    names.forget("oabc2345")
    names.forget("oxyz2345")
    names.forget("onobody2")
    assert listed_below(tmp_path / "orders") == ["(oxyz2345)/Notizen.txt"]


def listed_below(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_the_names_of_a_forgotten_order_are_taken_away_and_not_made_again(
    cancelled: Rooms, clock: Clock
) -> None:
    kept(cancelled)
    [order] = [order for order in cancelled.store.orders() if order.title == "Friteuse, kaum benutzt"]
    with cancelled.store.writing() as writing:
        writing.save_orders([replace(order, forgotten_at=clock())])
    kept(cancelled)
    assert names_of(cancelled, "Friteuse") == []


def _refuse(*_: object, **__: object) -> None:
    raise PermissionError(1, "Operation not permitted")
