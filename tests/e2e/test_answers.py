"""The daemon hears "I take care of it", by push button and by reply."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.mailbox.dovecot import PASSWORD, USERNAME
from tests.mailbox.mails import platform_mail, raw
from tests.notifiers.desktop_session import desktop_session
from tests.notifiers.ntfy_host import ntfy_host
from tests.support.daemon import lines, start, wait_for
from tests.support.mail_server import dovecot
from tests.support.values import ACCOUNT, CASE, ORDER
from watcher.demo.mailbox import Mailbox
from watcher.domain.alert import Alert, AlertKind
from watcher.storage.store import SqliteStore

__all__ = ["dovecot", "start"]  # fixtures that tests find here
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(120)]

CONFIG = """
[watch]
mode = "passive"
[remind]
every = "1h"
quiet_hours = ""
"""
EMAIL = """
[notify.email]
to = "me@example.org"
sender = "me@example.org"
host = "127.0.0.1"
port = {smtp}
security = "none"
[mailbox]
host = "127.0.0.1"
port = {imap}
security = "none"
username = "{username}"
password = "env:TEST_MAILBOX_PASSWORD"
replies = true
"""
NTFY = """
[notify.ntfy]
server = "{server}"
topic = "alerts"
reply_topic = "answers"
"""


def alarm(place, *channels):
    """A case that somebody should take on; its alert waits."""
    now = datetime.now(UTC)
    store = SqliteStore(place.storage)
    with store.writing() as writing:
        writing.save_account(ACCOUNT)
        writing.save_orders([replace(ORDER, last_seen_at=now)])
        steps = tuple(replace(step, due_at=now + timedelta(hours=5)) for step in CASE.steps)
        writing.save_case(replace(CASE, opened_at=now, steps=steps))
        alert = Alert(
            key=f"{CASE.id}/0",
            kind=AlertKind.CASE_OPENED,
            account="main",
            at=now,
            critical=True,
            order=ORDER.id,
            case=CASE.id,
        )
        writing.queue(alert, channels=channels, now=now)
    store.close()


def acknowledged_by(place):
    store = SqliteStore(place.storage)
    try:
        found = re.findall(
            r'"by":"(\w+)".*?"kind":"acknowledged"', "\n".join(line.text for line in store.ledger())
        )
    finally:
        store.close()
    return found


def test_a_button_on_the_phone_reaches_the_daemon(place, start):
    with ntfy_host() as phone:
        place.configure(CONFIG + NTFY.format(server=phone.web.url))
        alarm(place, "ntfy")
        start()
        (push,) = wait_for(lambda: phone.of("alerts"))
        assert acknowledged_by(place) == []
        phone.press(push, push["actions"][0]["label"])
        assert wait_for(lambda: acknowledged_by(place)) == ["ntfy"]
        assert "Friteuse" not in str(push), "strangers may read along"
    (case,) = place.run("cases", "--json").json
    assert case["acknowledged"]


def test_an_acknowledgement_by_another_way_takes_the_notification_off_the_screen(
    place, start, tmp_path, monkeypatch
):
    with desktop_session(tmp_path) as session:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", session.address)
        place.configure(CONFIG + "[notify.desktop]\n")
        alarm(place, "desktop")
        start()
        wait_for(lambda: session.shown)
        assert session.closed == []
        place.run("ack", CASE.id)
        assert wait_for(lambda: session.closed) == [session.shown[0]["id"]]


def test_a_reply_reaches_the_daemon_and_rings_for_no_check(place, start, dovecot, tmp_path, monkeypatch):
    monkeypatch.setenv("TEST_MAILBOX_PASSWORD", PASSWORD)
    imap, smtp = dovecot(), Mailbox(tmp_path / "mail")
    smtp.start()
    try:
        place.configure(CONFIG + EMAIL.format(smtp=smtp.port, imap=imap.port, username=USERNAME))
        start()
        wait_for(lambda: [line for line in lines(tmp_path, "mailbox_health") if line["ok"]])
        alarm(place, "email")
        mail = wait_for(smtp.mails)[0].message
        assert "reply to this mail" in mail.get_body(("plain",)).get_content()
        imap.deliver(mail.as_bytes())
        imap.deliver(platform_mail())
        imap.deliver(reply(mail, "mallory@evil.example", "evil.example", 1))
        wait_for(lambda: lines(tmp_path, "reply_came"))
        assert acknowledged_by(place) == []
        assert place.run("status", "--json").json["refused_answer"]["why"] == "stranger"
        assert "gets no alerts" in place.run("status").out
        imap.deliver(reply(mail, "me@example.org", "example.org", 2))
        assert wait_for(lambda: acknowledged_by(place)) == ["mail"]
    finally:
        smtp.stop()
    assert {path.split("/")[0] for path in imap.files()} == {"new"}, "no mail is marked as seen"
    assert lines(tmp_path, "mail_came") == [], "it is there for replies alone"


def reply(mail, sender, domain, number):
    return raw(
        f"Authentication-Results: mx.example.org; dkim=pass header.d={domain}",
        f"Message-ID: <{number}@{domain}>",
        f"From: {sender}",
        "To: me@example.org",
        f"Subject: Re: {mail['Subject']}",
    )
