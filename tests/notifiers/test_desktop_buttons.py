"""The buttons of a notification, pressed on a real bus after the delivery has ended."""

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from notifiers.contract import Answering, DeliveryError
from notifiers.desktop import DesktopChannel, DesktopSettings, build
from notifiers.message import Link, Reply, Urgency
from tests.notifiers.desktop_session import DesktopSession, desktop_session
from tests.notifiers.samples import CANCELLED, TOKEN

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="a session bus is a thing of Linux desktops"),
]

ADDRESS = "https://example.org/case?x=1&y=2"
MESSAGE = replace(
    CANCELLED,
    actions=(Reply(label="Ich kümmere mich", token=TOKEN), Link(label="Öffnen", url=ADDRESS)),
)
TAKE_CARE, OPEN = "0", "1"


@pytest.fixture
def session(request, tmp_path, monkeypatch):
    with desktop_session(tmp_path, getattr(request, "param", "plain")) as session:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", session.address)
        yield session
    until(lambda: not _vigils(session))  # when the desktop goes, nobody keeps watch any more


@pytest.fixture
def visited(tmp_path, monkeypatch) -> Path:
    """A browser that writes down where it was sent."""
    program, visits = tmp_path / "browser", tmp_path / "visited"
    program.write_text(f'#!/bin/sh\nprintf "%s %s\\n" "$1" "$XDG_ACTIVATION_TOKEN" >> "{visits}"\n')
    program.chmod(0o700)
    visits.touch()
    monkeypatch.setenv("BROWSER", f"{program} %s")
    return visits


@pytest.fixture
def channel(tmp_path) -> DesktopChannel:
    return _channel(tmp_path)


def _channel(folder: Path, **settings) -> DesktopChannel:
    channel = build(DesktopSettings(**settings), app_name="Stornowacht", language="de")
    return channel.answering_in(folder / "answers")


