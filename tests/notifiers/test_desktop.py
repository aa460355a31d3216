"""The channel desktop against a real bus with a real, if tiny, notification service."""

import gc
import logging
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from notifiers.contract import DeliveryError
from notifiers.desktop import DesktopChannel, DesktopSettings, build
from notifiers.message import Urgency
from tests.notifiers.desktop_session import DesktopSession, desktop_session
from tests.notifiers.samples import CANCELLED, HOSTILE

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="a session bus is a thing of Linux desktops"),
]


def _channel(*, timeout: float = 5, language="de") -> DesktopChannel:
    return build(DesktopSettings(timeout=timeout), app_name="Stornowacht", language=language)


def _open_files() -> int:
    gc.collect()
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.fixture
def session(request, tmp_path, monkeypatch):
    with desktop_session(tmp_path, getattr(request, "param", "plain")) as session:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", session.address)
        yield session


def test_subject_summary_and_name_are_shown(session: DesktopSession):
    receipt = _channel().deliver(CANCELLED)

    (shown,) = session.shown
    assert shown["app_name"] == "Stornowacht"
    assert shown["summary"] == "Storniert: Kinderfahrrad, 45 €"
    assert shown["body"] == "Kinderfahrrad, 45 €\nPaket NICHT abgeben"
    assert receipt.detail == "tiny 1.0"


@pytest.mark.parametrize(
    ("urgency", "level", "expiry"), [(Urgency.LOW, 0, -1), (Urgency.NORMAL, 1, -1), (Urgency.CRITICAL, 2, 0)]
)
def test_the_urgency_arrives_and_what_is_critical_stays(session: DesktopSession, urgency, level, expiry):
    _channel().deliver(replace(CANCELLED, urgency=urgency))

    (shown,) = session.shown
    assert shown["hints"]["urgency"] == level
    assert shown["expire_timeout"] == expiry


@pytest.mark.parametrize("session", ["markup"], indirect=True)
def test_text_is_escaped_for_a_desktop_that_reads_markup(session: DesktopSession):
    _channel().deliver(HOSTILE)

    (shown,) = session.shown
    assert shown["body"].startswith("&lt;img src=x onerror=alert(1)&gt; &amp; &lt;a href=")


def test_text_is_left_alone_for_a_desktop_that_does_not_read_markup(session: DesktopSession):
    _channel().deliver(HOSTILE)

    (shown,) = session.shown
    assert shown["body"].startswith("<img src=x onerror=alert(1)> & <a href=")
    assert shown["body"].endswith("\nrnd [2J")


def test_long_texts_are_cut_where_a_reader_sees_it(session: DesktopSession):
    summary = "\n".join([f"{number} {'wort ' * 100}" for number in range(9)])

    _channel().deliver(replace(CANCELLED, subject="Storniert " * 50, summary=summary))

    (shown,) = session.shown
    assert len(shown["summary"]) <= 100
    assert shown["summary"].endswith("…")
    assert len(shown["body"].split("\n")) == 4
    assert all(line.endswith("…") for line in shown["body"].split("\n"))


def test_without_a_summary_the_text_begins_the_notification(session: DesktopSession):
    _channel().deliver(replace(CANCELLED, summary=" \n"))

    assert session.shown[0]["body"] == "Die Käuferin hat storniert.\nGib das Paket NICHT ab."


def test_a_repeat_has_a_last_line_that_says_so(session: DesktopSession):
    _channel(language="en").deliver(replace(CANCELLED, repeat=True))

    assert session.shown[0]["body"].endswith("\nThis message may arrive twice.")


def test_a_probe_names_the_service_and_shows_nothing(session: DesktopSession):
    assert _channel().probe().detail == "tiny 1.0"
    assert session.shown == []


@pytest.mark.parametrize("act", ["deliver", "probe"])
@pytest.mark.parametrize(
    ("language", "said"), [("de", "Hier läuft keine Desktop-Sitzung"), ("en", "No desktop session runs here")]
)
def test_without_a_session_it_says_so_plainly(monkeypatch, act, language, said):
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    channel = _channel(language=language)

    with pytest.raises(DeliveryError, match=said) as caught:
        channel.deliver(CANCELLED) if act == "deliver" else channel.probe()

    assert not caught.value.permanent
    assert "DBUS_SESSION_BUS_ADDRESS" in caught.value.message


@pytest.mark.parametrize(
    "address", ["unix:path=/nowhere/bus", "nonsense", "unix:nonsense", "tcp:host=127.0.0.1,port=1"]
)
def test_an_address_that_leads_nowhere_is_an_error_too(monkeypatch, address):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)

    with pytest.raises(DeliveryError) as caught:
        _channel(timeout=1).deliver(CANCELLED)

    assert not caught.value.permanent


@pytest.mark.parametrize("session", ["absent"], indirect=True)
def test_a_session_without_a_notification_service_is_an_error(session: DesktopSession):
    with pytest.raises(DeliveryError, match="Dienst für Benachrichtigungen") as caught:
        _channel().deliver(CANCELLED)

    assert not caught.value.permanent
    assert "notification-daemon" in caught.value.advice


@pytest.mark.parametrize("session", ["mute"], indirect=True)
def test_a_notification_nobody_confirms_in_time_is_not_delivered(session: DesktopSession):
    began = time.monotonic()

    with pytest.raises(DeliveryError, match="nicht bestätigt") as caught:
        _channel(timeout=0.4).deliver(CANCELLED)

    assert time.monotonic() - began < 10
    assert not caught.value.permanent


@pytest.mark.parametrize("session", ["refusing"], indirect=True)
def test_a_notification_the_desktop_refuses_is_not_delivered_though_the_library_keeps_silent(session):
    with pytest.raises(DeliveryError, match="nicht angenommen") as caught:
        _channel().deliver(CANCELLED)

    assert not caught.value.permanent


def test_many_deliveries_leave_no_connection_behind(session: DesktopSession):
    channel = _channel()
    channel.deliver(CANCELLED)
    before = _open_files()

    for _ in range(5):
        channel.deliver(CANCELLED)

    assert _open_files() == before


def test_a_delivery_writes_no_warning_into_the_log(session: DesktopSession, caplog):
    with caplog.at_level(logging.WARNING):
        _channel().deliver(CANCELLED)

    assert caplog.records == []


_ON_AN_UNKNOWN_SYSTEM = """
import asyncio, platform, sys
from notifiers.contract import DeliveryError
from notifiers.desktop import DesktopSettings, build
from tests.notifiers.samples import CANCELLED
platform.system = lambda: "Plan9"
sys.platform = "plan9"
channel = build(DesktopSettings(), app_name="Stornowacht", language="de")
for act in (channel.probe, lambda: channel.deliver(CANCELLED)):
    try:
        act()
    except DeliveryError as error:
        print(error.permanent, error.message)
"""


def test_a_system_whose_notifications_only_pretend_to_be_shown_is_not_believed():
    """The library has a stand-in for such systems: it confirms everything and shows nothing."""
    program = subprocess.run(
        [sys.executable, "-c", _ON_AN_UNKNOWN_SYSTEM], capture_output=True, text=True, timeout=30, check=False
    )

    refusal = "True Mit diesem Python lassen sich hier keine Benachrichtigungen zeigen."
    assert program.stdout.splitlines() == [refusal, refusal], program.stderr
