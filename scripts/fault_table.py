"""Write the fault matrix into docs/faults.md from tests/faults/cells.py; `--check` only looks. A cell whose test is not there is an error."""

import ast
import sys
from pathlib import Path

from scripts.docs_page import keep, markdown_table
from tests.faults.cells import MATRIX, Fault

ROOT = Path(__file__).parent.parent
PATH = ROOT / "docs" / "faults.md"
BEGIN, END = "<!-- the tables are written by scripts/fault_table.py -->\n", "<!-- end of the tables -->\n"
HEAD = ("what goes wrong", "noticed", "said", "recovers", "nothing lost")


def missing_tests() -> list[str]:
    """Return the tests that a cell names and that are not there."""
    names: dict[str, set[str]] = {}
    missing = []
    for node in sorted({test for fault in MATRIX for cell in fault.cells for test in cell.shown_by}):
        path, _, name = node.partition("::")
        if path not in names:
            file = ROOT / "tests" / path
            tree = ast.parse(file.read_text(encoding="utf-8")) if file.is_file() else ast.Module([], [])
            names[path] = {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}
        if name.partition("[")[0] not in names[path]:
            missing.append(node)
    return missing


def tables() -> str:
    """Return a table for each part, in the order of the matrix."""
    parts = dict.fromkeys(fault.part for fault in MATRIX)
    return "\n".join(
        f"### {part}\n\n" + markdown_table((_row(fault) for fault in MATRIX if fault.part == part), head=HEAD)
        for part in parts
    )


def _row(fault: Fault) -> tuple[str, ...]:
    return (fault.what, *(cell.words for cell in fault.cells))


def main() -> int:
    """Write the tables, or say that they are stale, or which tests are not there."""
    if missing := missing_tests():
        print("tests/faults/cells.py names tests that are not there:", *missing, sep="\n  ", file=sys.stderr)
        return 1
    return keep(PATH, tables, begin=BEGIN, end=END, by="fault_table.py")


if __name__ == "__main__":
    sys.exit(main())