def _vigils(session: DesktopSession) -> list[psutil.Process]:
    """The programs that keep watch over notifications of this desktop."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        if "notifiers.vigil" in (process.info["cmdline"] or []):
            with suppress(psutil.Error):  # it has just ended
                if process.environ().get("DBUS_SESSION_BUS_ADDRESS") == session.address:
                    found.append(process)
    return found


def until(is_so: Callable[[], object]) -> None:
    end = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.02)


def test_the_buttons_are_shown_in_their_order(session: DesktopSession, channel):
    receipt = channel.deliver(MESSAGE)

    (shown,) = session.shown
    assert shown["actions"][-4:] == ["0", "Ich kümmere mich", "1", "Öffnen"]
    assert shown["summary"] == "Storniert: Kinderfahrrad, 45 €"
    assert shown["hints"]["urgency"] == 2
    assert shown["expire_timeout"] == 0
    assert receipt.detail == "tiny 1.0"


def test_the_token_does_not_travel_over_the_bus(session: DesktopSession, channel):
    channel.deliver(MESSAGE)

    assert TOKEN not in str(session.shown)


def test_a_press_after_the_delivery_has_ended_is_heard_as_an_answer(session: DesktopSession, channel):
    channel.deliver(MESSAGE)
    assert channel.hear(since=None).answers == ()

    session.tell(f"press 1 {TAKE_CARE}")
    until(lambda: channel.hear(since=None).answers)

    (answer,) = channel.hear(since=None).answers
    assert answer.token == TOKEN
    assert answer.at.tzinfo is not None


def test_an_answer_is_confirmed_in_place_and_the_notification_goes_by_itself(
    session: DesktopSession, channel
):
    channel.deliver(MESSAGE)
    session.tell(f"press 1 {TAKE_CARE}")
    until(lambda: len(session.shown) == 2)

    again = session.shown[1]
    assert again["id"] == 1
    assert again["body"].endswith("\nDeine Antwort ist notiert.")
    assert again["actions"] == []
    assert 0 < again["expire_timeout"] < 10_000
    assert again["hints"]["urgency"] == 0
    until(lambda: not _vigils(session))


def test_an_answer_stays_until_somebody_remembers_it(session: DesktopSession, channel):
    channel.deliver(MESSAGE)
    session.tell(f"press 1 {TAKE_CARE}")
    until(lambda: channel.hear(since=None).answers)

    heard = channel.hear(since=None)
    assert channel.hear(since=None) == heard

    assert channel.hear(since=heard.since).answers == ()
    assert channel.hear(since=None).answers == ()


def test_open_opens_the_address_and_the_notification_stays(session: DesktopSession, channel, visited):
    channel.deliver(MESSAGE)

    session.tell(f"press 1 {OPEN}")
    until(visited.read_text)

    assert visited.read_text().split() == [ADDRESS]
    assert session.closed == []
    session.tell(f"press 1 {TAKE_CARE}")
    until(lambda: channel.hear(since=None).answers)


def test_a_click_on_the_notification_itself_opens_the_address(session: DesktopSession, channel, visited):
    channel.deliver(MESSAGE)

    session.tell("press 1 default")
    until(visited.read_text)

    assert visited.read_text().split() == [ADDRESS]


def test_what_lets_the_browser_come_to_the_front_is_handed_on(session: DesktopSession, channel, visited):
    channel.deliver(MESSAGE)

    session.tell("focus 1 front-please")
    session.tell(f"press 1 {OPEN}")
    until(visited.read_text)

    assert visited.read_text().split() == [ADDRESS, "front-please"]


@pytest.mark.parametrize("session", ["markup"], indirect=True)
def test_without_a_browser_the_notification_tells_the_address(session: DesktopSession, channel, monkeypatch):
    monkeypatch.setenv("BROWSER", "/nowhere/browser %s")
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("DISPLAY", raising=False)
    channel.deliver(MESSAGE)

    session.tell(f"press 1 {OPEN}")
    until(lambda: len(session.shown) == 2)

    again = session.shown[1]
    assert again["id"] == 1
    assert again["body"].endswith("Die Adresse: https://example.org/case?x=1&amp;y=2")
    assert again["actions"] == session.shown[0]["actions"]


def test_an_answer_that_cannot_be_kept_is_said_on_the_spot(session: DesktopSession, tmp_path):
    (tmp_path / "answers").write_text("a file where a folder should be")
    _channel(tmp_path).deliver(MESSAGE)

    session.tell(f"press 1 {TAKE_CARE}")
    until(lambda: len(session.shown) == 2)

    assert "Deine Antwort ist nicht angekommen" in session.shown[1]["body"]


def test_a_press_on_another_notification_is_none_of_ours(session: DesktopSession, channel):
    channel.deliver(MESSAGE)

    session.tell(f"press 7 {TAKE_CARE}")
    session.tell("press 1 17")
    session.tell(f"press 1 {TAKE_CARE}")
    until(lambda: channel.hear(since=None).answers)

    assert len(session.shown) <= 2
    assert len(channel.hear(since=None).answers) == 1


def test_the_next_notification_of_a_case_takes_the_place_of_the_last(session: DesktopSession, channel):
    channel.deliver(MESSAGE)
    channel.deliver(replace(MESSAGE, key="reminder"))
    until(lambda: session.closed == [1])

    until(lambda: len(_vigils(session)) == 1)
    assert {shown["id"] for shown in session.shown} == {1, 2}
    session.tell(f"press 2 {TAKE_CARE}")
    until(lambda: channel.hear(since=None).answers)


def test_a_notification_is_taken_off_the_screen_for_an_answer_that_came_another_way(
    session: DesktopSession, channel
):
    channel.deliver(MESSAGE)
    channel.deliver(replace(MESSAGE, thread="case-43"))
    channel.withdraw(MESSAGE.thread)
    until(lambda: session.closed == [1])
    until(lambda: len(_vigils(session)) == 1)
    channel.withdraw(MESSAGE.thread)
    channel.withdraw("case-that-was-never-shown")
    assert len(_vigils(session)) == 1
    session.tell(f"press 2 {TAKE_CARE}")
    until(lambda: channel.hear(since=None).answers)


def test_without_a_session_nothing_can_be_taken_off_the_screen(channel, monkeypatch):
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    with pytest.raises(DeliveryError) as refused:
        channel.withdraw(MESSAGE.thread)
    assert not refused.value.permanent


def test_notifications_of_other_cases_stay(session: DesktopSession, channel):
    channel.deliver(MESSAGE)
    other = Reply(label="Ich kümmere mich", token="z" * 20)
    channel.deliver(replace(MESSAGE, thread="case-43", actions=(other,)))

    session.tell("press 1 0")
    session.tell("press 2 0")
    until(lambda: len(channel.hear(since=None).answers) == 2)

    assert {answer.token for answer in channel.hear(since=None).answers} == {TOKEN, "z" * 20}


@pytest.mark.parametrize("words", ["dismiss 1", "leave"])
def test_nobody_keeps_watch_over_a_notification_that_is_gone(session: DesktopSession, channel, words):
    channel.deliver(MESSAGE)
    assert len(_vigils(session)) == 1

    session.tell(words)

    until(lambda: not _vigils(session))
    assert channel.hear(since=None).answers == ()


def test_when_the_time_is_over_no_dead_buttons_stay(session: DesktopSession, tmp_path):
    _channel(tmp_path, buttons=0.005).deliver(MESSAGE)

    until(lambda: len(session.shown) == 2)

    again = session.shown[1]
    assert again["id"] == 1
    assert again["actions"] == []
    assert again["body"] == session.shown[0]["body"]


def test_a_vigil_that_is_ended_leaves_no_dead_buttons(session: DesktopSession, channel):
    channel.deliver(MESSAGE)
    (vigil,) = _vigils(session)
    vigil.terminate()

    until(lambda: len(session.shown) == 2)

    assert session.shown[1]["actions"] == []


def test_a_vigil_belongs_to_nobodys_process_group(session: DesktopSession, channel):
    """The end of a delivery, and of everything it started, must not take the buttons along."""
    channel.deliver(MESSAGE)

    (vigil,) = _vigils(session)
    assert vigil not in psutil.Process().children(recursive=True)


@pytest.mark.parametrize("session", ["buttonless"], indirect=True)
def test_a_desktop_without_buttons_shows_the_message_all_the_same(session: DesktopSession, channel):
    channel.deliver(MESSAGE)

    assert session.shown[0]["body"] == "Kinderfahrrad, 45 €\nPaket NICHT abgeben"
    assert not _vigils(session)


def test_buttons_can_be_switched_off(session: DesktopSession, tmp_path):
    _channel(tmp_path, buttons=0).deliver(MESSAGE)

    assert "Ich kümmere mich" not in str(session.shown)


def test_without_a_folder_for_answers_only_links_are_shown(session: DesktopSession, channel):
    replace(channel, folder=None).deliver(MESSAGE)

    assert session.shown[0]["actions"] == ["default", "Öffnen", "0", "Öffnen"]


@pytest.mark.parametrize("session", ["refusing"], indirect=True)
def test_a_refused_notification_with_buttons_is_not_delivered(session: DesktopSession, channel):
    with pytest.raises(DeliveryError, match="nicht angenommen") as caught:
        channel.deliver(MESSAGE)

    assert not caught.value.permanent


@pytest.mark.parametrize("session", ["mute"], indirect=True)
def test_a_notification_with_buttons_that_nobody_confirms_is_not_delivered(session: DesktopSession, tmp_path):
    with pytest.raises(DeliveryError, match="nicht bestätigt"):
        _channel(tmp_path, timeout=0.3).deliver(MESSAGE)


def test_hostile_labels_are_harmless(session: DesktopSession, channel):
    hostile = (
        Reply(label="Ja\r\n\x1b[31m\u202e" + "x" * 100, token=TOKEN),
        Link(label="\x00<b>", url=ADDRESS),
    )
    channel.deliver(replace(MESSAGE, actions=hostile))

    label = session.shown[0]["actions"][3]
    assert label.isprintable()
    assert len(label) <= 30


def test_what_is_not_urgent_goes_by_itself(session: DesktopSession, channel):
    channel.deliver(replace(MESSAGE, urgency=Urgency.NORMAL))

    assert session.shown[0]["expire_timeout"] == -1


def test_a_folder_that_cannot_be_read_is_an_error_that_names_it(tmp_path):
    (tmp_path / "answers").write_text("a file where a folder should be")

    with pytest.raises(DeliveryError, match="answers") as caught:
        _channel(tmp_path).hear(since=None)

    assert caught.value.advice


def test_a_desktop_can_answer(channel):
    assert isinstance(channel, Answering)
