"""The channel apprise: the real library against a service of one's own."""

import base64
import json
import logging
import sys
from dataclasses import replace

import pytest

from notifiers.apprise import AppriseChannel, AppriseSettings, build
from notifiers.contract import DeliveryError
from notifiers.message import Discreet, Link, Reply, Urgency
from tests.notifiers.bench_apprise import load_apprise
from tests.notifiers.mail_host import hears, scripted_host, unused_port, waits_for_the_client_to_leave
from tests.notifiers.samples import CANCELLED, HOSTILE, PNG, TOKEN
from tests.notifiers.web_host import Request, Response, WebHost, web_host

MESSAGE = replace(
    CANCELLED,
    actions=(
        Reply(label="Ich kümmere mich", token=TOKEN),
        Link(label="Sendung", url="https://example.org/00340"),
    ),
    discreet=Discreet(
        subject="Verkauf wohl storniert", summary="Bis Di., 04:00 Uhr handeln.", url="https://example.org/"
    ),
)


@pytest.fixture(autouse=True)
def _library():
    load_apprise()


@pytest.fixture
def host():
    with web_host(lambda _: Response()) as host:
        yield host


@pytest.fixture
def channel(monkeypatch):
    def make(*addresses: str, language="de", **table) -> AppriseChannel:
        for number, address in enumerate(addresses):
            monkeypatch.setenv(f"APPRISE_{number}", address)
        references = [f"env:APPRISE_{number}" for number in range(len(addresses))]
        model = AppriseSettings.model_validate({"url": references, "timeout": 10, **table})
        return build(model, app_name="Stornowacht", language=language)

    return make


def _address(host: WebHost, path: str = "hook") -> str:
    return f"json://127.0.0.1:{host.port}/{path}"


def _documents(host: WebHost) -> list[dict]:
    return [json.loads(request.body) for request in host.requests]


def _fault(way: AppriseChannel, act: str = "deliver") -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        way.deliver(MESSAGE) if act == "deliver" else way.probe()
    return caught.value


def test_title_text_and_links_arrive(host, channel):
    receipt = channel(_address(host), private=True).deliver(MESSAGE)

    (document,) = _documents(host)
    assert document["title"] == "Storniert: Kinderfahrrad, 45 €"
    assert document["message"] == (
        "Kinderfahrrad, 45 €\nPaket NICHT abgeben\nSendung: https://example.org/00340"
    )
    assert document["type"] == "failure"
    assert document["attachments"] == []
    assert receipt.detail == "JSON"


def test_without_links_it_says_where_to_look_closer(host, channel):
    channel(_address(host), private=True).deliver(replace(MESSAGE, actions=()))

    assert _documents(host)[0]["message"].endswith("\nhttps://example.org/case/42")


@pytest.mark.parametrize(
    ("urgency", "kind"), [(Urgency.LOW, "info"), (Urgency.NORMAL, "warning"), (Urgency.CRITICAL, "failure")]
)
def test_the_urgency_becomes_a_kind(host, channel, urgency, kind):
    channel(_address(host)).deliver(replace(MESSAGE, urgency=urgency))

    assert _documents(host)[0]["type"] == kind


def test_strangers_read_only_what_is_discreet(host, channel):
    channel(_address(host)).deliver(MESSAGE)

    (document,) = _documents(host)
    assert document["title"] == "Verkauf wohl storniert"
    assert document["message"] == "Bis Di., 04:00 Uhr handeln.\nhttps://example.org/"
    for private in ("Kinderfahrrad", "00340", "case", TOKEN):
        assert private not in str(host.requests)


def test_pictures_are_sent_only_if_the_user_says_so(host, channel):
    channel(_address(host), private=True).deliver(MESSAGE)
    channel(_address(host), private=True, pictures=True).deliver(MESSAGE)

    without, with_picture = [document["attachments"] for document in _documents(host)]
    assert without == []
    assert base64.b64decode(with_picture[0]["base64"]) == PNG
    assert with_picture[0]["filename"] == "page.png"


def test_a_message_whose_picture_is_refused_goes_without_it(channel):
    def answer(request: Request) -> Response:
        return Response(413 if b"page.png" in request.body else 200)

    with web_host(answer) as host:
        channel(_address(host), pictures=True).deliver(MESSAGE)

    refused, taken = _documents(host)
    assert refused["attachments"]
    assert taken["attachments"] == []
    assert "kann doppelt ankommen" in taken["message"]


