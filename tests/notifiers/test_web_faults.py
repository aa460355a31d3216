"""Web servers that misbehave: what the user then reads, and whether a retry helps."""

import ssl
import time
from datetime import UTC, datetime, timedelta

import pytest

from notifiers.contract import DeliveryError
from notifiers.web_server import REPLY_LIMIT, Reply, WebServer, exchange
from tests.notifiers.certificates import authority
from tests.notifiers.mail_host import hears, says, scripted_host, unused_port, waits_for_the_client_to_leave
from tests.notifiers.samples import CANCELLED, KEY
from tests.notifiers.test_webhook import channel
from tests.notifiers.web_host import Response, web_host
from tests.support.every import every


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv("WEBHOOK_KEY", KEY)


def _fault(url: str, **settings) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        channel(url, **settings).deliver(CANCELLED)
    return caught.value


def _url(port: int, scheme: str = "http") -> str:
    return f"{scheme}://127.0.0.1:{port}/hook"


@every(
    ("status", "permanent", "said"),
    [
        (400, True, "lehnt ab: 400"),
        (401, True, "lehnt die Anmeldung ab: 401"),
        (403, True, "erlaubt das nicht: 403"),
        (404, True, "Unter dieser Adresse nimmt der Server"),
        (405, True, "lehnt ab: 405"),
        (408, False, "lehnt ab: 408"),
        (410, True, "nicht mehr: 410"),
        (413, True, "zu groß: 413"),
        (425, False, "lehnt ab: 425"),
        (429, False, "nimmt gerade nicht mehr an: 429"),
        (500, False, "hat eine Störung: 500"),
        (502, False, "hat eine Störung: 502"),
        (503, False, "hat eine Störung: 503"),
        (507, False, "hat eine Störung: 507"),
        (999, False, "hat eine Störung: 999"),
    ],
)
def test_every_no_is_told_with_its_number_and_whether_patience_helps(status, permanent, said):
    with web_host(lambda _: Response(status, b"<html>secret words</html>")) as host:
        fault = _fault(host.url)

    assert fault.permanent is permanent
    assert said in fault.message
    assert f"127.0.0.1:{host.port}" in fault.message
    assert fault.advice
    assert "secret words" not in fault.diagnostics()


