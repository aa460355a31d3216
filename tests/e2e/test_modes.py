"""What makes the daemon look: the clock, a mail of the platform, or nobody."""

import os
import time
from datetime import UTC, datetime, timedelta

import pytest

from tests.mailbox.dovecot import PASSWORD, USERNAME
from tests.mailbox.mails import phishing_mail, platform_mail
from tests.support.daemon import lines, start, wait_for
from tests.support.mail_server import dovecot

__all__ = ["dovecot", "start"]  # fixtures that tests find here
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(180)]

MAILBOX = """
[mailbox]
host = "127.0.0.1"
port = {port}
security = "none"
username = "{username}"
password = "env:TEST_MAILBOX_PASSWORD"
"""


@pytest.fixture
def mailbox(dovecot, monkeypatch):
    monkeypatch.setenv("TEST_MAILBOX_PASSWORD", PASSWORD)
    return dovecot()


def configure(place, mode, mailbox=None):
    more = MAILBOX.format(port=mailbox.port, username=USERNAME) if mailbox else ""
    place.configure(f"[watch]\nmode = {mode}\n{more}")


def listens(tmp_path):
    return [line for line in lines(tmp_path, "mailbox_health") if line["ok"]]


def test_a_mail_of_the_platform_makes_a_check_come_that_sees_the_cancellation(
    watched, mailbox, start, tmp_path
):
    configure(watched, '"mail"', mailbox)
    start()
    wait_for(lambda: listens(tmp_path))
    watched.shop.happen("friteuse", "BUYER_CANCELLED", at=datetime.now(UTC), in_list=False)
    time.sleep(3)
    assert not lines(tmp_path, "check_began"), "the clock brings no check"
    conversation = watched.shop.deal("friteuse").conversation_id
    mailbox.deliver(platform_mail(conversation=conversation))
    wait_for(lambda: lines(tmp_path, "check_ended"))
    [case] = watched.run("cases", "--json").json
    assert case["kind"] == "in_transit"
    assert watched.writes() == []
    assert [path.split("/")[0] for path in mailbox.files()] == ["new"], "no mail is marked as seen"


def test_a_mail_that_only_claims_to_be_the_platforms_is_reported_and_visits_nothing(
    watched, mailbox, start, tmp_path
):
    configure(watched, '"mail"', mailbox)
    start()
    wait_for(lambda: listens(tmp_path))
    mailbox.deliver(phishing_mail())
    wait_for(lambda: lines(tmp_path, "mail_came"))
    time.sleep(2)
    assert not lines(tmp_path, "check_began")
    assert watched.shop.requests == []


def test_a_mailbox_that_refuses_is_told_in_status_and_stops_nothing(watched, mailbox, start, tmp_path):
    os.environ["TEST_MAILBOX_PASSWORD"] = "wrong"
    configure(watched, '["scheduled", "mail"]', mailbox)
    watched.make_due(timedelta(hours=1))
    start()
    trouble = wait_for(lambda: watched.run("status", "--json").json["mailbox_trouble"], pause=1)
    assert "refused the login" in trouble
    assert "not watched" in watched.run("status").out


def test_a_passive_daemon_visits_nothing(watched, start, tmp_path):
    configure(watched, '"passive"')
    start()
    wait_for(lambda: lines(tmp_path, "watch_began"))
    time.sleep(3)
    assert watched.shop.requests == []