def test_hostile_text_arrives_as_text(host, channel):
    channel(_address(host), private=True).deliver(HOSTILE)

    (document,) = _documents(host)
    assert document["message"].startswith("<img src=x onerror=alert(1)> & <a href=")
    assert document["title"].isprintable()


@pytest.mark.parametrize(
    ("status", "permanent"), [(400, True), (401, True), (404, True), (408, False), (429, False), (500, False)]
)
def test_a_no_of_the_service_is_a_failure_with_the_librarys_reason(channel, status, permanent):
    with web_host(lambda _: Response(status)) as host:
        fault = _fault(channel(_address(host)))

    assert fault.permanent is permanent
    assert "JSON hat die Nachricht nicht angenommen" in fault.message
    assert f"error={status}" in fault.message
    assert "env:APPRISE_0" in fault.advice


def test_a_redirect_is_a_failure_and_not_followed(channel):
    with (
        web_host(lambda _: Response()) as elsewhere,
        web_host(lambda _: Response(302, headers={"Location": elsewhere.url})) as host,
    ):
        fault = _fault(channel(_address(host)))

    assert "302" in fault.message
    assert elsewhere.requests == []


def test_a_service_that_the_address_calls_optional_has_to_take_it_all_the_same(channel):
    with web_host(lambda _: Response(500)) as host:
        fault = _fault(channel(f"{_address(host)}?optional=yes"))

    assert "500" in fault.message


def test_a_dead_service_is_passing(channel):
    fault = _fault(channel(f"json://127.0.0.1:{unused_port()}/"))

    assert not fault.permanent
    assert "Connection error" in fault.message


@pytest.mark.slow
def test_a_service_that_says_nothing_is_given_up_in_time(channel):
    with scripted_host(hears, waits_for_the_client_to_leave) as port:
        fault = _fault(channel(f"json://127.0.0.1:{port}/?rto=1", timeout=0.3))

    assert not fault.permanent


def test_what_the_address_holds_is_not_repeated(channel, caplog):
    with web_host(lambda _: Response(401)) as host, caplog.at_level(logging.DEBUG):
        address = f"json://user:hunter2@127.0.0.1:{host.port}/secret-path?-token=hunter3"
        fault = _fault(channel(address))

    for secret in ("hunter2", "hunter3", "secret-path"):
        assert secret not in fault.diagnostics()


@pytest.mark.parametrize("act", ["deliver", "probe"])
@pytest.mark.parametrize("address", ["hunter2", "nosuch://hunter2", "json://", "tgram://hunter2"])
def test_what_is_no_address_is_permanent_and_not_repeated(channel, address, act):
    fault = _fault(channel(address), act)

    assert fault.permanent
    assert "env:APPRISE_0" in fault.message
    assert "hunter2" not in fault.diagnostics()


def test_several_addresses_all_get_it(host, channel):
    channel(_address(host, "a"), _address(host, "b")).deliver(MESSAGE)

    assert [request.path for request in host.requests] == ["/a", "/b"]


def test_the_first_address_is_the_one_that_counts(host, channel):
    receipt = channel(_address(host), f"json://127.0.0.1:{unused_port()}/").deliver(MESSAGE)
    assert "nicht angenommen" in receipt.detail

    fault = _fault(channel(f"json://127.0.0.1:{unused_port()}/", _address(host)))
    assert "nicht angenommen" in fault.message
    assert len(host.requests) == 1


def test_a_probe_reaches_the_service_and_sends_nothing(host, channel):
    detail = channel(_address(host)).probe().detail

    assert detail.startswith(f"JSON: 127.0.0.1:{host.port} erreicht")
    assert "zeigt erst eine Nachricht" in detail
    assert host.requests == []


def test_a_probe_asks_no_name_service_for_a_token(channel, monkeypatch):
    asked = []
    monkeypatch.setattr("socket.getaddrinfo", lambda host, *_, **__: asked.append(host) or [])

    detail = channel("slack://T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX/#general").probe().detail

    assert "Adresse verstanden" in detail
    assert asked == []


def test_without_the_library_it_says_how_to_get_it(channel, monkeypatch):
    monkeypatch.setitem(sys.modules, "apprise", None)

    fault = _fault(channel("json://127.0.0.1/", language="en"))

    assert fault.permanent
    assert fault.advice == "docs/install.md tells how to add apprise"


def test_an_address_written_where_its_place_belongs_is_refused_and_not_repeated():
    with pytest.raises(ValueError, match="nicht das Passwort selbst") as caught:
        AppriseSettings.model_validate({"url": "tgram://hunter2/1"})

    assert "hunter2" not in str(caught.value)
