"""The power goes at every named moment of a check, and at random ones, while the daemon is at work as a real process.

One random kill in three meets the daemon alone, and leaves its children to themselves.

How many random moments there are is the environment variable STORNOWACHT_CUTS; 15 without it.
"""

import os
import random
import time
from datetime import UTC, datetime

import psutil
import pytest

from notifiers.letter import REPEAT_HEADER
from tests.e2e.conftest import installed, logged_in, place, shop, template, wheel
from tests.support.crash_points import PowerCut
from tests.support.daemon import wait_for
from watcher.app.verify import verify
from watcher.demo.mailbox import Mailbox
from watcher.storage.store import SqliteStore
from watcher.storage.vault import FileVault

__all__ = ["installed", "logged_in", "place", "shop", "template", "wheel"]  # fixtures that tests find here

MARK = "STORNOWACHT_CUT_IN"
CUTS = int(os.environ.get("STORNOWACHT_CUTS", "15"))
# What a cut costs does not depend on how many threads are opened.
pytestmark = [
    pytest.mark.browser, pytest.mark.slow, pytest.mark.one_sale, pytest.mark.timeout(600 + 20 * CUTS),
]  # fmt: skip

MOMENTS = [
    PowerCut("staging_one_file", within=" check "),
    PowerCut("staging_one_file", after=9, within=" check "),
    PowerCut("capture_staged", within=" check "),
    PowerCut("leftovers_taken_in", within=" check "),
    PowerCut("details_staged", within=" check "),
    PowerCut("pages_seen", within=" check "),
    PowerCut("browser_gone", within=" check "),
    PowerCut("file_written", within=" check "),
    PowerCut("file_named", within=" check "),
    PowerCut("evidence_kept", within=" check "),
    PowerCut("before_commit", within=" check "),
    PowerCut("committed", within=" check "),
    PowerCut("check_remembered", within=" check "),
    PowerCut("staging_dropped", within=" check "),
    PowerCut("names_made", within=" check "),
]
WORDS = """[watch]
hot = "1s"
live = "1s"
quiet = "1s"
[remind]
every = "1h"
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


class Watch:
    """The daemon on one machine, as often as the power comes back."""

    def __init__(self, place, folder):
        self.place, self.folder = place, folder
        self.witness = folder / "witness"

    def start(self, environment=None):
        log = (self.folder / "log").open("ab")
        marked = {**(os.environ if environment is None else environment), MARK: str(self.folder)}
        with log:
            return psutil.Popen(
                self.place.command("run"), stdout=log, stderr=log, start_new_session=True, env=marked
            )

    def until_cut(self, cut):
        """Let the daemon run until the power goes at that point."""
        self.witness.unlink(missing_ok=True)
        daemon = self.start(cut.environment(self.witness))
        daemon.wait(timeout=60)
        assert self.witness.read_text(encoding="utf-8") == cut.point, f"{cut} was never reached"
        self.no_process_is_left()

    def no_process_is_left(self):
        # A check whose daemon alone was killed may go on for 25 seconds, and its browser takes a while to end.
        wait_for(lambda: not self.processes(), seconds=60)

    def processes(self):
        """Whoever the daemon has started, and whom those have: a browser's helpers name no folder, but bear the mark."""
        return [
            process
            for process in psutil.process_iter(["cmdline", "environ"])
            if any(str(self.folder) in part for part in process.info["cmdline"] or ())
            or (process.info["environ"] or {}).get(MARK) == str(self.folder)
        ]

    def checks_ended(self):
        text = (self.folder / "log").read_text(encoding="utf-8")
        return sum('"event": "check_ended"' in line for line in text.splitlines())

    def archive_is_whole(self):
        store = SqliteStore(self.place.storage)
        try:
            assert verify(store, FileVault(self.place.storage)).faults == ()
        finally:
            store.close()


@pytest.fixture
def watch(logged_in, tmp_path, mailbox):
    logged_in.configure(WORDS.format(port=mailbox.port))
    logged_in.shop.happen("friteuse", "BUYER_CANCELLED", at=datetime.now(UTC))
    found = Watch(logged_in, tmp_path)
    yield found
    for process in found.processes():
        process.kill()


def all_is_well_after(watch, mailbox):
    """Let the daemon run in peace, then see what a seller would miss."""
    daemon = watch.start()
    try:
        wait_for(lambda: [mail for mail in mailbox.mails() if "Friteuse" in mail.subject])
        before = watch.checks_ended()
        wait_for(lambda: watch.checks_ended() >= before + 2)
    finally:
        daemon.terminate()
        daemon.wait(timeout=60)
    watch.no_process_is_left()
    (case,) = watch.place.run("cases", "--json").json
    assert case["kind"] == "in_transit"
    told = [
        mail.message
        for mail in mailbox.mails()
        if mail.message["Message-ID"] and "Friteuse" in str(mail.message["Subject"])
    ]
    names = [str(mail["Message-ID"]) for mail in told]
    assert len(set(names)) == 1, "one alert, however often it was sent"
    assert [mail[REPEAT_HEADER] == "yes" for mail in told] == [False, *[True] * (len(told) - 1)]
    verified = watch.place.run("archive", "verify")
    assert verified.code == 0, verified.out
    assert watch.place.run("check").code == 0, "the profile is usable, and its login alive"
    staged = watch.place.storage / "staging" / "main"
    assert not staged.exists() or not list(staged.iterdir())
    assert watch.place.writes() == []


def test_a_power_cut_at_any_named_moment_of_a_check_costs_nothing(watch, mailbox):
    for cut in MOMENTS:
        watch.place.shop.say("friteuse", f"Noch eine Frage: {cut.point} {cut.after}")
        watch.until_cut(cut)
        watch.archive_is_whole()
    all_is_well_after(watch, mailbox)


def test_power_cuts_at_random_moments_cost_nothing(watch, mailbox):
    chance = random.Random(20261126)
    for _ in range(CUTS):
        daemon = watch.start()
        time.sleep(chance.uniform(0.3, 5.0))
        is_alone = chance.random() < 1 / 3
        for process in [daemon, *([] if is_alone else daemon.children(recursive=True))]:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                pass
        daemon.wait(timeout=20)
        if not is_alone:  # otherwise the next daemon meets a check that is still under way
            watch.no_process_is_left()
    all_is_well_after(watch, mailbox)
