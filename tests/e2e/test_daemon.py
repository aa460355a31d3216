"""`stornowacht run` as a real process: stops cleanly, survives being killed, says things once."""

import signal
import subprocess
import time
from datetime import UTC, datetime

import psutil
import pytest

from tests.support.daemon import lines, start, wait_for
from watcher.demo.mailbox import Mailbox

__all__ = ["start"]  # a fixture that tests find here

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(240)]

QUICK = """[watch]
hot = "1h"
live = "1h"
quiet = "1h"
[remind]
every = "{every}"
quiet_hours = ""
[notify.email]
to = "marlene@example.org"
sender = "stornowacht@example.org"
host = "127.0.0.1"
port = {port}
security = "none"
"""


@pytest.fixture
def mailbox(tmp_path):
    box = Mailbox(tmp_path / "mail")
    box.start()
    yield box
    box.stop()


def browsers(folder):
    """Processes, anywhere on the machine, that work on this folder's profile."""
    profiles = str(folder / "data" / "profiles")
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if any(profiles in part for part in process.info["cmdline"] or ())
    ]


def test_a_cancellation_is_mailed_reminded_of_and_after_the_acknowledgement_there_is_silence(
    watched, start, mailbox, tmp_path
):
    watched.configure(QUICK.format(every="3s", port=mailbox.port))
    watched.shop.happen("friteuse", "BUYER_CANCELLED", at=datetime.now(UTC))
    daemon = start()
    first, reminder = wait_for(lambda: mailbox.mails()[1:2] and mailbox.mails())[:2]
    assert "Friteuse" in first.subject
    assert first.subject in reminder.subject
    assert reminder.message["Message-ID"] != first.message["Message-ID"]
    assert reminder.message["References"], "a reminder belongs to its alert's thread"
    pictures = [part for part in first.message.walk() if part.get_content_type() == "image/png"]
    assert pictures[0].get_content()[:4] == b"\x89PNG"

    (case,) = watched.run("cases", "--json").json
    assert watched.run("ack", case["id"]).code == 0
    time.sleep(2)
    count = len(mailbox.mails())
    time.sleep(7)
    assert len(mailbox.mails()) == count, "more than two intervals without a reminder"

    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(timeout=60) == 0
    assert browsers(tmp_path) == []
    assert watched.writes() == []
    assert watched.run("archive", "verify").code == 0


def test_between_two_checks_no_browser_and_no_driver_is_alive(watched, start, tmp_path):
    daemon = start()
    wait_for(lambda: lines(tmp_path, "check_ended"))
    assert daemon.children(recursive=True) == []
    assert browsers(tmp_path) == []


@pytest.mark.one_sale
def test_a_check_that_is_under_way_at_sigterm_is_finished_or_rolled_back(logged_in, start, tmp_path):
    logged_in.shop.delay = 1.0
    daemon = start()
    wait_for(lambda: lines(tmp_path, "check_began"))
    time.sleep(2)
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(timeout=90) == 0
    assert lines(tmp_path, "watch_ended")
    assert browsers(tmp_path) == []
    status = logged_in.run("status", "--json").json["accounts"][0]
    orders = logged_in.run("orders", "--json").json
    assert bool(status["last_check"]) == bool(orders), "all of the check, or nothing of it"
    assert logged_in.run("archive", "verify").code == 0


def test_a_second_daemon_on_the_same_data_says_so_and_leaves(watched, start, tmp_path):
    watched.configure('[watch]\nmode = "passive"')
    start()
    wait_for(lambda: lines(tmp_path, "watch_began"))
    second = subprocess.run(watched.command("run"), check=False, capture_output=True, text=True, timeout=30)
    assert second.returncode == 2
    assert "already watching" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_check_that_cannot_start_its_browser_is_remembered_and_tried_again_later(watched, start, tmp_path):
    watched.configure('[browser]\nexecutable = "/bin/false"\n[watch]\nhot = "1s"\nlive = "1s"\nquiet = "1s"')
    start()
    wait_for(lambda: len(lines(tmp_path, "check_failed")) >= 2)
    account = watched.run("status", "--json").json["accounts"][0]
    assert account["last_outcome"] == "unreachable"
    assert account["next_check_reason"] == "back_off"
