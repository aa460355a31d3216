"""DHL's source against a server on loopback: what is asked, what comes of it, and what can go wrong on the way."""

import json
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.notifiers.certificates import authority
from tests.notifiers.mail_host import unused_port
from tests.support.every import every
from tests.tracking.dhl_server import KEY, NUMBER, Dhl, body, dhl
from watcher.domain.answer import SourceProblem
from watcher.tracking.dhl_unified import DhlUnified, build
from watcher.tracking.fetch import LIMIT

HTTP = b"HTTP/1.1 200 OK\r\n"


@contextmanager
def scripted(
    *parts: bytes, pause: float = 0.0, trust: ssl.SSLContext | None = None
) -> Iterator[tuple[int, list[bytes]]]:
    """A server that says these parts to the first who comes, whatever it is asked, and keeps what it heard."""
    heard: list[bytes] = []

    def serve(listener: socket.socket) -> None:
        try:
            line, _ = listener.accept()
            with line, trust.wrap_socket(line, server_side=True) if trust else line as spoken:
                heard.append(spoken.recv(65536))
                for part in parts:
                    spoken.sendall(part)
                    time.sleep(pause)
        except OSError:
            pass  # the other side has left

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=serve, args=(listener,))
        thread.start()
        yield listener.getsockname()[1], heard
        thread.join()


def test_a_parcel_is_asked_about_with_the_key_in_the_header_alone(server: Dhl, source: DhlUnified) -> None:
    answer = source.ask("0034 0434 9990 0001 1126", postcode=" 04109 ")
    assert answer.problem is None
    [request] = server.asked
    assert urlsplit(request.target).path == "/track/shipments"
    assert parse_qs(urlsplit(request.target).query) == {
        "trackingNumber": [NUMBER],
        "service": ["parcel-de"],
        "language": ["de"],
        "recipientPostalCode": ["04109"],
    }
    assert request.headers["dhl-api-key"] == KEY
    assert request.headers["host"] == f"127.0.0.1:{server.port}"
    assert KEY not in request.target


@pytest.mark.parametrize("postcode", [None, "", "04109&service=express\r\nX: y", "0" * 99])
def test_what_is_no_postcode_is_not_sent(server: Dhl, source: DhlUnified, postcode: str | None) -> None:
    assert source.ask(NUMBER, postcode=postcode).problem is None
    assert "recipientPostalCode" not in server.asked[0].target
    assert "express" not in server.asked[0].target


def test_all_events_come_back_with_the_oldest_first_and_the_bytes_for_the_archive(
    server: Dhl, source: DhlUnified
) -> None:
    answer = source.ask(NUMBER, postcode=None)
    assert [said.event_code for said in answer.statements] == ["VA", "ES", "PO"]
    assert answer.statements[2].words == "Die Sendung wurde in das Zustellfahrzeug geladen."
    assert answer.statements[2].at == datetime(2026, 11, 23, 7, 41, tzinfo=UTC)
    assert answer.body == server.content


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        (401, SourceProblem.KEY_REFUSED),
        (403, SourceProblem.KEY_REFUSED),
        (404, SourceProblem.NOT_FOUND),
        (429, SourceProblem.QUOTA_SPENT),
        (400, SourceProblem.NOT_UNDERSTOOD),
        (204, SourceProblem.NOT_UNDERSTOOD),
        (408, SourceProblem.UNREACHABLE),
        (500, SourceProblem.UNREACHABLE),
        (503, SourceProblem.UNREACHABLE),
    ],
)
def test_every_no_has_its_meaning_and_is_asked_once(
    server: Dhl, source: DhlUnified, status: int, problem: SourceProblem
) -> None:
    said = b"" if status == 204 else json.dumps({"title": "No", "detail": f"because of {KEY}"}).encode()
    server.answers(status, said)
    answer = source.ask(NUMBER, postcode=None)
    assert answer.problem is problem
    assert answer.statements == ()
    assert f"HTTP {status}" in answer.detail
    assert KEY not in answer.detail
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("told", "expected"),
    [("90", timedelta(seconds=90)), ("soon", None), ("-5", None), ("9" * 5000, None), (None, None)],
)
def test_a_used_up_quota_says_how_long_it_lasts_where_the_source_says_so(
    server: Dhl, source: DhlUnified, told: str | None, expected: timedelta | None
) -> None:
    server.answers(429, b"{}", **({"Retry_After": told} if told else {}))
    answer = source.ask(NUMBER, postcode=None)
    assert answer.problem is SourceProblem.QUOTA_SPENT
    assert answer.retry_after == expected


