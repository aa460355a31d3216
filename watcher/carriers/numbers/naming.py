"""Words that name a carrier: in a page's field, in a chat, in the host of a link."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache

from watcher.carriers.numbers.shapes import all_words

_BEFORE, _AFTER = 120, 60
"""How far from a number the word may stand that says whose it is."""


@dataclass(frozen=True, slots=True)
class Naming:
    """Where a text names which carrier, in the order of the text."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    carriers: tuple[str, ...]

    def nearest(self, start: int, end: int) -> str | None:
        """Return the carrier named nearest to a place of the text; `None` where none is named close by."""
        after = bisect_left(self.starts, start)
        found: list[tuple[int, str]] = []
        if after > 0 and start - self.ends[after - 1] <= _BEFORE:
            found.append((start - self.ends[after - 1], self.carriers[after - 1]))
        if after < len(self.starts) and self.starts[after] - end <= _AFTER:
            found.append((self.starts[after] - end, self.carriers[after]))
        return min(found, key=lambda each: each[0])[1] if found else None


def naming_in(text: str) -> Naming:
    """Return where a text names carriers."""
    found = [(match.start(), match.end(), match.lastgroup or "") for match in _names().finditer(text)]
    return Naming(
        starts=tuple(start for start, _, _ in found),
        ends=tuple(end for _, end, _ in found),
        carriers=tuple(carrier for _, _, carrier in found),
    )


def carrier_id(name: str | None) -> str | None:
    """Return the id of a carrier by its id or a name such as "DHL Paket"; a name that nobody knows as it is, folded.

    `None` where nothing is named, also for "other", which stands for all that are not known.
    """
    folded = " ".join((name or "").casefold().split())
    if folded in {"", "other"}:
        return None
    match = _names().search("UPS" if folded.startswith("ups") else folded)
    return match.lastgroup if match else folded


@cache
def _names() -> re.Pattern[str]:
    words = "|".join(f"(?P<{carrier}>{words})" for carrier, words in all_words().items())
    return re.compile(rf"(?<![^\W_])(?:{words})(?![^\W_])", re.IGNORECASE)