@every("status", [300, 301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_and_is_permanent(status):
    with (
        web_host(lambda _: Response(200)) as elsewhere,
        web_host(lambda _: Response(status, headers={"Location": f"{elsewhere.url}/?token=hunter2"})) as host,
    ):
        fault = _fault(host.url)

    assert fault.permanent
    assert f"weiter nach {elsewhere.url};" in fault.message
    assert "hunter2" not in fault.diagnostics()
    assert elsewhere.requests == []


@pytest.mark.parametrize("location", ["", "/login", "https://[", "\x1b[31m"])
def test_a_redirect_to_nowhere_is_told_all_the_same(location):
    with web_host(lambda _: Response(302, headers={"Location": location})) as host:
        fault = _fault(host.url)

    assert fault.permanent
    assert fault.message.isprintable()


@every(
    ("header", "wait"),
    [
        ("120", timedelta(seconds=120)),
        ("0", timedelta()),
        ("99999999999999", timedelta(days=1)),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
        ("-5", None),
        ("٣", None),
        ("", None),
    ],
)
def test_how_long_a_server_wants_to_be_left_alone_is_kept(header, wait):
    encoded = header.encode().decode("latin-1")
    with web_host(lambda _: Response(429, headers={"Retry-After": encoded})) as host:
        fault = _fault(host.url)

    assert fault.retry_after == wait


def test_a_port_nobody_listens_on_is_passing():
    fault = _fault(_url(unused_port()))

    assert not fault.permanent
    assert "nicht zu erreichen" in fault.message


def test_a_host_that_does_not_exist_is_passing_for_the_network_may_be_down():
    fault = _fault("https://hook.stornowacht.invalid/")

    assert not fault.permanent
    assert "hook.stornowacht.invalid" in fault.message


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_server_that_says_nothing_is_given_up_in_time_and_is_passing(scheme):
    began = time.monotonic()
    with scripted_host(waits_for_the_client_to_leave) as port:
        fault = _fault(_url(port, scheme), timeout=0.3)

    assert time.monotonic() - began < 5
    assert not fault.permanent
    assert "antwortet nicht (gewartet: 0.3 s)" in fault.message


def test_a_server_that_says_one_byte_after_the_other_is_given_up_in_time_too():
    def drips(connection) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        for _ in range(200):
            connection.sendall(b"a")
            time.sleep(0.05)

    with scripted_host(hears, drips) as port:
        fault = _fault(_url(port), timeout=0.4)

    assert "antwortet nicht" in fault.message


@pytest.mark.parametrize(
    "script",
    [(), (hears,), (hears, says("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"))],
    ids=["at once", "before it answers", "within its answer"],
)
def test_a_server_that_hangs_up_is_passing(script):
    with scripted_host(*script) as port:
        fault = _fault(_url(port))

    assert not fault.permanent
    assert "abgebrochen" in fault.message


def test_a_server_that_refuses_before_it_has_read_all_is_understood_all_the_same():
    no = says("HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\nConnection: close\r\n")
    big = Reply(status=413, headers={"content-length": "0", "connection": "close"}, body=b"")
    with scripted_host(no, waits_for_the_client_to_leave) as port:
        server = WebServer.of(_url(port), timeout=5, ca_file=None)

        assert exchange(server, "POST", "/", headers={}, body=b"x" * 10_000_000) == big


@pytest.mark.parametrize("words", ["220 mail.example.org ESMTP", "\x00\x01\x02", "HTTP/9.9 banana"])
def test_what_is_no_web_server_is_told_so(words):
    with scripted_host(hears, says(words)) as port:
        fault = _fault(_url(port))

    assert not fault.permanent
    assert "kein Webserver" in fault.message
    assert fault.message.isprintable()


@pytest.mark.parametrize("flaw", ["unknown authority", "other name", "expired"])
def test_a_certificate_that_does_not_hold_is_permanent_and_nothing_is_sent(tmp_path, flaw):
    ca = authority(tmp_path)
    trusted = authority(tmp_path, "other") if flaw == "unknown authority" else ca
    name = "hook.example.org" if flaw == "other name" else "127.0.0.1"
    tls = ca.server(name, expires=datetime(2020, 1, 1, tzinfo=UTC) if flaw == "expired" else None)
    with web_host(lambda _: Response(), tls=tls) as host:
        fault = _fault(host.url, ca_file=str(trusted.file))

    assert fault.permanent
    assert "weist sich nicht gültig aus" in fault.message
    assert "ca_file" in fault.advice
    assert host.requests == []


def test_the_authorities_of_the_system_do_not_know_a_certificate_of_our_own(tmp_path):
    with web_host(lambda _: Response(), tls=authority(tmp_path).server("127.0.0.1")) as host:
        assert _fault(host.url).permanent


def test_https_to_a_port_without_it_is_permanent_and_hints_at_the_port():
    with web_host(lambda _: Response()) as host:
        fault = _fault(_url(host.port, "https"))

    assert fault.permanent
    assert "keine Verschlüsselung" in fault.message
    assert "Port" in fault.advice


def test_an_encryption_nobody_uses_any_more_is_refused(tmp_path):
    ca = authority(tmp_path)
    old = ca.server("127.0.0.1")
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1
    with web_host(lambda _: Response(), tls=old) as host:
        fault = _fault(host.url, ca_file=str(ca.file))

    assert "keine Verschlüsselung" in fault.message
    assert host.requests == []


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_file_of_authorities_that_is_none_is_permanent_and_named(tmp_path, content):
    file = tmp_path / "ca.pem"
    if content:
        file.write_text(content)
    fault = _fault("https://127.0.0.1:1/", ca_file=str(file))

    assert fault.permanent
    assert str(file) in fault.message


def test_no_more_is_read_of_an_answer_than_anybody_needs():
    with web_host(lambda _: Response(200, b"x" * (REPLY_LIMIT + 5))) as host:
        server = WebServer.of(host.url, timeout=10, ca_file=None)

        assert len(exchange(server, "GET", "/", headers={}).body) == REPLY_LIMIT


def test_the_proxies_of_the_environment_are_not_used(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{unused_port()}")
    with web_host(lambda _: Response()) as host:
        assert channel(host.url).deliver(CANCELLED)


def test_english_is_spoken_to_those_who_want_it():
    with web_host(lambda _: Response(404)) as host:
        fault = _fault(host.url, language="en")

    assert "takes nothing at this address: 404" in fault.message
