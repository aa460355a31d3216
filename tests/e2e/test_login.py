"""`stornowacht login`: an ordinary browser window, a human's hands, and one check that tells whether it worked."""

import subprocess
import time

import pytest

from fixtures.shop import LOGIN_EMAIL, LOGIN_PASSWORD
from tests.support.screen import display, hands, window_titled

__all__ = ["display"]  # a fixture that tests find here

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.human_acts
@pytest.mark.one_sale
def test_a_human_logs_in_in_an_ordinary_window_and_later_checks_stay_logged_in(place, display):
    program = subprocess.Popen(
        place.command("login"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    # The form has the focus once the page is drawn, which cannot be seen from outside: it is tried until it takes.
    for patience in (1.5, 5, 15):
        hands("windowfocus", window_titled("Einloggen"))
        time.sleep(patience)
        hands("type", "--delay", "20", LOGIN_EMAIL)
        hands("key", "Tab")
        hands("type", "--delay", "20", LOGIN_PASSWORD)
        hands("key", "Return")
        try:
            window = window_titled("^Nachrichten", seconds=15)
            break
        except AssertionError:
            hands("key", "F5")
    else:
        raise AssertionError("the form never took what was typed")
    time.sleep(1.5)
    hands("windowfocus", window)
    hands("key", "ctrl+w")
    out, err = program.communicate(timeout=90)
    assert program.returncode == 0, (out, err)
    assert f"Logged in as {LOGIN_EMAIL}." in out
    # The login's session cookie has no expiry: it must survive the window and every check.
    assert place.run("check", "--json").json["outcome"] == "ok"
    assert place.run("check", "--json").json["outcome"] == "ok"


@pytest.mark.human_acts
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
    assert "did not work yet: the login page came" in out


def test_without_a_display_login_says_what_to_do(place, monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    result = place.run("login")
    assert result.code == 2
    assert "display" in result.err
