"""The fault matrix is whole: every fault has its four cells, every cell its tests, every test here its cell."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.fault_table import END, PATH, missing_tests, tables
from tests.faults.cells import MATRIX

ROOT = Path(__file__).parent.parent.parent
SHOWN_BY = frozenset(test for fault in MATRIX for cell in fault.cells for test in cell.shown_by)
CODE = re.compile(r"`([^`]+)`")


def test_every_cell_says_something_and_is_shown_by_a_test_that_is_there() -> None:
    assert all(cell.words and cell.shown_by for fault in MATRIX for cell in fault.cells)
    assert missing_tests() == []


def test_no_fault_stands_there_twice() -> None:
    assert len({fault.what for fault in MATRIX}) == len(MATRIX)


def test_every_test_of_this_folder_shows_a_cell() -> None:
    shown = {test.partition("[")[0] for test in SHOWN_BY}
    here = {
        f"faults/{path.name}::{each.name}"
        for path in Path(__file__).parent.glob("test_*.py")
        if path != Path(__file__)
        for each in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(each, ast.FunctionDef) and each.name.startswith("test_")
    }
    assert here - shown == set()


def test_outcomes_causes_events_and_commands_are_words_of_the_program() -> None:
    words = {word for fault in MATRIX for cell in fault.cells for word in CODE.findall(cell.words)}
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "watcher").rglob("*.py"))
    unknown = {
        part
        for word in words
        for part in re.findall(r"[a-z_]+", word)
        if f'"{part}"' not in source and not re.search(rf"^    {part}: ", source, re.MULTILINE)
    }
    assert unknown == set()


def test_the_page_of_the_docs_is_fresh() -> None:
    assert f"\n{tables()}\n{END}" in PATH.read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_tests_that_are_named_with_a_case_have_that_case() -> None:
    cases = sorted(test for test in SHOWN_BY if "[" in test)
    files = sorted({f"tests/{test.partition('::')[0]}" for test in cases})
    collected = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-n", "0", *files],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    ).stdout
    assert [test for test in cases if f"tests/{test}" not in collected] == []
