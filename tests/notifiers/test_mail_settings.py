"""What the user may write about e-mail, and what is refused with a reason."""

import ssl
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from notifiers import mail_address
from notifiers.mail_preset import preset_for, presets
from notifiers.mail_server import trust
from notifiers.mail_settings import MailSettings
from tests.support.every import every

PRESET = {"to": "me@example.org", "preset": "gmx", "username": "me@gmx.de", "password": "env:PW"}
HOST = {
    "to": "me@example.org",
    "host": "mail.example.org",
    "username": "me@example.org",
    "password": "env:PW",
}


def _settings(table, **context) -> MailSettings:
    return MailSettings.model_validate(table, context=context or None)


def _mistake(table, **context) -> str:
    with pytest.raises(ValidationError) as caught:
        _settings(table, **context)
    return str(caught.value)


def test_a_preset_brings_host_port_and_encryption():
    server = _settings(PRESET).server

    assert (server.host, server.port, server.security) == ("mail.gmx.net", 465, "ssl")


def test_the_encryption_of_a_preset_can_be_changed_and_the_port_follows():
    server = _settings({**PRESET, "security": "starttls"}).server

    assert (server.host, server.port, server.security) == ("mail.gmx.net", 587, "starttls")


def test_the_port_of_a_preset_can_be_changed_and_the_encryption_follows():
    assert _settings({**PRESET, "port": 587}).server.security == "starttls"


@pytest.mark.parametrize(
    ("said", "port", "security"),
    [
        ({}, 587, "starttls"),
        ({"security": "ssl"}, 465, "ssl"),
        ({"port": 465}, 465, "ssl"),
        ({"port": 2525}, 2525, "starttls"),
        ({"port": 2525, "security": "ssl"}, 2525, "ssl"),
    ],
)
def test_a_host_is_encrypted_unless_told_otherwise(said, port, security):
    server = _settings({**HOST, **said}).server

    assert (server.port, server.security) == (port, security)


@every("security", ["ssl", "starttls", "none"])
def test_certificates_are_judged_whatever_is_said_and_nobody_is_trusted_where_nothing_is_encrypted(security):
    how = trust(_settings({**HOST, "host": "localhost", "security": security}).server)

    assert (how.verify_mode, how.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert security != "none" or how.cert_store_stats()["x509"] == 0


@every("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1", "[::1]", "mail.localhost", "localhost."])
def test_no_encryption_is_fine_on_this_machine(host):
    assert _settings({**HOST, "host": host, "security": "none"}).server.port == 25


@pytest.mark.parametrize(
    "host", ["mail.example.org", "192.168.1.2", "localhost.example.org", "0.0.0.0", "::"]
)
def test_no_encryption_to_another_machine_is_refused_with_the_reason(host):
    mistake = _mistake({**HOST, "host": host, "security": "none"}, language="en")

    assert "read along" in mistake
    assert host in mistake


def test_a_preset_cannot_be_sent_to_in_clear():
    assert "mitlesen" in _mistake({**PRESET, "security": "none"})


@every(
    ("table", "said"),
    [
        ({**PRESET, "host": "mail.example.org"}, "preset und host schließen einander aus"),
        ({"to": "me@example.org"}, "gmx, webde, gmail"),
        ({**PRESET, "preset": "aol"}, "„aol“ kenne ich nicht"),
        ({**PRESET, "password": None}, "es fehlt password"),
        ({**HOST, "username": None}, "es fehlt username"),
        ({"to": "me@example.org", "preset": "gmx"}, "es fehlt username, password"),
        ({**HOST, "username": "me"}, "Es fehlt sender"),
        ({"to": "me@example.org", "host": "localhost"}, "Es fehlt sender"),
        ({**HOST, "to": []}, "at least 1"),
        ({**HOST, "port": 0}, "port"),
        ({**HOST, "timeout": 0}, "timeout"),
        ({**HOST, "security": "tls"}, "security"),
    ],
)
def test_what_does_not_fit_together_is_named(table, said):
    assert said in _mistake(table)


@every(
    "address",
    ["", "me", "me@", "@example.org", "a@b@c", "a b@example.org", "a@example.org, b@example.org", "a@ex\nample.org",
     "a@example.org\r\nBcc: b@example.org", "\u202ea@example.org", "a@example.org\x00", ":;:", "a..b@example.org", "a@-example.org", "a@b c", "<a@example.org"],
)  # fmt: skip
def test_what_is_no_address_is_refused(address):
    assert "keine E-Mail-Adresse" in _mistake({**HOST, "to": address})


@pytest.mark.parametrize("address", ["Jörg Ä <me@example.org>", "jörg@bücher.example"])
def test_unusual_addresses_are_fine(address):
    assert _settings({**HOST, "to": address}).to == (address,)


@settings(deadline=None)
@given(st.text(st.sampled_from('aä.@<>" ,;:()[]\\ß\x00\n='), max_size=20))
def test_no_text_makes_the_check_of_an_address_stumble(text):
    try:
        address = mail_address.parsed(text)
    except ValueError:
        return
    assert mail_address.parsed(address.addr_spec).addr_spec == address.addr_spec


def test_a_domain_that_two_standards_read_differently_is_refused():
    assert "xn--" in _mistake({**HOST, "to": "me@straße.example"})


def test_a_password_in_clear_is_refused_and_not_repeated():
    mistake = _mistake({**HOST, "password": "hunter2"})

    assert "nicht das Passwort selbst" in mistake
    assert "hunter2" not in mistake


def test_relative_paths_count_from_the_folder_in_the_context():
    settings = _settings({**HOST, "password": "file:mail.txt", "ca_file": "ca.pem"}, base=Path("/etc/wacht"))

    assert settings.password == "file:/etc/wacht/mail.txt"
    assert settings.ca_file == Path("/etc/wacht/ca.pem")


def test_every_preset_is_encrypted_and_tells_what_the_provider_needs_and_where_that_was_read():
    for preset in presets().values():
        assert preset.security in {"ssl", "starttls"}
        assert 0 < preset.port < 65536
        assert preset.needs.de
        assert preset.needs.en
        assert "https://" in preset.source
        assert preset.seen.year >= 2026
        assert preset.confidence in {"certain", "likely", "unsure"}


@pytest.mark.parametrize(
    ("address", "name"),
    [("me@gmx.de", "gmx"), ("Me@Web.DE", "webde"), ("me@hotmail.com", "outlook"), ("me@example.org", None)],
)
def test_an_address_tells_its_provider(address, name):
    preset = preset_for(address)

    assert (preset and preset.name) == name
