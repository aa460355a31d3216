"""docs/statuses.md, which is written from the tables of the carriers' words."""

from pathlib import Path

import pytest

from scripts.status_table import BEGIN, END, PATH, covered, main, tables
from watcher.carriers.statuses.table import general, special


def test_the_page_says_what_the_tables_say() -> None:
    assert Path(__file__).parents[2] / "docs" / "statuses.md" == PATH
    written = PATH.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0]
    assert written.strip() == tables().strip()


def test_every_word_and_code_stands_there_with_its_source() -> None:
    page = tables()
    for table in (*special(), general()):
        for entry, said in table.entries:
            assert any(all(word in row for word in (*said, entry.fact.source)) for row in page.splitlines())


def test_what_nothing_says_is_shown_as_a_gap() -> None:
    cells = [
        cell.strip() for row in covered().splitlines() if row.startswith("| `") for cell in row.split("|")
    ]
    assert "–" in cells
    assert "0" not in cells


def test_a_stale_page_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stale = tmp_path / "statuses.md"
    stale.write_text(f"head\n{BEGIN}old\n{END}tail\n", encoding="utf-8")
    monkeypatch.setattr("scripts.status_table.PATH", stale)
    monkeypatch.setattr("sys.argv", ["status_table.py", "--check"])
    assert main() == 1
    assert "stale" in capsys.readouterr().err
    monkeypatch.setattr("sys.argv", ["status_table.py"])
    assert main() == 0
    monkeypatch.setattr("sys.argv", ["status_table.py", "--check"])
    assert main() == 0
    assert stale.read_text(encoding="utf-8").endswith("tail\n")