def test_a_moment_to_wait_for_is_counted_on_the_servers_own_clock() -> None:
    head = (
        b"HTTP/1.1 429 Too Many Requests\r\nDate: Mon, 23 Nov 2026 10:00:00 GMT\r\n"
        b"Retry-After: Mon, 23 Nov 2026 10:05:00 GMT\r\nContent-Length: 0\r\n\r\n"
    )
    with scripted(head) as (port, _):
        answer = build(key=KEY, base_url=f"http://127.0.0.1:{port}").ask(NUMBER, postcode=None)
    assert answer.retry_after == timedelta(minutes=5)


def test_a_redirect_is_not_followed_and_the_key_goes_nowhere_else(server: Dhl, source: DhlUnified) -> None:
    with dhl() as elsewhere:
        server.answers(302, b"", Location=f"{elsewhere.url}/track/shipments?trackingNumber={NUMBER}")
        answer = source.ask(NUMBER, postcode=None)
        assert answer.problem is SourceProblem.NOT_UNDERSTOOD
        assert elsewhere.asked == []


def test_a_server_that_sends_byte_by_byte_does_not_hold_anybody_up(server: Dhl) -> None:
    server.seconds_per_byte = 0.05
    began = time.monotonic()
    answer = build(key=KEY, base_url=server.url, timeout=0.4).ask(NUMBER, postcode=None)
    assert answer.problem is SourceProblem.UNREACHABLE
    assert "0.4 s" in answer.detail
    assert time.monotonic() - began < 5


def test_a_body_without_a_length_that_drips_is_not_taken_for_a_whole_one() -> None:
    with scripted(HTTP + b"\r\n", body(), *[b" "] * 12, pause=0.1) as (port, _):
        answer = build(key=KEY, base_url=f"http://127.0.0.1:{port}", timeout=0.4).ask(NUMBER, postcode=None)
    assert answer.problem is SourceProblem.UNREACHABLE
    assert answer.statements == ()


def test_a_server_that_says_nothing_is_given_up(server: Dhl) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        answer = build(key=KEY, base_url=f"http://127.0.0.1:{port}", timeout=0.2).ask(NUMBER, postcode=None)
    assert answer.problem is SourceProblem.UNREACHABLE
    assert "0.2 s" in answer.detail


def test_nobody_there_is_a_value() -> None:
    source = build(key=KEY, base_url=f"http://127.0.0.1:{unused_port()}")
    assert source.ask(NUMBER, postcode=None).problem is SourceProblem.UNREACHABLE


def test_of_a_huge_body_no_more_than_the_limit_is_read(server: Dhl, source: DhlUnified) -> None:
    server.answers(200, b"[" * (3 * LIMIT))
    answer = source.ask(NUMBER, postcode=None)
    assert answer.problem is SourceProblem.NOT_UNDERSTOOD
    assert len(answer.body) == LIMIT


def test_a_body_that_never_ends_is_left_at_the_limit_and_not_waited_for() -> None:
    endless = HTTP + b"Content-Length: 900000000000\r\n\r\n" + b" " * (LIMIT + 1)
    with scripted(endless, b"", pause=0.2) as (port, _):
        answer = build(key=KEY, base_url=f"http://127.0.0.1:{port}").ask(NUMBER, postcode=None)
    assert answer.problem is SourceProblem.NOT_UNDERSTOOD
    assert "large" in answer.detail


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"<html>Wartung</html>",
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b"9" * 5000,
        b"null",
        b"\0",
    ],
)
def test_garbage_is_told_and_kept(server: Dhl, source: DhlUnified, content: bytes) -> None:
    server.answers(200, content)
    answer = source.ask(NUMBER, postcode=None)
    assert answer.problem is SourceProblem.NOT_UNDERSTOOD
    assert answer.body == content


