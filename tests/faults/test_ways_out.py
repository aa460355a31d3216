"""Mail server, ntfy, desktop down for days: told through the others, nothing lost, one message each when they are back."""

import os
from pathlib import Path

import pytest

from notifiers.contract import Channel
from notifiers.discovery import channel
from notifiers.message import Message, Receipt
from tests.app.conftest import clock, known, played, tmp_path
from tests.notifiers.bench import bench_of
from tests.support.rooms import CASE_RULES, PACE, Rooms
from watcher.app.round import RoundRules, deliver_round
from watcher.app.verify import verify
from watcher.domain.alert import AlertKind
from watcher.postman.postman import ChannelPostman

__all__ = ["clock", "known", "played", "tmp_path"]  # fixtures that tests find here

RULES = RoundRules(accounts=["main"], pace=PACE, cases=CASE_RULES)
GONE: dict[str, dict[str, object]] = {
    "email": {"port": 9},
    "ntfy": {"server": "http://127.0.0.1:9"},
    "desktop": {},
}
"""What of the settings leads nowhere; the desktop's way is its session's address."""
DAYS = 4


class Other:
    """A second channel that works all the time, and keeps what it is given."""

    name = "other"

    def __init__(self) -> None:
        self.told: list[str] = []

    def deliver(self, message: Message) -> Receipt:
        self.told.append(message.subject)
        return Receipt(channel="other", detail="taken")

    def probe(self) -> Receipt:
        return Receipt(channel="other", detail="ready")


def built(name: str, settings: dict[str, object]) -> Channel:
    kind = channel(name)
    assert kind is not None
    return kind.build(kind.settings.model_validate(settings), app_name="Stornowacht", language="en")


def postman_of(rooms: Rooms, **channels: Channel) -> ChannelPostman:
    return ChannelPostman(
        channels=channels,
        store=rooms.store,
        vault=rooms.vault,
        language="en",
        base_url="https://www.kleinanzeigen.de",
        clock=rooms.clock,
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(GONE))
def test_a_way_out_that_is_down_for_days_is_told_through_another_and_loses_nothing(
    known: Rooms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    other = Other()
    with bench_of(name)(tmp_path, monkeypatch) as bench:
        address = os.environ.get("DBUS_SESSION_BUS_ADDRESS", "")
        if name == "desktop":
            monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/gone")
        gone = built(name, {**bench.settings, **GONE[name], "timeout": 1})
        down = postman_of(known, **{"other": other, name: gone})
        known.shop.happen("friteuse", "BUYER_CANCELLED")
        known.check(channels=[name, "other"])
        for _half_day in range(2 * DAYS):
            deliver_round(known.store, down, rules=RULES, clock=known.clock)
            known.clock.forward(hours=12)
        assert bench.arrived() == []
        health = known.store.channel_health(name)
        assert (health.failing_since is not None, bool(health.advice)) == (True, True)
        assert any("Friteuse" in subject for subject in other.told), "no channel waits for another"
        dead = [
            dict(entry.alert.details)
            for entry in known.store.outbox()
            if entry.alert.kind is AlertKind.CHANNEL_DEAD
        ]
        assert {each["channel"] for each in dead} == {name}
        assert 1 <= len(dead) <= DAYS, "once, and again each day"

        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        back = postman_of(known, **{"other": other, name: built(name, dict(bench.settings))})
        for _round in range(3):
            deliver_round(known.store, back, rules=RULES, clock=known.clock)
            known.clock.forward(hours=1)
        assert "Friteuse" in "\n".join(bench.arrived())
        assert known.store.channel_health(name).failing_since is None
        kinds = [entry.alert.kind for entry in known.store.outbox() if entry.channel == "other"]
        assert kinds.count(AlertKind.CHANNEL_BACK) == 1
        assert not [
            entry for entry in known.store.outbox() if entry.sent_at is None and entry.dropped_at is None
        ]
        assert verify(known.store, known.vault).ok
