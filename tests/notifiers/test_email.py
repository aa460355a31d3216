"""The channel e-mail against real servers that behave."""

from dataclasses import replace

import pytest

from notifiers.contract import DeliveryError
from notifiers.email import EmailChannel, build
from notifiers.mail_settings import MailSettings
from tests.notifiers.certificates import authority
from tests.notifiers.mail_host import PASSWORD, USERNAME, mail_host
from tests.notifiers.samples import CANCELLED


def channel(port: int, *, language="de", **settings) -> EmailChannel:
    table = {"to": "me@example.org", "sender": "watch@example.org", "host": "127.0.0.1", "security": "none"}
    model = MailSettings.model_validate({**table, "port": port, "timeout": 5, **settings})
    return build(model, app_name="Stornowacht", language=language)


@pytest.fixture
def password(monkeypatch) -> str:
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)
    return "env:MAIL_PASSWORD"


def test_the_receipt_is_the_last_word_of_the_server():
    with mail_host() as host:
        receipt = channel(host.port).deliver(CANCELLED)

    assert receipt.detail == "250 2.0.0 Ok: queued as 4F2A1"


def test_one_mail_goes_to_all_recipients():
    with mail_host() as host:
        channel(host.port, to=["me@example.org", "Du <you@example.org>"]).deliver(CANCELLED)

    (envelope,) = host.envelopes
    assert envelope.rcpt_tos == ["me@example.org", "you@example.org"]
    assert envelope.mail_from == "watch@example.org"


def test_the_sender_is_the_user_name_unless_said_otherwise(password):
    with mail_host(login=True) as host:
        channel(host.port, sender=None, username=USERNAME, password=password).deliver(CANCELLED)

    assert host.envelopes[0].mail_from == USERNAME
    assert str(host.mails[0]["From"]) == f"Stornowacht <{USERNAME}>"


def test_the_greeting_does_not_tell_the_name_of_this_machine():
    with mail_host() as host:
        channel(host.port).deliver(CANCELLED)

    assert host.greetings == ["[127.0.0.1]"]


@pytest.mark.parametrize("security", ["starttls", "ssl"])
def test_an_encrypted_delivery_with_login_arrives(security, tmp_path, password):
    ca = authority(tmp_path)
    tls = ca.server("127.0.0.1")
    way = {"starttls": tls} if security == "starttls" else {"implicit_tls": tls}
    with mail_host(**way, login=True) as host:
        settings = {"security": security, "ca_file": str(ca.file), "username": USERNAME, "password": password}
        channel(host.port, **settings).deliver(CANCELLED)

    assert host.encrypted == [True]


def test_a_password_of_plain_letters_logs_in_too(monkeypatch):
    monkeypatch.setenv("MAIL_PASSWORD", "plain")
    with mail_host(login=True) as host:
        channel(host.port, username=USERNAME, password="env:MAIL_PASSWORD").deliver(CANCELLED)

    assert len(host.mails) == 1


def test_a_probe_logs_in_and_sends_nothing(password):
    with mail_host(login=True) as host:
        receipt = channel(host.port, username=USERNAME, password=password).probe()

    assert receipt.detail.startswith(f"127.0.0.1:{host.port} 250")
    assert host.commands == ["NOOP"]


def test_a_mail_is_done_when_the_first_recipient_has_it_and_the_receipt_names_the_others():
    with mail_host(answers={"RCPT b@example.org": "550 5.1.1 no such user"}) as host:
        receipt = channel(host.port, to=["a@example.org", "b@example.org"]).deliver(CANCELLED)

    assert receipt.detail.startswith("250 ")
    assert "b@example.org: 550 5.1.1 no such user" in receipt.detail
    assert host.envelopes[0].rcpt_tos == ["a@example.org"]


def test_a_mail_the_first_recipient_does_not_get_still_goes_to_the_others_but_is_an_error():
    with (
        mail_host(answers={"RCPT a@example.org": "450 4.2.0 greylisted"}) as host,
        pytest.raises(DeliveryError) as caught,
    ):
        channel(host.port, to=["a@example.org", "b@example.org"]).deliver(CANCELLED)

    assert host.envelopes[0].rcpt_tos == ["b@example.org"]
    assert not caught.value.permanent
    assert "a@example.org: 450 4.2.0 greylisted" in caught.value.message
    assert "angenommen für b@example.org" in caught.value.message


@pytest.mark.parametrize(("second", "permanent"), [("550 no", True), ("451 later", False)])
def test_a_mail_nobody_gets_is_hopeless_only_if_every_refusal_is(second, permanent):
    answers = {"RCPT a@example.org": "550 no", "RCPT b@example.org": second}
    with mail_host(answers=answers) as host, pytest.raises(DeliveryError) as caught:
        channel(host.port, to=["a@example.org", "b@example.org"]).deliver(CANCELLED)

    assert caught.value.permanent is permanent
    assert "a@example.org" in caught.value.message
    assert "b@example.org" in caught.value.message
    assert "DATA" not in host.commands


def test_a_domain_with_umlauts_is_sent_in_its_ascii_form():
    with mail_host() as host:
        channel(host.port, to="ich@bücher.example").deliver(CANCELLED)

    assert host.envelopes[0].rcpt_tos == ["ich@xn--bcher-kva.example"]
    assert host.mails[0]["To"].addresses[0].addr_spec == "ich@xn--bcher-kva.example"


def test_an_address_with_umlauts_goes_to_a_server_that_can_spell_it():
    with mail_host(smtputf8=True) as host:
        channel(host.port, to="jörg@bücher.example").deliver(CANCELLED)

    assert host.envelopes[0].rcpt_tos == ["jörg@xn--bcher-kva.example"]
    assert "SMTPUTF8" in host.envelopes[0].mail_options


def test_an_address_with_umlauts_is_refused_in_words_by_a_server_that_cannot_spell_it():
    with mail_host() as host, pytest.raises(DeliveryError, match=r"jörg@example\.org") as caught:
        channel(host.port, to="jörg@example.org").deliver(CANCELLED)

    assert caught.value.permanent
    assert "Umlaute" in caught.value.advice


@pytest.mark.slow
def test_a_large_picture_arrives_whole():
    png = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8000
    picture = replace(CANCELLED.pictures[0], png=png)
    with mail_host() as host:
        channel(host.port).deliver(replace(CANCELLED, pictures=(picture,)))

    *_, part = host.mails[0].walk()
    assert part.get_content() == png
