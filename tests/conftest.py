"""The browser that tests drive: one per test process, through the one driver that a process can hold."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright

from watcher.browser.finder import find_browser
from watcher.errors import BrowserError


@pytest.fixture(scope="session")
def a_browser() -> Path:
    try:
        return find_browser(None)
    except BrowserError:
        pytest.skip("no Chromium, Chrome or Edge is installed (`make browser` looks for one)")


@pytest.fixture(scope="session")
def chromium(playwright: Playwright, a_browser: Path) -> Iterator[Browser]:
    """A plain Chromium without the guard: it plays the person in front of the practice shop."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    browser = playwright.chromium.launch(executable_path=a_browser, args=arguments)
    yield browser
    browser.close()
