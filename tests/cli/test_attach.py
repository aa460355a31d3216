"""`attach`, and what `show` says of the files."""

import os
from pathlib import Path

import pytest

from tests.support.cli import CommandLine


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "Paket vorn.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0 photo")
    return path


def test_a_file_is_attached_and_shown(seller: CommandLine, order_id: str, photo: Path) -> None:
    said = seller("attach", order_id, str(photo))
    assert (said.code, said.err) == (0, "")
    assert f"Attached to {order_id}: Paket vorn.jpg (image/jpeg, 10 B)" in said.out
    shown = seller("show", order_id)
    assert "Paket vorn.jpg (10 B)" in shown.out
    [attachment] = seller("show", order_id, "--json").json["attachments"]
    assert (attachment["name"], attachment["media_type"], attachment["size"]) == (
        "Paket vorn.jpg",
        "image/jpeg",
        10,
    )
    assert (seller.data / attachment["path"]).read_bytes() == photo.read_bytes()
    assert seller("archive", "verify").code == 0


def test_what_is_there_already_is_said(seller: CommandLine, order_id: str, photo: Path) -> None:
    seller("attach", order_id, str(photo))
    said = seller("attach", order_id, str(photo))
    assert said.code == 0
    assert "there already" in said.out


def test_one_file_that_is_refused_keeps_no_other_out(
    seller: CommandLine, order_id: str, photo: Path, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")
    said = seller(
        "attach", order_id, str(tmp_path), str(tmp_path / "pipe"), "gone.pdf", "/dev/zero", str(photo)
    )
    assert said.code == 2
    assert "Attached to" in said.out
    for reason in ("is a folder", "is a named pipe", "no file gone.pdf", "is a device"):
        assert reason in said.err


def test_json_says_what_became_of_each_file(
    seller: CommandLine, order_id: str, photo: Path, tmp_path: Path
) -> None:
    told = seller("attach", order_id, str(photo), str(tmp_path), "--json")
    assert told.code == 2
    assert [(each["name"], each["new"]) for each in told.json["attached"]] == [("Paket vorn.jpg", True)]
    [refused] = told.json["refused"]
    assert refused["file"] == str(tmp_path)
    assert "is a folder" in refused["reason"]
    assert refused["advice"]
    assert len(told.json["attachments"]) == 1


def test_a_link_is_followed_and_that_is_said(
    seller: CommandLine, order_id: str, photo: Path, tmp_path: Path
) -> None:
    (tmp_path / "link.jpg").symlink_to(photo)
    assert "is a link" in seller("attach", order_id, str(tmp_path / "link.jpg")).out


def test_the_limit_is_that_of_the_config(seller: CommandLine, order_id: str, tmp_path: Path) -> None:
    seller.write_config(more="[archive]\nlargest_attachment_mb = 1\n")
    with (tmp_path / "film.mp4").open("wb") as film:
        film.truncate(1_000_001)
    said = seller("attach", order_id, str(tmp_path / "film.mp4"))
    assert said.code == 2
    assert "1.0 MB is the limit" in said.err


def test_a_name_cannot_steer_the_terminal(seller: CommandLine, order_id: str, tmp_path: Path) -> None:
    evil = tmp_path / "a\x1b[31m\nb.txt"
    evil.write_text("x")
    said = seller("attach", order_id, str(evil), str(tmp_path / "gone\x1b[2J"))
    assert "\x1b" not in said.all
    assert "\x1b" not in seller("show", order_id).out


def test_an_order_that_is_not_known_is_wrong_usage(seller: CommandLine, photo: Path) -> None:
    said = seller("attach", "nobody", str(photo))
    assert said.code == 2
    assert "no order" in said.err


def test_without_a_file_it_says_what_is_missing(seller: CommandLine, order_id: str) -> None:
    assert seller("attach", order_id).code == 2
