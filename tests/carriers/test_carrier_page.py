"""docs/carriers.md, which is written from the carriers' files."""

from pathlib import Path

import pytest

from scripts.carrier_table import BEGIN, END, PATH, carrier_of, covered, main, name_of, tables
from tests.support.every import every
from watcher.carriers.knowledge import all_carriers, carrier


def test_the_page_says_what_the_files_say() -> None:
    assert Path(__file__).parents[2] / "docs" / "carriers.md" == PATH
    written = PATH.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0]
    assert written.strip() == tables().strip()


@every("known", all_carriers(), ids=lambda known: known.id)
def test_every_carrier_has_its_facts_there_with_their_sources(known) -> None:
    page = carrier_of(known)
    assert name_of(known) in covered()
    for part in (*known.ways, *known.holds):
        assert part.fact
        assert any(part.fact.source in row for row in page.splitlines())


def test_what_nobody_knows_is_shown_as_a_gap() -> None:
    page = carrier_of(carrier("deutsche_post"))
    for what in ("phone", "requests until", "storage period"):
        assert f"| {what} | not known |  | **gap** |" in page


def test_a_stale_page_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stale = tmp_path / "carriers.md"
    stale.write_text(f"head\n{BEGIN}old\n{END}tail\n", encoding="utf-8")
    monkeypatch.setattr("scripts.carrier_table.PATH", stale)
    monkeypatch.setattr("sys.argv", ["carrier_table.py", "--check"])
    assert main() == 1
    assert "stale" in capsys.readouterr().err
    monkeypatch.setattr("sys.argv", ["carrier_table.py"])
    assert main() == 0
    monkeypatch.setattr("sys.argv", ["carrier_table.py", "--check"])
    assert main() == 0
    assert stale.read_text(encoding="utf-8").endswith("tail\n")
