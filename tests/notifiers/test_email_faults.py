"""The channel e-mail against real servers that misbehave: what the user then reads, and whether a retry helps."""

import smtplib
import time
from datetime import UTC, datetime

import pytest

from notifiers import mail_fault
from notifiers.contract import DeliveryError
from notifiers.mail_preset import presets
from notifiers.mail_server import MailServer
from tests.notifiers.certificates import authority
from tests.notifiers.mail_host import (
    USERNAME,
    hears,
    mail_host,
    says,
    scripted_host,
    unused_port,
    waits_for_the_client_to_leave,
)
from tests.notifiers.samples import CANCELLED
from tests.notifiers.test_email import channel

# Greeting, EHLO, MAIL, RCPT, and the server's go-ahead for the mail itself.
_UP_TO_THE_MAIL = (
    says("220 hi"),
    *(step for answer in ("250 hi", "250 ok", "250 ok", "354 go") for step in (hears, says(answer))),
)


def _fault(port: int, *, act: str = "deliver", **settings) -> DeliveryError:
    way = channel(port, **settings)
    with pytest.raises(DeliveryError) as caught:
        way.deliver(CANCELLED) if act == "deliver" else way.probe()
    return caught.value


@pytest.mark.parametrize("act", ["deliver", "probe"])
def test_a_wrong_password_is_permanent_and_names_the_login_but_not_the_password(monkeypatch, act):
    monkeypatch.setenv("MAIL_PASSWORD", "hunter2-wrong")
    with mail_host(login=True) as host:
        fault = _fault(host.port, act=act, username=USERNAME, password="env:MAIL_PASSWORD")

    assert fault.permanent
    assert USERNAME in fault.message
    assert "535" in fault.message
    assert "App-Passwort" in fault.advice
    assert "hunter2" not in fault.diagnostics()


def test_a_login_refused_for_the_moment_is_passing(monkeypatch):
    monkeypatch.setenv("MAIL_PASSWORD", "secret")
    script = (says("220 hi"), hears, says("250-hi\r\n250 AUTH PLAIN"), hears, says("454 4.7.0 try later"))
    with scripted_host(*script, waits_for_the_client_to_leave) as port:
        fault = _fault(port, username=USERNAME, password="env:MAIL_PASSWORD")

    assert not fault.permanent


def test_a_server_without_a_login_by_password_is_permanent(monkeypatch):
    monkeypatch.setenv("MAIL_PASSWORD", "secret")
    with scripted_host(
        says("220 hi"), hears, says("250-hi\r\n250 AUTH XOAUTH2"), waits_for_the_client_to_leave
    ) as port:
        fault = _fault(port, username=USERNAME, password="env:MAIL_PASSWORD")

    assert fault.permanent
    assert "keine Anmeldung mit Passwort" in fault.message


def test_a_missing_password_is_permanent_and_says_where_it_was_sought(monkeypatch):
    monkeypatch.delenv("MAIL_PASSWORD", raising=False)
    with mail_host(login=True) as host:
        fault = _fault(host.port, username=USERNAME, password="env:MAIL_PASSWORD")

    assert fault.permanent
    assert "MAIL_PASSWORD" in fault.message
    assert host.commands == []


@pytest.mark.parametrize("command", ["MAIL", "DATA"])
@pytest.mark.parametrize(("answer", "permanent"), [("451 4.3.0 busy", False), ("554 5.7.1 spam", True)])
def test_a_no_of_4xx_is_passing_and_one_of_5xx_permanent(command, answer, permanent):
    with mail_host(answers={command: answer}) as host:
        fault = _fault(host.port)

    assert fault.permanent is permanent
    assert answer in fault.message
    assert host.mails == []


@pytest.mark.parametrize(("greeting", "permanent"), [("421 too busy", False), ("554 not you", True)])
def test_a_server_that_does_not_let_us_in_is_quoted(greeting, permanent):
    with scripted_host(says(greeting), waits_for_the_client_to_leave) as port:
        fault = _fault(port)

    assert greeting in fault.message
    assert fault.permanent is permanent


def test_a_server_that_says_nothing_is_given_up_in_time_and_is_passing():
    began = time.monotonic()
    with scripted_host(waits_for_the_client_to_leave) as port:
        fault = _fault(port, timeout=0.3)

    assert time.monotonic() - began < 10
    assert not fault.permanent
    assert "antwortet nicht (gewartet: 0.3 s)" in fault.message


