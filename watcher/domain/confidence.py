"""How sure a statement is."""

from collections.abc import Iterable
from enum import StrEnum


class Confidence(StrEnum):
    """How sure Stornowacht is of what it says; never rounded up."""

    CERTAIN = "certain"
    """Both readers agree, on words that a source or the user has confirmed."""
    LIKELY = "likely"
    """Guessed by a rule, or told by one reader alone."""
    UNSURE = "unsure"
    """The readers disagree, or a fallback decided: look yourself."""

    @property
    def rank(self) -> int:
        """Return 0 for the surest; larger is less sure."""
        return _ORDER.index(self)

    def lowered(self) -> "Confidence":
        """Return the next lower grade; the lowest stays."""
        return _ORDER[min(self.rank + 1, len(_ORDER) - 1)]


_ORDER = (Confidence.CERTAIN, Confidence.LIKELY, Confidence.UNSURE)


def least(grades: Iterable[Confidence]) -> Confidence:
    """Return the least sure of the grades; CERTAIN where there is none to doubt."""
    return max(grades, key=lambda grade: grade.rank, default=Confidence.CERTAIN)
