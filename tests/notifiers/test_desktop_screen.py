"""Debian's notification daemon on a screen without a monitor: the buttons are drawn, and a mouse presses them."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from notifiers.contract import DeliveryError
from notifiers.desktop import DesktopChannel, DesktopSettings, build
from tests.notifiers.desktop_session import desktop_session
from tests.notifiers.samples import TOKEN
from tests.notifiers.test_desktop_buttons import ADDRESS, MESSAGE, until, visited
from tests.support.screen import display, hands, window_titled

__all__ = ["display", "visited"]

pytestmark = pytest.mark.slow

_DAEMONS = ("/usr/lib/notification-daemon/notification-daemon", "/usr/libexec/notification-daemon")
_TITLE = "^Notification$"
_STEP = 24  # pixels; narrower than any button
_ROWS = (40, 30, 50)  # pixels above the lower edge: where this daemon draws its buttons


@pytest.fixture
def desktop(display, tmp_path, monkeypatch) -> Iterator[None]:
    daemon = next((path for path in _DAEMONS if Path(path).is_file()), None)
    if daemon is None:
        pytest.skip("notification-daemon is not installed (Debian: notification-daemon)")
    with desktop_session(tmp_path, "absent") as session:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", session.address)
        monkeypatch.setenv("NO_AT_BRIDGE", "1")
        with subprocess.Popen([daemon], stderr=subprocess.DEVNULL, env=dict(os.environ)) as process:
            try:
                yield
            finally:
                process.terminate()


@pytest.fixture
def channel(desktop, tmp_path) -> DesktopChannel:
    """The channel, once the desktop is there."""
    settings = DesktopSettings()
    channel = build(settings, app_name="Stornowacht", language="de").answering_in(tmp_path / "answers")
    end = time.monotonic() + 20
    while True:
        try:
            assert channel.probe().detail.startswith("Notification Daemon")
        except DeliveryError:
            assert time.monotonic() < end, "the notification daemon did not come up"
            time.sleep(0.1)
        else:
            return channel


def _places(window: str) -> Iterator[tuple[int, int]]:
    """Where buttons may be, from the right, where the last one is."""
    lines = hands("getwindowgeometry", "--shell", window).splitlines()
    geometry = dict(line.split("=", 1) for line in lines)
    for row in _ROWS:
        for x in range(int(geometry["WIDTH"]) - 40, 40, -_STEP):
            yield x, int(geometry["HEIGHT"]) - row


def _press_until(is_done: Callable[[], object], channel: DesktopChannel) -> None:
    channel.deliver(MESSAGE)
    for x, y in _places(window_titled(_TITLE)):
        if not hands("search", "--onlyvisible", "--name", _TITLE):
            channel.deliver(MESSAGE)  # a click beside the buttons dismisses
        hands("mousemove", "--window", window_titled(_TITLE), str(x), str(y), "click", "1")
        time.sleep(0.2)
        if is_done():
            return


def test_the_button_that_answers_is_drawn_and_a_mouse_presses_it(channel):
    _press_until(lambda: channel.hear(since=None).answers, channel)

    (answer,) = channel.hear(since=None).answers
    assert answer.token == TOKEN
    until(lambda: not hands("search", "--onlyvisible", "--name", _TITLE))


def test_the_button_that_opens_is_drawn_and_a_mouse_presses_it(channel, visited):
    _press_until(visited.read_text, channel)

    assert set(visited.read_text().split()) == {ADDRESS}
