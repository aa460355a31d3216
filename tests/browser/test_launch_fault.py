"""What is said where a browser does not start: the reason, and never what a browser says on any machine."""

from pathlib import Path

import pytest
from playwright.sync_api import Error
from playwright.sync_api import TimeoutError as NotInTimeError

from watcher.browser.launch_fault import launch_fault
from watcher.texts import language

BUS = "[pid=7][err] [7:8:1126/231128.762788:ERROR:dbus/bus.cc:405] Failed to connect to the bus: no such file"
CLOSED = "BrowserType.launch_persistent_context: Target page, context or browser has been closed"


@pytest.fixture(autouse=True)
def english():
    language.use("en")


def said(error: Error) -> str:
    return launch_fault(error, browser=Path("/usr/bin/chromium"), profile=Path("/data/main")).diagnostics()


def test_one_that_ends_while_it_starts_is_not_put_down_to_the_bus():
    assert said(Error(f"{CLOSED}\nBrowser logs:\n{BUS}\n{BUS}")).startswith(
        f"/usr/bin/chromium did not start: {CLOSED}"
    )


def test_the_browsers_own_reason_is_told():
    root = "[7:7:1126/1.2:ERROR:zygote_host_impl_linux.cc:101] Running as root without --no-sandbox is not supported."
    assert "without --no-sandbox" in said(Error(f"{CLOSED}\n{BUS}\n{root}"))


def test_one_that_never_gets_ready_is_worth_another_try():
    words = said(NotInTimeError(f"BrowserType.launch_persistent_context: Timeout 60000ms exceeded.\n{BUS}"))
    assert words.startswith("/usr/bin/chromium did not get ready in time.\nTry again.")
    assert "bus" not in words
