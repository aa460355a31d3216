"""The lines that a year is expected to follow, and whether it did."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

FLAT_MEGABYTES = 1.5
"""So much may the resident memory grow in a month at the end. What reads all of the history does so in a child, as in the watch."""
SLOWER = 1.3
"""So many times what it cost at the beginning may a page, or a round, cost at the end."""
LOG_MEGABYTES = 16.0
STEADIER = 1.25
FEW, SELDOM = 2, 50
PER_SPELL = 3
_DAYS = 31
_SETTLED, _HALF = 2, 6
"""After so many months nothing is new any more; and after so many the time of the first orders is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """How things stood at the end of a simulated month, and what was done in it."""

    number: int
    memory: float
    """Megabytes that are resident."""
    files: int
    """Open files and sockets."""
    database: float
    log: float
    archive: float
    """Megabytes."""
    checks: int
    pages: int
    lines: int
    """Of the ledger, since the beginning."""
    outbox: int
    """Rows of the outbox."""
    opened: int
    """Cases that are open and sales that are under way."""
    stale: int
    """Rows of the outbox that should be gone: told long ago, about nothing that is open or under way."""
    remembered: int
    """Small things that are remembered."""
    gaps: int
    """Checks that lacked something although nothing was wrong."""
    troubles: int
    """How often trouble with the account was told."""
    spells: int
    """How many bad spells came."""
    check_ms: float
    page_ms: float
    round_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One expectation, what was met, and whether that is as expected."""

    what: str
    expected: str
    met: str
    holds: bool


def judge(months: Sequence[Month]) -> list[Line]:
    """Compare the second half of a year with its first, and its end with its beginning."""
    early, late = months[_SETTLED:_HALF], months[_HALF + 2 :]
    if len(early) < 2 or len(late) < 2:  # a slope takes two points
        raise ValueError(f"{len(months)} months are too few to see a line")
    growth, at_the_end = (
        slope([month.number for month in part], [month.memory for month in part])
        for part in (months[_SETTLED:], late)
    )
    files = sorted({month.files for month in months[_SETTLED:]})
    log = max(month.log for month in months)
    return [
        Line(
            what="resident memory",
            expected=f"grows to what the history takes, then flat: at the end at most {FLAT_MEGABYTES} MB a month",
            met=f"{growth:+.2f} MB a month from the 3rd on, {at_the_end:+.2f} at the end",
            holds=at_the_end <= FLAT_MEGABYTES,
        ),
        Line(
            what="open files",
            expected="always the same",
            met=" or ".join(map(str, files)),
            holds=files[-1] - files[0] <= 1,
        ),
        Line(
            what="write-ahead log",
            expected=f"folded in each hour: at most {LOG_MEGABYTES:.0f} MB",
            met=f"{log:.1f} MB",
            holds=log <= LOG_MEGABYTES,
        ),
        _steadier(
            "database",
            "a line per check and what happened: straight",
            late,
            early,
            lambda month: month.database,
        ),
        _steadier(
            "archive",
            "by what changed; from the 7th month on flatter, for what is over goes",
            late,
            early,
            lambda month: month.archive,
        ),
        Line(
            what="outbox",
            expected="what is over goes after 90 days: nothing older is left",
            met=f"{max(month.stale for month in months)} rows in the worst month",
            holds=all(month.stale == 0 for month in months),
        ),
        Line(
            what="gaps",
            expected=f"where nothing is wrong few: each month at most {FEW} and one check in {SELDOM}",
            met=f"{max(month.gaps for month in months)} in the worst month",
            holds=all(month.gaps <= FEW + month.checks / SELDOM for month in months),
        ),
        Line(
            what="trouble told",
            expected=f"once a day at most, and {PER_SPELL} times for each bad spell",
            met=f"{max(month.troubles for month in months)} times in the worst month",
            holds=all(month.troubles <= _DAYS + PER_SPELL * month.spells for month in months),
        ),
        _slower("processor time of a page", late, early, lambda month: month.page_ms),
        _slower(
            "processor time of a round, for each open case and sale under way",
            late,
            early,
            lambda month: month.round_ms / max(month.opened, 1),
        ),
    ]


def slope(xs: Sequence[float], ys: Sequence[float]) -> float:
    """Return by how much y grows with each step of x, by least squares."""
    middle_x, middle_y = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((x - middle_x) ** 2 for x in xs)
    return sum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys, strict=True)) / spread


def _steadier(
    what: str, why: str, late: Sequence[Month], early: Sequence[Month], of: Callable[[Month], float]
) -> Line:
    now, before = (slope([m.number for m in part], [of(m) for m in part]) for part in (late, early))
    return Line(
        what=what,
        expected=f"{why}; at most {STEADIER} times the first half's growth",
        met=f"{before:+.2f}, later {now:+.2f} MB a month",
        holds=now <= STEADIER * before,
    )


def _slower(what: str, late: Sequence[Month], early: Sequence[Month], of: Callable[[Month], float]) -> Line:
    ratio = _ratio(late, early, of)
    return Line(
        what=what,
        expected=f"does not grow with the history: at most {SLOWER} times",
        met=f"{ratio:.2f} times",
        holds=ratio <= SLOWER,
    )


def _ratio(late: Sequence[Month], early: Sequence[Month], of: Callable[[Month], float]) -> float:
    return (sum(map(of, late)) / len(late)) / max(sum(map(of, early)) / len(early), 1e-9)
