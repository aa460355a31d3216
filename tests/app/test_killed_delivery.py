"""SIGKILL at each step of a delivery, with real processes and a real mail server: no alert is lost, repeats say so.

How often each point is tried is the environment variable STORNOWACHT_KILLS; once without it.
"""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from notifiers.letter import REPEAT_HEADER
from tests.notifiers.mail_host import MailHost, mail_host
from tests.support.clock import NOON
from tests.support.killed_delivery import AT_THE_SERVER, HERE, postman_of
from tests.support.values import alert
from watcher.app.deliver import LEASE, deliver_due
from watcher.storage.store import SqliteStore

ROOT = Path(__file__).parents[2]
KEYS = ("first", "second", "third")
COMMANDS = {"sender_named": "MAIL", "recipient_named": "RCPT", "mail_taken": "DATA"}
KILLS = int(os.environ.get("STORNOWACHT_KILLS", "1"))
MAY_REPEAT = {"mail_taken", "alert_handed_over", "in_mark", "mark_before_commit"}
"""From the moment at which the server has the mail until the mark is durable."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is of POSIX"),
]


def folder_with_alerts(folder: Path) -> Path:
    store = SqliteStore(folder)
    with store.writing() as writing:
        for key in KEYS:
            writing.queue(alert(key), channels=["email"], now=NOON)
    store.close()
    return folder


def run_and_kill(folder: Path, host: MailHost, point: str, *, after: int) -> int:
    """Deliver in a process that dies at the point, after it has come past it unharmed `after` times."""
    command = [sys.executable, "-m", "tests.support.killed_delivery", str(folder), str(host.port)]
    process = subprocess.Popen([*command, point, str(after)], cwd=ROOT)
    if point in COMMANDS:
        host.commands = _Fatal(COMMANDS[point], after, lambda: os.kill(process.pid, signal.SIGKILL))
    code = process.wait(timeout=60)
    host.commands = []
    return code


class _Fatal(list[str]):
    """A list of commands that kills the client when one of them has come once too often."""

    def __init__(self, command: str, after: int, kill: Callable[[], None]) -> None:
        super().__init__()
        self._command, self._left, self._kill = command, after, kill

    def append(self, command: str) -> None:
        super().append(command)
        if command.startswith(self._command):
            if self._left == 0:
                self._kill()
            self._left -= 1


def deliver_the_rest(folder: Path, host: MailHost) -> None:
    store = SqliteStore(folder)
    try:
        deliver_due(
            store, postman_of(store, folder, host.port), clock=lambda: NOON + timedelta(minutes=2) + LEASE
        )
        assert all(entry.sent_at for entry in store.outbox())
    finally:
        store.close()


def names(mails: list[EmailMessage]) -> Counter[str]:
    return Counter(str(mail["Message-ID"]) for mail in mails)


def says_repeat(mail: EmailMessage) -> bool:
    return mail[REPEAT_HEADER] == "yes"


@pytest.mark.parametrize("point", [*HERE, *AT_THE_SERVER] * KILLS)
def test_no_alert_is_lost_and_a_repeat_says_that_it_is_one(tmp_path: Path, point: str) -> None:
    after = 0 if point == "begun" else 1  # in the middle of the work: one alert is done, one is waiting
    folder = folder_with_alerts(tmp_path / "data")
    with mail_host() as host:
        code = run_and_kill(folder, host, point, after=after)
        assert code == -signal.SIGKILL
        before = len(host.mails)
        deliver_the_rest(folder, host)
        mails = host.mails
    arrived = names(mails)
    assert len(arrived) == len(KEYS)
    twice = [name for name, count in arrived.items() if count > 1]
    assert len(mails) == len(KEYS) + len(twice)
    assert len(twice) == (1 if point in MAY_REPEAT else 0)
    for name in twice:
        first, second = (mail for mail in mails if mail["Message-ID"] == name)
        assert (says_repeat(first), says_repeat(second)) == (False, True)
    assert not any(says_repeat(mail) for mail in mails[:before])
