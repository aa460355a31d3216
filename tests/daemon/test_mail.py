"""The mailbox's thread under supervision: it gives signs of life as long as it gets on, and is missed when it does not."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.daemon.running import CONFIG, wait_for
from tests.notifiers.mail_host import drips, scripted_host, unused_port
from watcher.config_file import load
from watcher.daemon.mail import JOB, MailListener
from watcher.daemon.progress import Progress
from watcher.mailbox.watch import Waits

MAILBOX = """[mailbox]
host = "127.0.0.1"
port = {port}
security = "none"
username = "me"
password = "env:MAIL_PASSWORD"
"""
LONGEST = Waits().permanent_pause + 600


@contextmanager
def listening(folder: Path, port: int) -> Iterator[Progress]:
    config = folder / "config.toml"
    text = CONFIG.replace('"passive"', '"mail"') + MAILBOX
    config.write_text(text.format(data=folder / "data", port=port), encoding="utf-8")
    stop, progress = threading.Event(), Progress()
    listener = MailListener(load(config), stop, progress, slowness=600)
    listener.start()
    try:
        yield progress
    finally:
        stop.set()
        listener.wait()


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_PASSWORD", "geheim-42")


def test_a_server_that_is_not_there_keeps_no_thread_from_getting_on(tmp_path: Path) -> None:
    with listening(tmp_path, unused_port()) as progress:
        progress.time_passed(LONGEST - 1)
        wait_for(lambda: _has_got_on(progress))


def test_a_thread_that_stands_still_is_missed_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stand_still(*_settings: object, stop: threading.Event, **_rest: object) -> None:
        stop.wait()

    monkeypatch.setattr("watcher.daemon.mail.watch", stand_still)
    with listening(tmp_path, unused_port()) as progress:
        progress.time_passed(LONGEST + 1)
        late = wait_for(progress.late)
        assert late.job == JOB
        wait_for(lambda: progress.late().thread is not None)


def test_a_server_that_takes_its_time_holds_up_no_ending(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watcher.daemon.mail._LAST_PATIENCE", 0.2)
    with scripted_host(drips(0.05, letters=200)) as port:
        began = time.monotonic()
        with listening(tmp_path, port):
            pass
        assert time.monotonic() - began < 5


def _has_got_on(progress: Progress) -> bool:
    """Whether a sign of life came: what was too long together with a moment before is too long no more."""
    progress.time_passed(2)
    is_late = progress.late() is not None
    progress.time_passed(-2)
    return not is_late
