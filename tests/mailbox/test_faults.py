"""What stands between the watch and its mailbox: told once, in words that help, and never tried in a hurry."""

import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.mailbox.dovecot import Dovecot
from tests.mailbox.mails import CONVERSATION, platform_mail
from tests.mailbox.watching import QUICK, watching
from tests.notifiers.certificates import authority
from tests.notifiers.mail_host import (
    Step,
    drips,
    hears,
    says,
    scripted_host,
    unused_port,
    waits_for_the_client_to_leave,
)
from tests.support.mail_server import Start
from watcher.mailbox.fault import Trouble
from watcher.mailbox.server import MailboxSettings, Security
from watcher.mailbox.trial import try_once
from watcher.texts.language import use

pytestmark = pytest.mark.slow  # a real mail server has its own pace

HELLO = says("* OK hi")
HANDSHAKE = b"\x16\x03\x03\x40\x00"
"""How a part of TLS's handshake begins: that so and so many bytes come."""


def answers_with(text: str) -> Step:
    """Gives an answer under the tag it was asked with."""

    def step(connection: socket.socket) -> None:
        tag = connection.recv(65536).split(b" ", 1)[0]
        kind = text.split(" ", 1)[0]
        lines = [text] if kind in {"OK", "NO", "BAD"} else [f"* {text}", "OK done"]
        *before, last = lines
        for line in before:
            connection.sendall(line.encode() + b"\r\n")
        connection.sendall(tag + b" " + last.encode() + b"\r\n")

    return step


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    use("en")
    yield
    use("de")


def at(port: int, **changes: object) -> MailboxSettings:
    settings = MailboxSettings(
        host="127.0.0.1", port=port, security="none", username="me", password="geheim-42", timeout=1.0
    )
    return replace(settings, **changes)  # type: ignore[arg-type]


def test_a_mailbox_that_can_be_watched_has_no_trouble(mailbox: Dovecot) -> None:
    assert try_once(mailbox.settings()).ok


def test_a_wrong_password_is_told_at_once_and_not_tried_again_soon(mailbox: Dovecot) -> None:
    settings = mailbox.settings(password="falsch-4711")
    with watching(settings, ready=False) as told:
        told.until_health("login_refused")
        time.sleep(0.5)
    [health] = told.healths
    assert health.trouble is not None
    assert health.trouble.is_permanent
    assert "me@example.org" in health.message
    assert "app password" in health.advice
    assert "falsch-4711" not in health.message + health.advice + repr(settings)
    assert mailbox.log().count("auth failed") <= 1


def test_a_missing_folder_is_named(mailbox: Dovecot) -> None:
    health = try_once(mailbox.settings(folder="Nicht da"))
    assert health.trouble is Trouble.FOLDER_MISSING
    assert "Nicht da" in health.message


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_of_a_known_authority_is_trusted(
    dovecot: Start, tmp_path: Path, security: Security
) -> None:
    ca = authority(tmp_path)
    server = dovecot(authority=ca)
    port = server.tls_port if security == "tls" else server.port
    settings = server.settings(host="localhost", port=port, security=security, ca_file=ca.file)
    with watching(settings) as told:
        time.sleep(QUICK.first_idle + 0.2)  # from now on only an announcement can wake it
        server.deliver(platform_mail())
        assert told.next_mail().conversation == CONVERSATION


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("flaw", ["unknown authority", "other name"])
def test_a_certificate_that_does_not_hold_gets_no_password(
    dovecot: Start, tmp_path: Path, security: Security, flaw: str
) -> None:
    ca = authority(tmp_path)
    server = dovecot(
        authority=ca, certified_for="localhost" if flaw == "unknown authority" else "other.example"
    )
    trusted = authority(tmp_path, "other") if flaw == "unknown authority" else ca
    port = server.tls_port if security == "tls" else server.port
    health = try_once(server.settings(host="localhost", port=port, security=security, ca_file=trusted.file))
    assert health.trouble is Trouble.CERTIFICATE
    assert health.trouble.is_permanent
    assert "Login:" not in server.log()


