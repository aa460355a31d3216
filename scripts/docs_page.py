"""Pages of the docs whose tables are written from the data: between two marks, and checked for freshness."""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

Row = tuple[str, ...]


def markdown_table(rows: Iterable[Row], *, head: Row) -> str:
    """Return a table in Markdown."""
    lines = (head, ("---",) * len(head), *rows)
    return "".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |\n" for line in lines)


def keep(path: Path, tables: Callable[[], str], *, begin: str, end: str, by: str) -> int:
    """Write a page's tables between its marks; with `--check` only say whether they are stale, and return 1 then.

    Args:
        path: the page.
        tables: what stands between the marks.
        begin: the line before it.
        end: the line behind it.
        by: the script that writes it.
    """
    text = path.read_text(encoding="utf-8")
    head, rest = text.split(begin)
    fresh = head + begin + "\n" + tables() + "\n" + end + rest.split(end)[1]
    if "--check" in sys.argv:
        if fresh != text:
            print(f"docs/{path.name} is stale: run `python scripts/{by}`", file=sys.stderr)
        return int(fresh != text)
    path.write_text(fresh, encoding="utf-8")
    return 0
