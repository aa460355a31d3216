"""Crash points: names for the moments between two durable steps, at which a power cut must cost nothing.

Nothing happens at them. Tests put in something that ends the process there, as a power cut would.
"""

from collections.abc import Callable

on_passing: Callable[[str], None] | None = None
"""What is called with each point's name; nothing in production."""


def crash_point(name: str) -> None:
    """Come past a point. Its name must be the only one of its kind, for the tests find all of them in the code."""
    if on_passing is not None:
        on_passing(name)
