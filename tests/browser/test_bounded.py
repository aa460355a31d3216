"""A visit by hand whose browser hangs: nobody else looks at it, so it ends itself."""

import subprocess
import sys

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]
_HANGING = """
import os, sys
from contextlib import contextmanager
from playwright.sync_api import sync_playwright
from watcher.cli.bounded import Bounded, BrowserEndedError
from watcher.texts import language

language.use("en")

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
    with Bounded(Visitor(), 10**12, 1.0).visit("main") as page:
        page.evaluate("() => { while (true) {} }")
except BrowserEndedError as error:
    print(error.reason, error.cause.value, error.diagnostics(), sep="\\n")
"""


def test_a_page_that_never_answers_ends_with_its_browser_and_in_words(a_browser):
    done = subprocess.run(
        [sys.executable, "-c", _HANGING, str(a_browser)],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    said = done.stdout.splitlines()
    assert said[:2] == ["ended_at_deadline", "took_too_long"]
    assert "longer than a check may last" in said[2]
    assert "doctor" in said[3]
    assert done.stderr == ""
