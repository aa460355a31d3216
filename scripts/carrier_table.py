"""Write what is known about the carriers into docs/carriers.md; `--check` only looks."""

import sys
from collections.abc import Iterator
from pathlib import Path

from scripts.docs_page import keep, markdown_table
from watcher.carriers.knowledge import OTHER, Carrier, Days, Hold, Way, Who, all_carriers
from watcher.domain.fact import Fact, Grade

PATH = Path(__file__).parent.parent / "docs" / "carriers.md"
BEGIN, END = "<!-- the tables are written by scripts/carrier_table.py -->\n", "<!-- end of the tables -->\n"
GRADES = {Grade.SEEN: "seen", Grade.INFERRED: "inferred", Grade.UNVERIFIED: "**unverified**"}
COUNTED = {
    Days.CALENDAR: "calendar days",
    Days.WORKING: "working days (Mon-Sat)",
    Days.WEEKDAYS: "working days (Mon-Fri)",
}
WHO = {Who.BUYER: "buyer", Who.SELLER: "seller"}
UNKNOWN = "not known"


def tables() -> str:
    """Return the table of what is covered, and one per carrier."""
    return "\n".join((covered(), *map(carrier_of, all_carriers())))


def covered() -> str:
    """Return what is known of each carrier, and what is not."""
    head = (
        "carrier",
        "tracking link",
        "phone",
        "requests until",
        "storage period",
        "ways",
        "best grade of a way",
    )
    rows = (
        (
            name_of(known),
            _graded(known.tracking_fact) if known.tracking else UNKNOWN,
            _graded(known.phone.fact) if known.phone else UNKNOWN,
            f"{known.cutoff.time:%H:%M}, {_graded(known.cutoff.fact)}" if known.cutoff else UNKNOWN,
            "; ".join(map(_hold, known.holds)) or UNKNOWN,
            ", ".join(f"{sum(way.who is who for way in known.ways)} {WHO[who]}" for who in Who),
            _best(known),
        )
        for known in all_carriers()
    )
    return "## What is covered\n\n" + markdown_table(rows, head=head)


def carrier_of(known: Carrier) -> str:
    """Return everything that is known about one carrier."""
    file = f"{known.id}.toml"
    head = ("what", "known", "source", "how sure")
    return f"## {name_of(known)}\n\n[{file}](../watcher/carriers/{file})\n\n" + markdown_table(
        _rows(known), head=head
    )


def name_of(known: Carrier) -> str:
    """Return what to call a carrier in a heading."""
    return "Any other carrier" if known.id == OTHER else known.name


def _rows(known: Carrier) -> Iterator[tuple[str, ...]]:
    yield _row("tracking", f"`{known.tracking}`", known.tracking_fact) if known.tracking else _gap("tracking")
    yield _row("phone", known.phone.number, known.phone.fact) if known.phone else _gap("phone")
    if known.cutoff is None:
        yield _gap("requests until")
    else:
        cutoff = known.cutoff
        yield _row("requests until", f"{cutoff.time:%H:%M}. {cutoff.note.en}", cutoff.fact)
    for hold in known.holds:
        yield _row("storage period", f"{_span(hold)}. {hold.note.en}", hold.fact)
    if not known.holds:
        yield _gap("storage period")
    for number, way in enumerate(known.ways, start=1):
        yield _row(f"way {number}: {WHO[way.who]}, until `{way.until_milestone}`", _way(way), way.fact)


def _way(way: Way) -> str:
    parts = (
        f"**{way.title.en}**",
        way.how.en,
        f"At hand: {way.have_at_hand.en}." if way.have_at_hand else "",
        way.afterwards.en,
        f"Cost: {way.cost.en or UNKNOWN}.",
        f"*{way.title.de}*",
    )
    return "<br>".join(filter(None, parts))


def _row(what: str, words: str, fact: Fact | None) -> tuple[str, ...]:
    if fact is None:
        raise ValueError(f"{what}: a shipped fact has a source")
    published = f" (page of {fact.published})" if fact.published else ""
    return what, words, f"{fact.source}{published}; read {fact.seen:%m/%Y}", GRADES[fact.confidence]


def _gap(what: str) -> tuple[str, ...]:
    return what, UNKNOWN, "", "**gap**"


def _hold(hold: Hold) -> str:
    return f"{_span(hold)}, {_graded(hold.fact)}"


def _span(hold: Hold) -> str:
    return " ".join(filter(None, (f"{hold.days} {COUNTED[hold.counted]}", hold.place.en)))


def _best(known: Carrier) -> str:
    """Return the best grade of a way of each side: an idea is no evidence."""
    grades = list(Grade)
    best = (
        (who, min((way.fact.confidence for way in known.ways if way.who is who), key=grades.index))
        for who in Who
    )
    return ", ".join(f"{WHO[who]}: {GRADES[grade]}" for who, grade in best)


def _graded(fact: Fact | None) -> str:
    return GRADES[fact.confidence] if fact else UNKNOWN


def main() -> int:
    """Write the tables, or say that they are stale."""
    return keep(PATH, tables, begin=BEGIN, end=END, by="carrier_table.py")


if __name__ == "__main__":
    sys.exit(main())
