"""What one shape of one carrier's tracking numbers says about a number."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from watcher.domain.confidence import Confidence

GAP = "[ \\-\u2010\u2011\u2013\u00a0\u2007\u2009\u202f]"
"""What is printed between the groups of a number: blanks and hyphens. Dots stand in dates."""
_ATOM = re.compile(r"(\[[^\]]+\]|[0-9A-Z])(\{[0-9,]+\})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One shape of one carrier's numbers, without blanks and in capitals."""

    carrier: str
    pattern: re.Pattern[str]
    alone: Confidence
    """How sure the reading is where nothing names the carrier."""
    check: Callable[[str], bool] | None = None
    """Whether the check digit is right; `None` where the shape has none."""
    marked: bool = False
    """Its letters or first digits are no other carrier's: whoever types them means this shape. Then `pattern` has nothing but
    letters, digits, classes, counts and `|`."""
    only_named: bool = False
    """Counts only where something names the carrier, and in capitals: too many words and numbers look like it."""
    most: Confidence = Confidence.CERTAIN
    """How sure it can get."""

    def fits(self, number: str) -> bool:
        """Whether a number has this shape; says nothing about its check digit."""
        return self.pattern.fullmatch(number) is not None

    def accepts(self, number: str) -> bool:
        """Whether a number has this shape and, where there is one, the right check digit."""
        return self.fits(number) and (self.check is None or self.check(number))

    @property
    def is_telling(self) -> bool:
        """Whether a number of this shape with a wrong check digit is a mistyped one rather than somebody else's."""
        return self.check is not None and (self.marked or self.alone is not Confidence.UNSURE)

    @property
    def printed(self) -> str:
        """Return the expression for the number as it is printed, with gaps anywhere in it; only for a marked shape."""
        return _ATOM.sub(lambda atom: f"(?:{GAP}{{0,2}}{atom[1]}){atom[2] or ''}", self.pattern.pattern)
