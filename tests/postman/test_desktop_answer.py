"""From an alert in the outbox to a button on the screen and back into the ledger, on a real session bus."""

import sys
from pathlib import Path

import pytest

from notifiers.desktop import DesktopSettings, build
from tests.notifiers.desktop_session import DesktopSession, desktop_session
from tests.notifiers.test_desktop_buttons import TAKE_CARE, until
from tests.postman.test_actions import clock, postman, store, waiting
from tests.support.clock import Clock
from watcher.app.answers import hear_answers
from watcher.postman.listener import ChannelListener
from watcher.storage.store import SqliteStore

__all__ = ["clock", "store"]  # fixtures that tests find here
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="a session bus is a thing of Linux desktops"),
]


def test_a_button_on_the_screen_acknowledges_and_the_answer_is_let_go(
    store: SqliteStore, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    session: DesktopSession
    with desktop_session(tmp_path, "plain") as session:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", session.address)
        folder = tmp_path / "data" / "answers" / "desktop"
        channel = build(DesktopSettings(), app_name="Stornowacht", language="de").answering_in(folder)
        listener = ChannelListener(channels={"desktop": channel})
        postman(store, tmp_path, clock, {"desktop": channel}).hand_over(waiting("desktop"))
        (shown,) = session.shown
        assert shown["actions"][-4:] == ["0", "Ich kümmere mich", "1", "Öffnen"]
        session.tell(f"press 1 {TAKE_CARE}")
        until(lambda: channel.hear(since=None).answers)
        hear_answers(store, listener, channels=["desktop"], clock=clock)
        assert store.cases()[0].acknowledged_at == clock()
        assert list(folder.iterdir()) != [], "it stays until it is known to be remembered"
        hear_answers(store, listener, channels=["desktop"], clock=clock)
        assert list(folder.iterdir()) == []
    kinds = [line.text for line in store.ledger() if '"answer_refused"' in line.text]
    assert kinds == []
