"""Every channel that is found keeps the promises of `notifiers.contract`."""

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import get_type_hints

import pytest
from pydantic import ValidationError

from notifiers.contract import Answering, Channel, ChannelKind, DeliveryError, Heard
from notifiers.discovery import channels
from notifiers.message import Reply
from notifiers.words import Language
from tests.notifiers.bench import Bench, bench_of
from tests.notifiers.samples import CANCELLED, HOSTILE, TOKEN

answers = pytest.mark.parametrize(
    "kind",
    [kind for kind in channels().values() if hasattr(get_type_hints(kind.build)["return"], "hear")],
    ids=lambda kind: kind.name,
)
WITH_BUTTON = replace(CANCELLED, actions=(Reply(label="Ich kümmere mich", token=TOKEN),))


@pytest.fixture(params=channels().values(), ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest) -> ChannelKind:
    return request.param


@pytest.fixture
def bench(kind: ChannelKind, tmp_path, monkeypatch) -> Iterator[Bench]:
    with bench_of(kind.name)(tmp_path, monkeypatch) as bench:
        yield bench


def _built(kind: ChannelKind, bench: Bench, language: Language = "de") -> Channel:
    settings = kind.settings.model_validate(dict(bench.settings))
    return kind.build(settings, app_name="Stornowacht", language=language)


@pytest.fixture
def channel(kind: ChannelKind, bench: Bench) -> Channel:
    return _built(kind, bench)


def test_it_is_called_as_its_table_in_the_config(kind, channel):
    assert channel.name == kind.name


def test_a_delivered_message_arrives_and_the_receipt_says_by_which_way(channel, bench):
    receipt = channel.deliver(replace(CANCELLED, subject="Storniert"))

    assert receipt.channel == channel.name
    assert receipt.detail
    assert len(bench.arrived()) == 1
    assert "Storniert" in bench.arrived()[0]


def test_a_repeat_says_that_it_may_be_a_duplicate(channel, bench):
    channel.deliver(CANCELLED)
    channel.deliver(replace(CANCELLED, repeat=True))

    first, second = bench.arrived()
    assert "kann doppelt ankommen" not in first
    assert "kann doppelt ankommen" in second


def test_a_message_of_hostile_text_arrives_all_the_same(channel, bench):
    channel.deliver(HOSTILE)

    (arrived,) = bench.arrived()
    for sign in ("\u202e", "\x1b", "\\u001b", "\x07", "\ud800"):
        assert sign not in arrived


def test_a_probe_succeeds_and_disturbs_nobody(channel, bench):
    receipt = channel.probe()

    assert receipt.channel == channel.name
    assert receipt.detail
    assert bench.arrived() == []


@pytest.mark.parametrize("act", ["deliver", "probe"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_a_dead_opposite_number_is_an_error_that_says_what_to_do(kind, bench, act, language):
    channel = _built(kind, bench, language)
    bench.die()

    with pytest.raises(DeliveryError) as caught:
        channel.deliver(CANCELLED) if act == "deliver" else channel.probe()

    error = caught.value
    assert error.message
    assert error.advice
    assert not error.permanent, "what died may come back"
    assert error.diagnostics() == f"{error.message}\n{error.advice}"
    assert bench.arrived() == []


def test_it_can_be_used_while_an_event_loop_runs(channel, bench):
    async def deliver() -> None:
        channel.deliver(CANCELLED)

    # In a thread of its own: another test of this process may have left a loop in the main one.
    with ThreadPoolExecutor(1) as side:
        side.submit(asyncio.run, deliver()).result()

    assert len(bench.arrived()) == 1


@pytest.fixture
def answering(channel: Channel, tmp_path) -> Answering:
    assert isinstance(channel, Answering)
    return channel.answering_in(tmp_path / "answers")


def _heard(channel: Answering, *, since: str | None) -> Heard:
    """What is heard once a press has found its way."""
    end = time.monotonic() + 20
    while not (heard := channel.hear(since=since)).answers:
        assert time.monotonic() < end, "nothing was heard of a pressed button"
        time.sleep(0.02)
    return heard


@answers
def test_a_pressed_button_is_heard_until_somebody_remembers_it(answering, bench):
    answering.deliver(WITH_BUTTON)
    assert answering.hear(since=None).answers == ()

    bench.press("Ich kümmere mich")
    heard = _heard(answering, since=None)

    assert [answer.token for answer in heard.answers] == [TOKEN]
    assert heard.answers[0].at.utcoffset() is not None
    assert answering.hear(since=None).answers == heard.answers, "who fetched it may have died"
    assert answering.hear(since=heard.since).answers == ()


@answers
def test_an_answer_after_one_that_is_remembered_is_heard_too(answering, bench):
    answering.deliver(WITH_BUTTON)
    bench.press("Ich kümmere mich")
    since = _heard(answering, since=None).since
    answering.hear(since=since)

    answering.deliver(replace(WITH_BUTTON, key="2", actions=(Reply(label="Später", token="n" * 20),)))
    bench.press("Später")

    assert [answer.token for answer in _heard(answering, since=since).answers] == ["n" * 20]


def test_a_button_that_answers_needs_a_bench_that_can_press_it(channel, bench):
    assert isinstance(channel, Answering) == (bench.press is not None)


def test_its_settings_refuse_unknown_keys_by_name(kind, bench):
    with pytest.raises(ValidationError, match="no_such_key"):
        kind.settings.model_validate({**bench.settings, "no_such_key": 1})


def test_each_of_its_settings_is_described(kind):
    nameless = [name for name, field in kind.settings.model_fields.items() if not field.description]

    assert nameless == []


def test_a_channel_without_a_bench_fails_loudly():
    with pytest.raises(LookupError, match=r"bench_carrier_pigeon\.py"):
        bench_of("carrier_pigeon")
