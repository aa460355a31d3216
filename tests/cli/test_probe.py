"""`probe`: the seller sees the report before it is written."""

from pathlib import Path

import pytest

from tests.support.cli import CommandLine
from tests.support.visiting import FakeVisitor


@pytest.fixture(autouse=True)
def in_an_empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


def written() -> list[Path]:
    return list(Path.cwd().iterdir())


def test_without_a_terminal_and_a_yes_the_report_is_only_shown(seller: CommandLine) -> None:
    said = seller("probe")
    assert said.code == 0
    assert "# Stornowacht probe" in said.out
    assert "Nothing was written" in said.err
    assert written() == []


def test_a_yes_writes_what_was_shown(seller: CommandLine) -> None:
    said = seller("probe", "--yes")
    [path] = written()
    assert path.name.startswith("stornowacht-probe-")
    report = path.read_text(encoding="utf-8")
    assert report.strip() in said.out
    assert "Friteuse" not in report
    assert "marlene" not in report


def test_a_report_of_one_order_is_about_its_conversation(seller: CommandLine, order_id: str) -> None:
    said = seller("probe", order_id)
    assert "## Page 1: conversation" in said.out
    assert "Page 2" not in said.out
    assert "order read as: cancelled" in said.out


def test_what_made_trouble_is_reported_first(cli: CommandLine, visitor: FakeVisitor) -> None:
    cli("check")
    visitor.wall = "unreadable"
    cli("check")
    assert "taken for: unreadable (not_understood)" in cli("probe").out


def test_nothing_archived_is_nothing_to_report(cli: CommandLine) -> None:
    said = cli("probe")
    assert said.code == 2
    assert "stornowacht check" in said.err


def test_a_file_that_is_there_is_never_replaced(seller: CommandLine, tmp_path: Path) -> None:
    target = tmp_path / "mine.txt"
    target.write_text("mine")
    assert seller("probe", "--yes", "--out", str(target)).code == 2
    assert target.read_text() == "mine"


def test_a_place_that_cannot_be_written_is_named(seller: CommandLine, tmp_path: Path) -> None:
    said = seller("probe", "--yes", "--out", str(tmp_path / "nowhere" / "x.txt"))
    assert said.code == 2
    assert "nowhere" in said.err
