"""The channel ntfy against a server that behaves like it."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifiers.contract import Answering, DeliveryError
from notifiers.message import Discreet, Link, Reply, Urgency
from notifiers.ntfy import NtfyChannel, build
from notifiers.ntfy_settings import NtfySettings
from tests.notifiers.certificates import authority
from tests.notifiers.ntfy_host import NOW, NtfyHost, basic, ntfy_host
from tests.notifiers.samples import CANCELLED, PNG, TOKEN
from tests.notifiers.web_host import Request, Response, web_host
from tests.support.every import every

LINK = Link(label="Sendung verfolgen", url="https://example.org/track?n=00340")
MESSAGE = replace(
    CANCELLED,
    actions=(Reply(label="Ich kümmere mich", token=TOKEN), LINK),
    discreet=Discreet(
        subject="Verkauf wohl storniert", summary="Bis Di., 04:00 Uhr handeln.", url="https://example.org/"
    ),
)


def channel(server: str, *, language="de", **table) -> NtfyChannel:
    model = NtfySettings.model_validate({"server": server, "topic": "alerts", "timeout": 5, **table})
    return build(model, app_name="Stornowacht", language=language)


@pytest.fixture
def host():
    with ntfy_host() as host:
        yield host


def _fault(way: NtfyChannel, act: str = "deliver", message=MESSAGE) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        way.deliver(message) if act == "deliver" else way.probe()
    return caught.value


def test_title_text_and_link_arrive_with_every_letter(host):
    receipt = channel(host.web.url, private=True).deliver(MESSAGE)

    (message,) = host.of("alerts")
    assert message["title"] == "Storniert: Kinderfahrrad, 45 €"
    assert message["message"] == "Kinderfahrrad, 45 €\nPaket NICHT abgeben"
    assert message["click"] == "https://example.org/case/42"
    assert receipt.detail == f"127.0.0.1:{host.web.port} {message['id']}"


@pytest.mark.parametrize(
    ("urgency", "priority"), [(Urgency.LOW, 2), (Urgency.NORMAL, 3), (Urgency.CRITICAL, 5)]
)
def test_the_urgency_becomes_a_priority(host, urgency, priority):
    channel(host.web.url).deliver(replace(MESSAGE, urgency=urgency))

    assert host.messages[0]["priority"] == priority


def test_strangers_read_only_what_is_discreet(host):
    channel(host.web.url, reply_topic="answers").deliver(MESSAGE)

    (request,) = host.web.requests
    (message,) = host.messages
    assert message["title"] == "Verkauf wohl storniert"
    assert message["message"] == "Bis Di., 04:00 Uhr handeln."
    assert message["click"] == "https://example.org/"
    assert [action["label"] for action in message["actions"]] == ["Ich kümmere mich"]
    everything = f"{request.path} {request.headers} {request.body!r} {message}"
    for private in ("Kinderfahrrad", "45 €", "00340", "case", "cancelled/42"):
        assert private not in everything


def test_a_picture_is_sent_only_if_the_user_says_so(host):
    channel(host.web.url).deliver(MESSAGE)
    channel(host.web.url, private=True).deliver(MESSAGE)
    assert host.attachments == {}

    channel(host.web.url, private=True, pictures=True).deliver(MESSAGE)

    assert list(host.attachments.values()) == [PNG]
    assert host.messages[-1]["attachment"] == {"name": "page.png"}
    assert host.messages[-1]["title"] == "Storniert: Kinderfahrrad, 45 €"
    assert host.messages[-1]["message"] == "Kinderfahrrad, 45 €\nPaket NICHT abgeben"


@pytest.mark.parametrize(
    ("limit", "said"), [(10, "413 attachment too large"), (0, "400 invalid request: attachments")]
)
def test_a_message_whose_picture_is_refused_goes_without_it_and_the_receipt_says_so(limit, said):
    with ntfy_host(attachment_limit=limit) as host:
        receipt = channel(host.web.url, pictures=True).deliver(MESSAGE)

    (message,) = host.messages
    assert "attachment" not in message
    assert "doppelt" not in message["message"]
    assert f"ohne das Bild; der Server antwortete darauf: {said}" in receipt.detail


def test_a_message_whose_picture_breaks_the_line_goes_without_it_and_says_that_it_may_be_a_repeat():
    host = NtfyHost()

    def answer(request: Request) -> Response:
        if request.method == "PUT":
            raise ConnectionAbortedError  # hangs up without a word
        return host.answer(request)

    with web_host(answer) as web:
        receipt = channel(web.url, pictures=True).deliver(MESSAGE)

    assert host.messages[0]["message"].endswith("Diese Nachricht kann doppelt ankommen.")
    assert "abgebrochen" in receipt.detail


def test_the_button_on_the_phone_answers_with_the_token_and_the_answer_is_heard(host):
    way = channel(host.web.url, reply_topic="answers")
    way.deliver(MESSAGE)
    assert way.hear(since=None).answers == ()

    host.press(host.messages[0], "Ich kümmere mich")

    (answer,) = way.hear(since=None).answers
    assert answer.token == TOKEN
    assert answer.at == datetime.fromtimestamp(NOW + 1, tz=UTC)


def test_what_was_remembered_is_not_told_again(host):
    way = channel(host.web.url, reply_topic="answers")
    way.deliver(MESSAGE)
    host.press(host.messages[0], "Ich kümmere mich")
    heard = way.hear(since=None)

    assert way.hear(since=heard.since).answers == ()
    way.deliver(replace(MESSAGE, actions=(Reply(label="Ich kümmere mich", token="n" * 20),)))
    host.press(host.of("alerts")[-1], "Ich kümmere mich")

    assert [answer.token for answer in way.hear(since=heard.since).answers] == ["n" * 20]


def test_a_mark_the_server_has_forgotten_tells_all_again_rather_than_nothing(host):
    way = channel(host.web.url, reply_topic="answers")
    way.deliver(MESSAGE)
    host.press(host.messages[0], "Ich kümmere mich")

    assert len(way.hear(since="m99999999999").answers) == 1


@pytest.mark.parametrize(
    "noise", ["", "hello", "\x00", "{", '{"event":"message"}', "x" * 4000, f"{TOKEN} {TOKEN}", "ü" * 20]
)
def test_what_strangers_write_into_the_topic_for_answers_is_no_answer(host, noise):
    way = channel(host.web.url, reply_topic="answers")
    host.answer(Request(method="POST", path="/answers", headers={}, body=noise.encode()))
    host.answer(Request(method="POST", path="/answers", headers={}, body=TOKEN.encode()))

    heard = way.hear(since=None)

    assert [answer.token for answer in heard.answers] == [TOKEN]
    assert way.hear(since=heard.since).answers == ()


def test_without_a_topic_for_answers_there_is_no_button_and_nothing_to_hear(host):
    way = channel(host.web.url, private=True)
    way.deliver(MESSAGE)

    assert [action["label"] for action in host.messages[0]["actions"]] == ["Sendung verfolgen"]
    assert TOKEN not in str(host.web.requests)
    assert way.hear(since="m1").answers == ()


def test_a_link_is_a_button_where_nobody_else_reads_along(host):
    channel(host.web.url, private=True).deliver(MESSAGE)

    assert host.messages[0]["actions"] == [{"action": "view", "label": "Sendung verfolgen", "url": LINK.url}]


def test_no_more_buttons_are_sent_than_the_server_takes(host):
    channel(host.web.url, private=True).deliver(replace(MESSAGE, actions=(LINK,) * 5))

    assert len(host.messages[0]["actions"]) == 3


def test_a_repeat_takes_the_place_of_what_it_repeats(host):
    way = channel(host.web.url)
    way.deliver(MESSAGE)
    way.deliver(replace(MESSAGE, repeat=True))
    way.deliver(replace(MESSAGE, key="cancelled/42/ntfy/1"))

    first, again, other = [message["sequence_id"] for message in host.messages]
    assert first == again != other
    assert first.isalnum()


def test_the_longest_message_is_still_one():
    long = "\n".join(["😀" * 3000, '"' * 3000, "\\" * 3000] * 3)
    with ntfy_host(attachment_limit=0) as host:
        channel(host.web.url, private=True).deliver(replace(MESSAGE, subject=long, summary=long))

    assert host.messages[0]["message"].endswith("…")


@pytest.mark.parametrize("act", ["deliver", "probe"])
@pytest.mark.parametrize(
    ("table", "login"),
    [
        ({"token": "env:NTFY"}, "Bearer tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2"),
        ({"username": "me", "password": "env:NTFY"}, basic("me", "tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2")),
    ],
)
def test_a_closed_topic_opens_with_a_token_or_a_password(monkeypatch, table, login, act):
    monkeypatch.setenv("NTFY", "tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2\n")
    if "password" in table:
        monkeypatch.setenv("NTFY", "tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2")
    with ntfy_host(logins={login: "me"}, writers={"alerts": frozenset({"me"})}) as host:
        way = channel(host.web.url, **table)
        way.deliver(MESSAGE) if act == "deliver" else way.probe()

    assert len(host.messages) == (act == "deliver")


@pytest.mark.parametrize("act", ["deliver", "probe"])
def test_a_wrong_token_is_permanent_and_not_repeated(monkeypatch, act):
    monkeypatch.setenv("NTFY", "tk_hunter2")
    with ntfy_host(logins={"Bearer tk_right": "me"}) as host:
        fault = _fault(channel(host.web.url, token="env:NTFY"), act)

    assert fault.permanent
    assert "lehnt die Anmeldung ab: 401 unauthorized" in fault.message
    assert "hunter2" not in fault.diagnostics()


@pytest.mark.parametrize("act", ["deliver", "probe"])
def test_a_topic_that_is_closed_is_permanent_and_not_named(act):
    with ntfy_host(writers={"alerts": frozenset({"me"})}) as host:
        fault = _fault(channel(host.web.url), act)

    assert fault.permanent
    assert "erlaubt das nicht: 403 forbidden" in fault.message
    assert "alerts" not in fault.diagnostics()


def test_a_quota_that_is_used_up_is_passing():
    with ntfy_host(quota=0) as host:
        fault = _fault(channel(host.web.url))

    assert not fault.permanent
    assert "429 limit reached: daily message quota reached" in fault.message


@every("act", ["deliver", "probe"])
@every("body", [b"<html>Welcome to our hotel</html>", b"", b"[]", b'{"id": 7}', b'{"id": ""}', b"{" * 9999])
def test_a_yes_of_somebody_else_is_not_believed(act, body):
    with web_host(lambda _: Response(200, body)) as host:
        fault = _fault(channel(host.url), act)

    assert not fault.permanent
    assert "nicht verstanden haben kann" in fault.message


@pytest.mark.parametrize("act", ["deliver", "probe"])
def test_a_404_is_a_failure(act):
    with web_host(lambda _: Response(404, b"not here")) as host:
        fault = _fault(channel(host.url), act)

    assert fault.permanent
    assert "404" in fault.message


def test_a_probe_publishes_nothing_anywhere(host):
    assert channel(host.web.url, reply_topic="answers").probe().detail == f"127.0.0.1:{host.web.port}"

    assert host.messages == []


def test_a_probe_tells_when_the_phones_button_would_be_dead():
    with ntfy_host(writers={"answers": frozenset({"me"})}) as host:
        fault = _fault(channel(host.web.url, reply_topic="answers"), "probe")

    assert fault.permanent
    assert "die Knöpfe auf dem Handy wären tot. 403 forbidden" in fault.message
    assert "ntfy access everyone" in fault.advice


def test_a_probe_tells_when_answers_cannot_be_read():
    with ntfy_host(readers={"answers": frozenset({"me"})}) as host:
        fault = _fault(channel(host.web.url, reply_topic="answers"), "probe")

    assert fault.permanent
    assert "403" in fault.message


def test_answers_that_cannot_be_fetched_are_an_error(host):
    way = channel(host.web.url, reply_topic="answers")
    host.web.stop()

    with pytest.raises(DeliveryError, match="nicht zu erreichen"):
        way.hear(since=None)


def test_a_server_of_ones_own_may_have_its_own_authority(tmp_path):
    ca = authority(tmp_path)
    with ntfy_host(tls=ca.server("127.0.0.1")) as host:
        channel(host.web.url, ca_file=str(ca.file)).deliver(MESSAGE)

    assert len(host.messages) == 1


def test_the_topic_may_be_kept_secret(host, tmp_path):
    file = tmp_path / "topic"
    file.write_text("Ee3-very_secret_one\n")
    file.chmod(0o600)

    channel(host.web.url, topic=f"file:{file}").deliver(MESSAGE)

    assert len(host.of("Ee3-very_secret_one")) == 1


@pytest.mark.parametrize("kept", ["no/topic", "two words", "x" * 65])
def test_a_kept_topic_that_is_none_is_permanent_and_not_repeated(host, monkeypatch, kept):
    monkeypatch.setenv("TOPIC", kept)

    fault = _fault(channel(host.web.url, topic="env:TOPIC"))

    assert fault.permanent
    assert kept not in fault.diagnostics()
    assert "openssl" in fault.advice


def test_a_token_that_cannot_stand_in_a_header_is_said_to_be_one(host, monkeypatch):
    monkeypatch.setenv("NTFY", "tk_a\r\nX-Evil: yes")

    fault = _fault(channel(host.web.url, token="env:NTFY"))

    assert fault.permanent
    assert "env:NTFY" in fault.message
    assert host.web.requests == []


def test_it_can_answer(host):
    assert isinstance(channel(host.web.url), Answering)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["event", "id", "time", "message", "x"]), inner | st.just("message"), max_size=5
    ),
    max_leaves=10,
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(_JSON | st.binary(max_size=30), max_size=5))
def test_whatever_a_server_tells_of_its_topic_is_no_crash(lines):
    from notifiers import ntfy_push
    from notifiers.web_server import Reply as WebReply

    body = (
        b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines) + b"\n"
    )

    heard = ntfy_push.heard(WebReply(status=200, headers={}, body=body), since="")

    assert all(answer.at.tzinfo for answer in heard.answers)
