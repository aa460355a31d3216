"""What a person watches while the demo plays."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

T = TypeVar("T")
_POLL = 0.2


class DemoError(Exception):
    """Something that the demo waited for did not happen."""


class Display:
    """Prints each scene with its time; the one that is played has a spinner."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._begin = time.monotonic()

    @property
    def seconds(self) -> float:
        """How long the demo has been playing."""
        return time.monotonic() - self._begin

    def title(self, text: str, subtitle: str) -> None:
        """Show what this is."""
        self.console.print(
            Panel(Text(subtitle), title=text, title_align="left", border_style="cyan", width=100)
        )

    @contextmanager
    def scene(self, text: str) -> Iterator[None]:
        """Play one scene: a spinner while it lasts, a tick with the time when it is over."""
        with self.console.status(Text(text), spinner="dots"):
            yield
        self._print(Text("✓", "green"), Text(f"{self.seconds:.1f} s", "dim"), Text(text))

    def aside(self, text: str, *, style: str = "dim") -> None:
        """Say something about the scene that was just played."""
        self._print(Text(), Text(), Text(text, style=style))

    def _print(self, mark: Text, time: Text, text: Text) -> None:
        """Print one line; where the terminal is narrow, the text goes on below its own beginning."""
        grid = Table.grid(padding=(0, 1))
        for width in (3, 7):
            grid.add_column(width=width, justify="right")
        grid.add_column()
        grid.add_row(mark, time, text)
        self.console.print(grid)

    def wait_for(self, what: str, look: Callable[[], T | None], *, seconds: float) -> T:
        """Look again and again until there is something.

        Raises:
            DemoError: it did not come in time.
        """
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = look()
            if found:
                return found
            time.sleep(_POLL)
        raise DemoError(what)