def test_a_server_without_encryption_gets_no_password(mailbox: Dovecot) -> None:
    assert try_once(mailbox.settings(security="starttls")).trouble is Trouble.NO_TLS
    assert try_once(mailbox.settings(security="tls")).trouble is Trouble.NO_TLS
    assert "Login:" not in mailbox.log()


def test_without_encryption_nobody_but_this_machine_is_spoken_to() -> None:
    assert try_once(at(143, host="imap.example.org")).trouble is Trouble.NO_TLS
    assert try_once(at(143, host="192.0.2.1")).trouble is Trouble.NO_TLS


def test_nobody_there_is_passing() -> None:
    health = try_once(at(unused_port()))
    assert health.trouble is Trouble.UNREACHABLE
    assert not health.trouble.is_permanent


def test_an_unknown_host_is_passing() -> None:
    health = try_once(at(993, host="imap.invalid", security="tls"))
    assert health.trouble in {Trouble.HOST_UNKNOWN, Trouble.UNREACHABLE}
    assert "imap.invalid" in health.message


def test_a_server_that_says_nothing_is_passing() -> None:
    with scripted_host(waits_for_the_client_to_leave) as port:
        assert try_once(at(port)).trouble is Trouble.SILENT


@pytest.mark.parametrize("before", [(), (HELLO, hears)], ids=["greeting", "answer"])
def test_a_server_that_drips_what_it_says_is_left_after_a_while(before: tuple[Step, ...]) -> None:
    with scripted_host(*before, drips(0.1, letters=100)) as port:
        began = time.monotonic()
        assert try_once(at(port, timeout=0.3)).trouble is Trouble.SILENT
        assert time.monotonic() - began > 1.5, "slowness alone is none"


@pytest.mark.parametrize(
    ("security", "before"),
    [
        ("tls", [hears]),
        ("starttls", [HELLO, answers_with("CAPABILITY IMAP4rev1 STARTTLS"), answers_with("OK begin"), hears]),
    ],
)
def test_a_server_that_drips_its_part_of_a_handshake_is_left_as_well(
    security: Security, before: list[Step]
) -> None:
    with scripted_host(*before, drips(0.1, letters=100, begins=HANDSHAKE)) as port:
        assert try_once(at(port, timeout=0.3, security=security)).trouble is Trouble.SILENT


@pytest.mark.parametrize(
    "greeting", ["* BYE too many connections", "HTTP/1.1 400 Bad Request", "\x00\xff", "* OK", "* PREAUTH x"]
)
def test_a_server_that_speaks_in_tongues_is_passing(greeting: str) -> None:
    with scripted_host(says(greeting)) as port:
        health = try_once(at(port))
    assert health.trouble is not None
    assert not health.trouble.is_permanent


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        ("NO [UNAVAILABLE] the directory sleeps", Trouble.NOT_NOW),
        ("NO Too many simultaneous connections", Trouble.NOT_NOW),
        ("NO [AUTHENTICATIONFAILED] you typed geheim-42", Trouble.LOGIN_REFUSED),
        ("BAD what", Trouble.LOGIN_REFUSED),
    ],
)
def test_a_no_that_passes_is_told_from_one_that_does_not(answer: str, trouble: Trouble) -> None:
    with scripted_imap("CAPABILITY IMAP4rev1", answer) as port:
        health = try_once(at(port))
    assert health.trouble is trouble
    assert "geheim-42" not in health.message


def test_lasting_trouble_is_told_once_and_tried_ever_less_often() -> None:
    waits = replace(QUICK, first_pause=0.2, longest_pause=600.0)
    with watching(at(unused_port()), waits=waits, ready=False) as told:
        told.until_health("unreachable")
        time.sleep(0.7)
    assert told.troubles == ["unreachable"]


def scripted_imap(*answers: str):
    """A server that gives these answers, each under the tag it was asked with."""
    return scripted_host(HELLO, *map(answers_with, answers), waits_for_the_client_to_leave)
