"""The browser that tests drive: one per test process, through the one driver that a process can hold."""

import gc
import os
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, Playwright, expect

from watcher.browser.features import features_left_off
from watcher.browser.finder import find_browser
from watcher.errors import BrowserError
from watcher.texts import language

# How many examples a test with made-up values tries, where it does not say so itself; the clock never decides.
settings.register_profile("whole", deadline=None, max_examples=25)
settings.register_profile("quick", settings.get_profile("whole"), max_examples=5)
settings.register_profile("nightly", settings.get_profile("whole"), max_examples=2000)
settings.load_profile("whole")
# Milliseconds. A page that is looked at beside two other tests gets more time to show something than the usual five seconds.
expect.set_options(timeout=20_000)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Spare the garbage collector the walks through thousands of tests and modules, none of which is garbage."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the modules that take longest; those that take no time fill what the last of these leave idle."""
    weight: Counter[Path] = Counter()
    for item in items:
        weight[item.path] += _patience(item)
    items.sort(key=lambda item: -weight[item.path])


def _patience(item: pytest.Item) -> int:
    """Seconds, roughly."""
    long = item.get_closest_marker("timeout")
    if long is not None:
        return int(long.args[0]) // 10
    return 1 if item.get_closest_marker("browser") or item.get_closest_marker("slow") else 0


@pytest.fixture(scope="session")
def a_browser() -> Path:
    try:
        return find_browser(None)
    except BrowserError:
        pytest.skip("no Chromium, Chrome or Edge is installed (`make browser` looks for one)")


@pytest.fixture(scope="session")
def chromium(playwright: Playwright, a_browser: Path) -> Iterator[Browser]:
    """A plain Chromium without the guard: it plays the person in front of the practice shop."""
    # No process in reserve for a page that may come: each page of a test is the last one.
    arguments = ["--renderer-process-limit=1", *features_left_off()]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    browser = playwright.chromium.launch(executable_path=a_browser, args=arguments)
    yield browser
    browser.close()


@pytest.fixture(autouse=True)
def its_own_language() -> None:
    """A test begins in the language of a program that nobody has told another one, whatever was spoken before."""
    language.use("de")