def test_a_server_that_hangs_after_the_mail_is_passing_for_nobody_knows_whether_it_took_it():
    with scripted_host(*_UP_TO_THE_MAIL, waits_for_the_client_to_leave) as port:
        fault = _fault(port, timeout=0.3)

    assert not fault.permanent
    assert "antwortet nicht" in fault.message


def test_a_server_that_hangs_up_in_the_middle_of_the_mail_is_passing():
    with scripted_host(*_UP_TO_THE_MAIL) as port:
        fault = _fault(port)

    assert not fault.permanent
    assert "abgebrochen" in fault.message


def test_a_server_that_takes_the_mail_and_never_says_goodbye_is_a_success():
    with scripted_host(*_UP_TO_THE_MAIL, hears, says("250 taken")) as port:
        receipt = channel(port).deliver(CANCELLED)

    assert receipt.detail == "250 taken"


def test_a_port_nobody_listens_on_is_passing():
    fault = _fault(unused_port())

    assert not fault.permanent
    assert "nicht zu erreichen" in fault.message
    assert "host und port" in fault.advice


def test_a_host_that_does_not_exist_is_passing_for_the_network_may_be_down():
    fault = _fault(25, host="mail.stornowacht.invalid", security="starttls")

    assert not fault.permanent
    assert "mail.stornowacht.invalid" in fault.message


@pytest.mark.parametrize("security", ["starttls", "ssl"])
@pytest.mark.parametrize("flaw", ["unknown authority", "other name", "expired"])
def test_a_certificate_that_does_not_hold_is_permanent_and_nothing_is_sent(tmp_path, security, flaw):
    ca = authority(tmp_path)
    trusted = authority(tmp_path, "other") if flaw == "unknown authority" else ca
    name = "mail.example.org" if flaw == "other name" else "127.0.0.1"
    tls = ca.server(name, expires=datetime(2020, 1, 1, tzinfo=UTC) if flaw == "expired" else None)
    way = {"starttls": tls} if security == "starttls" else {"implicit_tls": tls}
    with mail_host(**way) as host:
        fault = _fault(host.port, security=security, ca_file=str(trusted.file))

    assert fault.permanent
    assert "weist sich nicht gültig aus" in fault.message
    assert "ca_file" in fault.advice
    assert host.commands == []


def test_the_authorities_of_the_system_do_not_know_a_certificate_of_our_own(tmp_path):
    with mail_host(implicit_tls=authority(tmp_path).server("127.0.0.1")) as host:
        fault = _fault(host.port, security="ssl")

    assert fault.permanent


def test_ssl_to_a_port_without_it_is_permanent_and_hints_at_the_port():
    with mail_host() as host:
        fault = _fault(host.port, security="ssl")

    assert fault.permanent
    assert "465" in fault.advice


def test_a_server_without_starttls_is_permanent_and_gets_nothing_in_clear():
    with mail_host() as host:
        fault = _fault(host.port, security="starttls")

    assert fault.permanent
    assert "keine Verschlüsselung" in fault.message
    assert fault.message.endswith("server.")
    assert host.commands == []


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_file_of_authorities_that_is_none_is_permanent_and_named(tmp_path, content):
    file = tmp_path / "ca.pem"
    if content:
        file.write_text(content)
    fault = _fault(25, security="ssl", ca_file=str(file))

    assert fault.permanent
    assert str(file) in fault.message


def test_a_reply_cannot_smuggle_control_characters_into_what_the_user_reads():
    with scripted_host(says("554 no \x1b[31m\x07entry"), waits_for_the_client_to_leave) as port:
        fault = _fault(port)

    assert fault.message.isprintable()


def test_a_refused_login_tells_what_the_provider_wants():
    fault = mail_fault.explained(
        smtplib.SMTPAuthenticationError(535, b"5.7.8 no"),
        server=MailServer(host="smtp.gmail.com", port=465, security="ssl", timeout=5, ca_file=None),
        username=USERNAME,
        needs=presets()["gmail"].needs,
        language="en",
    )

    assert fault.permanent
    assert "app password" in fault.advice
