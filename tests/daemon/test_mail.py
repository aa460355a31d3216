"""The mailbox's thread under supervision: it gives signs of life as long as it gets on, and is missed when it does not."""

import threading
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
        wait_for(lambda: _is_forgiven(progress))


def test_a_thread_that_hears_a_greeting_without_an_end_is_missed_with_its_place(tmp_path: Path) -> None:
    with scripted_host(drips(0.05, letters=40)) as port, listening(tmp_path, port) as progress:
        progress.time_passed(LONGEST + 1)
        late = progress.late()
        assert late is not None
        assert (late.job, late.thread is not None) == (JOB, True)


def _is_forgiven(progress: Progress) -> bool:
    """Whether a sign of life came: a while that is too long together with what was before is none any more."""
    progress.time_passed(0.5)
    return progress.late() is None
