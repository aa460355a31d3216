"""Playwright's driver, the process that starts browsers and speaks with them.

A room of its own, small to import: whoever needs a browser begins the driver, and does other things while it starts.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Playwright, sync_playwright


@contextmanager
def driving() -> Iterator[Playwright]:
    """Run the driver for the length of the block."""
    with sync_playwright() as playwright:
        yield playwright
