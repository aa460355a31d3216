"""A visit by hand whose browser hangs: nobody else looks at it, so it ends itself."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]
_HANGING = """
import os, sys
from contextlib import contextmanager
from playwright.sync_api import sync_playwright
from watcher.cli import bounded
from watcher.cli.bounded import Bounded, BrowserEndedError
from watcher.texts import language

language.use("en")
bounded._LOOK = float(sys.argv[3])

class Visitor:
    @contextmanager
    def visit(self, account):
        with sync_playwright() as playwright:
            sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
            browser = playwright.chromium.launch(executable_path=sys.argv[1], args=sandbox)
            try:
                yield browser.new_page()
            finally:
                browser.close()

try:
    with Bounded(Visitor(), 10**12, float(sys.argv[2])).visit("main") as page:
        page.evaluate("() => { while (true) {} }")
except BrowserEndedError as error:
    print(error.reason, error.cause.value, error.diagnostics(), sep="\\n")
"""


def _say(browser: Path, seconds: float, look: float) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", _HANGING, str(browser), str(seconds), str(look)],
        check=True,
        capture_output=True,
        text=True,
        timeout=50,  # a driver waits 60 seconds for a browser that goes before it has answered once
    )
    return done.stdout.splitlines()


def test_a_page_that_never_answers_ends_with_its_browser_and_in_words(a_browser):
    said = _say(a_browser, 2.0, 1.0)
    assert said[:2] == ["ended_at_deadline", "took_too_long"]
    assert "longer than a check may last" in said[2]
    assert "doctor" in said[3]


@pytest.mark.parametrize("look", [0.1, 0.9])
def test_a_browser_that_is_still_starting_at_its_deadline_is_ended_too(a_browser, look):
    assert _say(a_browser, 0.0, look)[:2] == ["ended_at_deadline", "took_too_long"]
