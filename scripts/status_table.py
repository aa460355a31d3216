"""Write what is known of the carriers' words and codes into docs/statuses.md; `--check` only looks."""

import sys
from collections.abc import Iterator
from pathlib import Path

from scripts.docs_page import keep, markdown_table
from watcher.carriers.statuses.table import Entry, Table, general, special
from watcher.domain.fact import Grade
from watcher.domain.parcel import Milestone

PATH = Path(__file__).parent.parent / "docs" / "statuses.md"
HEAD = ("milestone", "words or codes", "source", "how sure")
BEGIN, END = "<!-- the tables are written by scripts/status_table.py -->\n", "<!-- end of the tables -->\n"
GRADES = {Grade.SEEN: "seen", Grade.INFERRED: "inferred", Grade.UNVERIFIED: "**unverified**"}
NAMES = {"deutsche_post": "Deutsche Post", "hermes": "Hermes"}
TOLD = [milestone for milestone in Milestone if milestone is not Milestone.UNKNOWN]


def tables() -> str:
    """Return the table of what is covered, and one table per carrier."""
    return "\n".join((covered(), *map(words_of, (*special(), general()))))


def covered() -> str:
    """Return how many wordings and codes of each carrier say which milestone."""
    columns = [*special(), general()]
    head = ("milestone", *(_name(table) for table in columns))
    rows = ((f"`{milestone}`", *(_count(table, milestone) for table in columns)) for milestone in TOLD)
    return "## What is covered\n\nWordings + codes of each.\n\n" + markdown_table(rows, head=head)


def words_of(table: Table) -> str:
    """Return one carrier's words and codes with their sources."""
    file = f"{table.carrier}.toml"
    return f"## {_name(table)}\n\n[{file}](../watcher/carriers/statuses/{file})\n\n" + markdown_table(
        _rows(table), head=HEAD
    )


def _rows(table: Table) -> Iterator[tuple[str, ...]]:
    for entry, said in table.entries:
        marks = (
            f"`{entry.milestone}`" if entry.milestone else "nothing about the place",
            "at the shop still" if entry.at_shop else "",
            "only where the carrier is named" if entry.only_here else "",
        )
        kind = "codes: " if _is_code(table, entry) else ""
        yield (
            "; ".join(filter(None, marks)),
            kind + "<br>".join(said),
            f"{entry.fact.source}; read {entry.fact.seen:%m/%Y}",
            GRADES[entry.fact.confidence],
        )


def _count(table: Table, milestone: Milestone) -> str:
    words = codes = 0
    for entry, said in table.entries:
        if entry.milestone is milestone:
            if _is_code(table, entry):
                codes += len(said)
            else:
                words += len(said)
    return f"{words} + {codes}" if codes else str(words or "–")


def _is_code(table: Table, entry: Entry) -> bool:
    return any(entry is each for each in (*table.codes.values(), *table.states.values()))


def _name(table: Table) -> str:
    return "every carrier" if table is general() else NAMES.get(table.carrier, table.carrier.upper())


def main() -> int:
    """Write the tables, or say that they are stale."""
    return keep(PATH, tables, begin=BEGIN, end=END, by="status_table.py")


if __name__ == "__main__":
    sys.exit(main())
