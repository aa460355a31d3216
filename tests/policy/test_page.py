"""docs/policy.md, which is written from the rules."""

from pathlib import Path

from scripts.policy_table import BEGIN, END, PATH, main, tables
from watcher.policy.rules import rules
from watcher.policy.support import support_ways


def test_the_page_says_what_the_rules_say() -> None:
    assert Path(__file__).parents[2] / "docs" / "policy.md" == PATH
    written = PATH.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0]
    assert written.strip() == tables().strip()


def test_every_rule_stands_in_one_row_with_its_source() -> None:
    rows = [line for line in tables().splitlines() if line.startswith("| **")]
    assert len(rows) == len(rules()) + len(support_ways())
    for rule in rules():
        [row] = [row for row in rows if row.startswith(f"| **{rule.title.en}**")]
        assert rule.says.de in row
        assert rule.fact.source in row
        assert ("**gap**" in row) is rule.unknown


def test_a_stale_page_is_told(tmp_path, monkeypatch, capsys) -> None:  # type: ignore[no-untyped-def]
    stale = tmp_path / "policy.md"
    stale.write_text(f"head\n{BEGIN}old\n{END}tail\n", encoding="utf-8")
    monkeypatch.setattr("scripts.policy_table.PATH", stale)
    monkeypatch.setattr("sys.argv", ["policy_table.py", "--check"])
    assert main() == 1
    assert "stale" in capsys.readouterr().err
    monkeypatch.setattr("sys.argv", ["policy_table.py"])
    assert main() == 0
    monkeypatch.setattr("sys.argv", ["policy_table.py", "--check"])
    assert main() == 0
    assert stale.read_text(encoding="utf-8").endswith("tail\n")
