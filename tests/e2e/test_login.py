"""`stornowacht login`: an ordinary browser window, a human's hands, and one check that tells whether it worked."""

import os
import shutil
import subprocess
import time

import pytest

from fixtures.shop import LOGIN_EMAIL, LOGIN_PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def display(monkeypatch):
    """A screen without a monitor."""
    for program in ("Xvfb", "xdotool"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed (Debian: xvfb, xdotool)")
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x900x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as pipe:
        monkeypatch.setenv("DISPLAY", f":{pipe.readline().strip()}")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    yield
    server.terminate()
    server.wait(timeout=10)


def hands(*arguments: str) -> str:
    done = subprocess.run(["xdotool", *arguments], check=False, capture_output=True, text=True, timeout=30)
    return done.stdout.strip()


def window_titled(title: str) -> str:
    end = time.monotonic() + 40
    while time.monotonic() < end:
        found = hands("search", "--onlyvisible", "--name", title)
        if found:
            return found.splitlines()[0]
        time.sleep(0.3)
    raise AssertionError(f"no window titled {title!r}")


def test_a_human_logs_in_in_an_ordinary_window_and_later_checks_stay_logged_in(place, display):
    program = subprocess.Popen(
        place.command("login"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    window = window_titled("Einloggen")
    time.sleep(1.5)  # the form has the focus once the page is drawn
    hands("windowfocus", window)
    hands("type", "--delay", "20", LOGIN_EMAIL)
    hands("key", "Tab")
    hands("type", "--delay", "20", LOGIN_PASSWORD)
    hands("key", "Return")
    window = window_titled("^Nachrichten")
    time.sleep(1.5)
    hands("windowfocus", window)
    hands("key", "ctrl+w")
    out, err = program.communicate(timeout=90)
    assert program.returncode == 0, (out, err)
    assert "Logged in." in out
    # The login's session cookie has no expiry: it must survive the window and every check.
    assert place.run("check", "--json").json["outcome"] == "ok"
    assert place.run("check", "--json").json["outcome"] == "ok"


def test_a_window_that_is_closed_without_a_login_is_told(place, display):
    program = subprocess.Popen(
        place.command("login"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    window = window_titled("Einloggen")
    time.sleep(1.5)
    hands("windowfocus", window)
    hands("key", "ctrl+w")
    out, _ = program.communicate(timeout=90)
    assert program.returncode == 3
    assert "did not work" in out


def test_without_a_display_login_says_what_to_do(place, monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    result = place.run("login")
    assert result.code == 2
    assert "display" in result.err
