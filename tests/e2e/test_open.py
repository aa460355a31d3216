"""`stornowacht open`: a visible window, a human's hands, and what the program makes of what the human opens."""

import subprocess
import time

import pytest

from tests.support.daemon import wait_for
from tests.support.screen import display, hands, window_titled

__all__ = ["display"]  # a fixture that tests find here
pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.human_acts
def test_a_cancellation_that_the_human_sees_is_recorded_and_told(watched, display, tmp_path):
    watched.shop.happen("friteuse", "BUYER_CANCELLED")
    told = tmp_path / "told"
    with told.open("wb") as file:
        program = subprocess.Popen(watched.command("open"), stdout=file, stderr=file)
    window = window_titled("over your shoulder")  # after the guard's proof in a browser that shows itself
    time.sleep(1)
    conversation = watched.shop.deal("friteuse").conversation_id
    visits = len(watched.shop.requests)
    assert visits == 0, "the program itself opens nothing"
    hands("windowfocus", window)
    hands("key", "ctrl+l")
    address = f"{watched.shop.base_url}/m-nachrichten.html?conversationId={conversation}"
    hands("type", "--delay", "5", address)
    hands("key", "Return")
    window = window_titled("^Nachrichten")
    wait_for(lambda: "CANCELLED" in told.read_text(encoding="utf-8"))
    time.sleep(3)  # the page's list has come, too
    hands("windowfocus", window)
    hands("key", "ctrl+w")
    code, out = program.wait(timeout=90), told.read_text(encoding="utf-8")
    assert code == 0, out
    assert "CANCELLED" in out
    assert "2 pages were recorded" in out
    [case] = watched.run("cases", "--json").json
    assert case["kind"] == "in_transit"
    captures = watched.run("archive", "list", case["order"], "--json").json
    assert captures[-1]["path"].endswith(".png")
    assert any("/conversations/read" in write.path for write in watched.shop.writes), (
        "the human's click is real"
    )