@every(
    "said",
    [
        b"\x16\x03\x01 what?\r\n\r\n",
        b"HTTP/1.1 OK\r\n\r\n",
        HTTP + b"Content-Length: 5000\r\n\r\n" + body(),
        HTTP + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        HTTP + b"Transfer-Encoding: chunked\r\n\r\n400\r\nabc",
        HTTP + b"X: " + b"y" * 70_000 + b"\r\n\r\n",
        HTTP + b"X: y\r\n" * 500 + b"\r\n",
        f"HTTP/1.1 {KEY}\r\n\r\n".encode(),
        b"",
    ],
)
def test_what_is_no_http_or_breaks_off_says_nothing_about_the_parcel(said: bytes) -> None:
    with scripted(said) as (port, _):
        answer = build(key=KEY, base_url=f"http://127.0.0.1:{port}", timeout=2).ask(NUMBER, postcode=None)
    assert answer.problem is SourceProblem.UNREACHABLE
    assert answer.statements == ()
    assert KEY not in answer.detail


def test_a_certificate_that_a_known_authority_made_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ca = authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(ca.file))
    said = HTTP + f"Content-Length: {len(body())}\r\n\r\n".encode() + body()
    with scripted(said, trust=ca.server("localhost")) as (port, heard):
        answer = build(key=KEY, base_url=f"https://localhost:{port}").ask(NUMBER, postcode=None)
    assert answer.problem is None, answer.detail
    assert KEY.encode() in heard[0]


def test_a_stranger_with_a_certificate_of_his_own_never_sees_the_key(tmp_path: Path) -> None:
    with scripted(HTTP, trust=authority(tmp_path).server("localhost")) as (port, heard):
        answer = build(key=KEY, base_url=f"https://localhost:{port}").ask(NUMBER, postcode=None)
    assert answer.problem is SourceProblem.UNREACHABLE
    assert "CERTIFICATE" in answer.detail
    assert heard == []


def test_a_tls_server_that_never_shakes_hands_is_given_up() -> None:
    with scripted(*[b"\x16"] * 12, pause=0.1) as (port, _):
        answer = build(key=KEY, base_url=f"https://localhost:{port}", timeout=0.4).ask(NUMBER, postcode=None)
    assert answer.problem is SourceProblem.UNREACHABLE


@every(
    "address",
    [
        "http://api-eu.dhl.com",
        "http://127.0.0.1.example.org",
        "ftp://127.0.0.1",
        "https://",
        "https://me:secret@api-eu.dhl.com",
        "https://api-eu.dhl.com/other",
        "https://api-eu.dhl.com:99999",
        "https://api eu.dhl.com",
    ],
)
def test_the_key_never_goes_over_an_open_line_or_to_what_is_no_address(address: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        build(key=KEY, base_url=address)


@pytest.mark.parametrize("key", ["", " ", "two words", "zeile\r\nX: y", "schlüssel", "x" * 201])
def test_what_is_no_key_is_refused_here_already(server: Dhl, key: str) -> None:
    answer = build(key=key, base_url=server.url).ask(NUMBER, postcode=None)
    assert answer.problem is SourceProblem.KEY_REFUSED
    assert server.asked == []


@pytest.mark.parametrize(
    "number", ["", "123", "../../etc", "00340434999000011126&service=x", "9" * 5_000_000]
)
def test_what_is_no_number_is_not_asked_about(server: Dhl, source: DhlUnified, number: str) -> None:
    assert source.ask(number, postcode=None).problem is SourceProblem.NOT_FOUND
    assert server.asked == []


def test_a_line_break_at_the_end_of_a_secret_is_no_part_of_the_key(server: Dhl) -> None:
    assert build(key=f"{KEY}\n", base_url=server.url).ask(NUMBER, postcode=None).problem is None
    assert server.asked[0].headers["dhl-api-key"] == KEY


def test_nothing_that_is_printed_shows_the_key(source: DhlUnified) -> None:
    assert KEY not in repr(source)


def test_fewer_questions_a_day_can_be_allowed_but_not_more() -> None:
    assert build(key=KEY, per_day=40).quota.per_day == 40
    assert build(key=KEY, per_day=4000).quota.per_day == 250
    assert build(key=KEY).quota.shortest_pause == timedelta(seconds=5)
