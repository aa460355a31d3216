"""The channel webhook, verified by the published library and by hand."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace

import pytest
from pydantic import ValidationError
from standardwebhooks import Webhook

from notifiers import webhook_signature
from notifiers.contract import DeliveryError
from notifiers.message import Discreet, Link, Reply
from notifiers.webhook import WebhookChannel, WebhookSettings, build
from tests.notifiers.certificates import authority
from tests.notifiers.samples import CANCELLED, KEY, PNG, TOKEN
from tests.notifiers.web_host import Request, Response, WebHost, web_host
from tests.support.every import every

OTHER_KEY = "whsec_" + base64.b64encode(b"k" * 32).decode()
MESSAGE = replace(
    CANCELLED,
    actions=(
        Reply(label="Ich kümmere mich", token=TOKEN),
        Link(label="Sendung", url="https://example.org/00340"),
    ),
    discreet=Discreet(subject="Verkauf wohl storniert", summary="Bis Di., 04:00 Uhr handeln."),
)


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv("WEBHOOK_KEY", f"{KEY}\n")
    monkeypatch.setenv("OTHER_KEY", OTHER_KEY)


@pytest.fixture
def host():
    with web_host(lambda _: Response(204)) as host:
        yield host


def channel(url: str, *, language="de", **table) -> WebhookChannel:
    model = WebhookSettings.model_validate({"url": url, "secret": "env:WEBHOOK_KEY", "timeout": 5, **table})
    return build(model, app_name="Stornowacht", language=language)


def _sent(host: WebHost) -> tuple[Request, dict]:
    (request,) = host.requests
    return request, json.loads(request.body)


def _mistake(**table) -> str:
    with pytest.raises(ValidationError) as caught:
        WebhookSettings.model_validate(
            {"url": "https://example.org/hook", "secret": "env:WEBHOOK_KEY", **table},
            context={"language": "en"},
        )
    return str(caught.value)


def test_the_document_says_what_has_happened(host):
    receipt = channel(f"{host.url}/hooks/a?x=1").deliver(MESSAGE)

    request, document = _sent(host)
    assert (request.method, request.path) == ("POST", "/hooks/a?x=1")
    assert request.headers["content-type"] == "application/json"
    assert document["type"] == "stornowacht.alert"
    assert document["timestamp"] == "2026-11-22T10:00:00Z"
    assert document["data"] == {
        "subject": "Storniert: Kinderfahrrad, 45 €",
        "summary": "Kinderfahrrad, 45 €\nPaket NICHT abgeben",
        "urgency": "critical",
        "repeat": False,
        "url": "https://example.org/case/42",
        "key": "cancelled/42/email/0",
        "thread": "case-42",
        "text": "Die Käuferin hat storniert.\nGib das Paket NICHT ab.\n",
        "links": [{"label": "Sendung", "url": "https://example.org/00340"}],
    }
    assert receipt.detail == f"127.0.0.1:{host.port} 204"


def test_the_published_library_verifies_it(host):
    channel(host.url).deliver(MESSAGE)

    request, _ = _sent(host)
    assert Webhook(KEY).verify(request.body, dict(request.headers))["type"] == "stornowacht.alert"


def test_the_signature_is_that_of_the_specification(host):
    replace(channel(host.url), clock=lambda: 1_795_341_600.9).deliver(MESSAGE)

    request, _ = _sent(host)
    assert request.headers["webhook-timestamp"] == "1795341600"
    signed = f"{request.headers['webhook-id']}.1795341600.".encode() + request.body
    key = base64.b64decode(KEY.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert request.headers["webhook-signature"] == f"v1,{expected}"


def test_while_a_key_is_changed_both_verify(host):
    channel(host.url, secret=["env:OTHER_KEY", "env:WEBHOOK_KEY"]).deliver(MESSAGE)

    request, _ = _sent(host)
    for key in (KEY, OTHER_KEY):
        Webhook(key).verify(request.body, dict(request.headers))


def test_a_repeat_has_the_same_id_and_says_what_it_is(host):
    way = channel(host.url)
    way.deliver(MESSAGE)
    way.deliver(replace(MESSAGE, repeat=True))
    way.deliver(replace(MESSAGE, key="another"))

    first, again, other = [request.headers["webhook-id"] for request in host.requests]
    assert first == again != other
    assert json.loads(host.requests[1].body)["data"]["repeat"] is True


def test_an_id_cannot_be_made_up_by_a_key_and_never_changes_between_versions():
    assert webhook_signature.message_id("a.b") == "msg_" + hashlib.sha256(b"a.b").hexdigest()[:32]
    assert "." not in webhook_signature.message_id("a.b\r\nX: y\ud800")


def test_where_strangers_read_along_only_what_is_discreet_is_sent(host):
    channel(host.url, private=False).deliver(MESSAGE)

    request, document = _sent(host)
    assert document["data"] == {
        "subject": "Verkauf wohl storniert",
        "summary": "Bis Di., 04:00 Uhr handeln.",
        "urgency": "critical",
        "repeat": False,
        "url": None,
    }
    assert "42" not in request.path


def test_a_token_that_cannot_come_back_is_not_sent(host):
    channel(host.url).deliver(MESSAGE)

    assert TOKEN not in str(host.requests)


def test_pictures_are_sent_only_if_the_user_says_so(host):
    channel(host.url).deliver(MESSAGE)
    channel(host.url, pictures=True).deliver(MESSAGE)

    without, with_picture = [json.loads(request.body)["data"] for request in host.requests]
    assert "pictures" not in without
    assert base64.b64decode(with_picture["pictures"][0]["png"]) == PNG
    assert with_picture["pictures"][0]["name"] == "shot"


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_is_delivered(status):
    with web_host(lambda _: Response(status)) as host:
        assert channel(host.url).deliver(MESSAGE).detail.endswith(str(status))


def test_a_probe_posts_nothing_and_is_content_with_a_receiver_that_knows_only_post():
    with web_host(lambda request: Response(405 if request.method != "POST" else 204)) as host:
        assert channel(f"{host.url}/hook").probe().detail == f"127.0.0.1:{host.port} 405"

    assert [request.method for request in host.requests] == ["OPTIONS"]


@pytest.mark.parametrize("status", [301, 308, 502, 503, 504])
def test_a_probe_tells_when_there_is_nobody_behind_the_address(status):
    answer = Response(status, headers={"Location": "https://elsewhere.example/x"})
    with web_host(lambda _: answer) as host, pytest.raises(DeliveryError, match=str(host.port)):
        channel(host.url).probe()


@pytest.mark.parametrize("act", ["deliver", "probe"])
@pytest.mark.parametrize(
    "kept",
    [
        "hunter2hunter2hunter2hunter2hunter2",
        "whsec_",
        "whsec_ä",
        "whsec_hunter2",
        "whsec_" + "A" * 88,
        "WHSEC_x",
    ],
)
def test_what_is_no_key_is_permanent_and_not_repeated(host, monkeypatch, kept, act):
    monkeypatch.setenv("WEBHOOK_KEY", kept)
    way = channel(host.url)

    with pytest.raises(DeliveryError, match="env:WEBHOOK_KEY") as caught:
        way.deliver(MESSAGE) if act == "deliver" else way.probe()

    assert caught.value.permanent
    assert "hunter2" not in caught.value.diagnostics()
    assert "openssl rand" in caught.value.advice
    assert host.requests == []


@pytest.mark.parametrize("count", [24, 25, 26, 64])
def test_a_key_is_read_with_and_without_what_fills_it_up(count):
    key = bytes(range(count))
    written = base64.b64encode(key).decode()

    assert webhook_signature.key_of(f"whsec_{written}") == key
    assert webhook_signature.key_of(f" whsec_{written.rstrip('=')}\n") == key


def test_the_address_itself_may_be_kept_secret_and_is_never_shown(host, monkeypatch):
    monkeypatch.setenv("WEBHOOK_URL", f"{host.url}/api/webhook/hunter2\n")
    way = channel("env:WEBHOOK_URL")

    assert "hunter2" not in way.deliver(MESSAGE).detail
    assert host.requests[0].path == "/api/webhook/hunter2"
    host.stop()
    with pytest.raises(DeliveryError) as caught:
        way.deliver(MESSAGE)
    assert "hunter2" not in caught.value.diagnostics()


@pytest.mark.parametrize(
    "kept", ["hunter2", "http://home.example.org/hunter2", "https://me:hunter2@example.org/"]
)
def test_a_kept_address_that_is_none_is_permanent_and_not_repeated(monkeypatch, kept):
    monkeypatch.setenv("WEBHOOK_URL", kept)

    with pytest.raises(DeliveryError) as caught:
        channel("env:WEBHOOK_URL").deliver(MESSAGE)

    assert caught.value.permanent
    assert "hunter2" not in caught.value.diagnostics()
    assert "env:WEBHOOK_URL" in caught.value.advice


def test_it_goes_encrypted_to_a_server_of_ones_own(tmp_path):
    ca = authority(tmp_path)
    with web_host(lambda _: Response(), tls=ca.server("127.0.0.1")) as host:
        channel(host.url, ca_file=str(ca.file)).deliver(MESSAGE)

    assert len(host.requests) == 1


@every(
    ("table", "said"),
    [
        ({"url": "example.org/hook"}, "begins with https://"),
        ({"url": "http://example.org/hook"}, "read along"),
        ({"url": "https://me:hunter2@example.org/"}, "must not hold a user name"),
        ({"url": "https://example.org/a b"}, "begins with https://"),
        ({"secret": KEY}, "not the password itself"),
        ({"secret": []}, "at least 1"),
        ({"timeout": 90}, "timeout"),
    ],
)
def test_what_does_not_fit_is_named(table, said):
    mistake = _mistake(**table)

    assert said in mistake
    assert "hunter2" not in mistake
    assert KEY not in mistake


def test_an_address_without_https_is_allowed_only_if_the_user_says_so():
    table = {"url": "http://homeassistant.local:8123/api/webhook/x", "secret": "env:K", "allow_http": True}

    assert WebhookSettings.model_validate(table).allow_http
