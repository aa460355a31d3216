"""What is wanted of a program that is compared."""

from dataclasses import dataclass
from typing import Protocol

from bench.tools.setting import Setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One look at all pages."""

    wall: float
    cpu: float
    peak: float | None
    said: str
    """What the program itself says of this round: short, empty if it saw nothing worth a word."""


class Tool(Protocol):
    """A program that looks at the pages of a setting, one round at a time."""

    name: str
    version: str
    does: str
    """What a round does, for the table."""
    sends_mail: bool
    """Whether it can tell somebody who sits elsewhere."""

    def __init__(self, setting: Setting) -> None: ...

    def round(self, *, memory: bool = False, seconds: float = 600) -> Round:
        """Look at all pages once; a `TimeoutError` if that takes longer than `seconds`."""
        ...

    def pause(self) -> None:
        """Stand still while another one is measured."""
        ...

    def close(self) -> None:
        """Leave no process behind."""
        ...
