"""Mails of carriers in the watched mailbox: read where their sender is theirs, and left as they lie."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from tests.mailbox.dovecot import Dovecot
from tests.mailbox.mails import NUMBER, carrier_mail, other_mail, phishing_mail, platform_mail
from tests.mailbox.watching import watching
from watcher.bootstrap import carrier_domains
from watcher.errors import StorageError
from watcher.mailbox.server import MailboxSettings

pytestmark = pytest.mark.slow  # a real mail server has its own pace


def settings(mailbox: Dovecot) -> MailboxSettings:
    return mailbox.settings(carriers={**carrier_domains(), "paketdienst.example": None})


def test_a_mail_of_a_carrier_is_read_and_left_unseen(mailbox: Dovecot) -> None:
    with watching(settings(mailbox)) as told:
        mailbox.deliver(carrier_mail())
        mail = told.next_carrier_mail()
        assert told.says_nothing(0.2), "it rings for no check"
    assert (mail.carrier, mail.subject) == ("dhl", "Ihr DHL Paket wurde zugestellt")
    assert NUMBER in mail.text
    assert datetime.now(UTC) - timedelta(minutes=1) < mail.at <= datetime.now(UTC)
    assert [path.split("/")[0] for path in mailbox.files()] == ["new"], "no mail is marked as seen"
    assert told.place is not None
    assert told.place.uid == 1


def test_what_it_says_never_stands_in_a_log(mailbox: Dovecot) -> None:
    with watching(settings(mailbox)) as told:
        mailbox.deliver(carrier_mail())
        assert NUMBER not in repr(told.next_carrier_mail())


def test_a_subject_and_a_text_are_decoded(mailbox: Dovecot) -> None:
    html = (
        base64.encodebytes(f"<p>F&uuml;r dich: <b>{NUMBER}</b></p>".encode()).decode().replace("\n", "\r\n")
    )
    with watching(settings(mailbox)) as told:
        mailbox.deliver(
            carrier_mail(
                subject="=?utf-8?q?F=C3=BCr_dich?=",
                more=("Content-Type: text/html; charset=utf-8", "Content-Transfer-Encoding: base64"),
                text=html,
            )
        )
        mail = told.next_carrier_mail()
    assert mail.subject == "Für dich"
    assert f"Für dich: {NUMBER}" in mail.text


@pytest.mark.parametrize(
    ("sender", "domain", "carrier"),
    [
        ("DHL <zustellung@mail.dhl.de>", "dhl.de", "dhl"),
        ("Hermes <noreply@paketankuendigung.myhermes.de>", "paketankuendigung.myhermes.de", "hermes"),
        ("DPD <noreply@service.dpd.de>", "service.dpd.de", "dpd"),
        ("GLS <no-reply@gls-pakete.de>", "gls-pakete.de", "gls"),
        ("UPS <pkginfo@ups.com>", "ups.com", "ups"),
        ("Bote <info@paketdienst.example>", "paketdienst.example", None),
    ],
)
def test_each_carrier_is_known_by_its_domain(
    mailbox: Dovecot, sender: str, domain: str, carrier: str | None
) -> None:
    with watching(settings(mailbox)) as told:
        mailbox.deliver(carrier_mail(sender=sender, results=[f"mx.example.org; dkim=pass header.d={domain}"]))
        assert told.next_carrier_mail().carrier == carrier


@pytest.mark.parametrize(
    "mail",
    [
        carrier_mail(results=["mx.example.org; dkim=fail header.d=dhl.de"]),
        carrier_mail(results=["mx.example.org; dkim=pass header.d=evil.example"]),
        carrier_mail(results=["mx.example.org; dkim=pass header.d=ups.com"]),
        carrier_mail(results=["mx.example.org; spf=pass smtp.mailfrom=dhl.de"]),
        carrier_mail(results=[]),
        carrier_mail(sender="DHL Paket <noreply@dhl.de.evil.example>"),
        carrier_mail(sender="DHL Paket <noreply@evil-dhl.de>"),
        carrier_mail(sender="noreply@dhl.de <x@evil.example>"),
        carrier_mail(sender="a <noreply@dhl.de>, b <x@evil.example>"),
        carrier_mail(more=["From: x <x@evil.example>"]),
    ],
    ids=[
        "failed",
        "foreign",
        "another carriers",
        "spf alone",
        "unchecked",
        "below",
        "similar",
        "name",
        "two",
        "twice",
    ],
)
def test_a_mail_that_only_claims_to_be_a_carriers_changes_nothing(mailbox: Dovecot, mail: bytes) -> None:
    with watching(settings(mailbox)) as told:
        mailbox.deliver(mail)
        mailbox.deliver(carrier_mail(2, subject="die echte"))
        assert told.next_carrier_mail().subject == "die echte"
        assert told.says_nothing(0.1)
        assert told.carrier_mails.empty()


def test_the_platforms_mails_ring_as_before_and_everybody_elses_are_left_alone(mailbox: Dovecot) -> None:
    with watching(settings(mailbox)) as told:
        for mail in (other_mail(), phishing_mail(), carrier_mail(), platform_mail()):
            mailbox.deliver(mail)
        assert [told.next_mail().verdict.value for _ in range(2)] == ["suspicious", "trusted"]
        told.next_carrier_mail()
        assert told.carrier_mails.empty()


def test_without_carriers_nobody_elses_mail_is_opened(mailbox: Dovecot) -> None:
    with watching(mailbox.settings()) as told:
        mailbox.deliver(carrier_mail())
        mailbox.deliver(platform_mail())
        told.next_mail()
        assert told.carrier_mails.empty()


def test_a_mail_that_could_not_be_remembered_comes_again(mailbox: Dovecot) -> None:
    with watching(settings(mailbox)) as told:
        told.fault = StorageError("the disk is full")
        mailbox.deliver(carrier_mail())
        assert told.next_carrier_mail().carrier == "dhl"
