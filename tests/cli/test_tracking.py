"""Carriers' interfaces on the command line: asked by the hidden command and by hand, shown where something is wrong."""

from collections.abc import Iterator

import pytest

from tests.support.cli import CommandLine
from tests.support.clock import NOON
from tests.tracking.dhl_server import ANNOUNCED, HANDED_IN, KEY, NUMBER, Dhl, body, dhl, shipment
from watcher.bootstrap import attributions, house
from watcher.cli.ask import asked
from watcher.config import ConfigError
from watcher.config_file import load
from watcher.domain.parcel import Milestone, Origin, Sighting
from watcher.storage.store import SqliteStore


@pytest.fixture
def server() -> Iterator[Dhl]:
    with dhl() as started:
        yield started.answers(200, body(shipment(HANDED_IN, ANNOUNCED)))


@pytest.fixture
def order(seller: CommandLine, order_id: str, server: Dhl, monkeypatch: pytest.MonkeyPatch) -> str:
    """The cancelled order; the seller has typed its number, and has a key of DHL's."""
    typed = Sighting(
        order=order_id,
        milestone=Milestone.UNKNOWN,
        at=NOON,
        learnt_at=NOON,
        origin=Origin.SELLER,
        carrier="dhl",
        number=NUMBER,
    )
    store = SqliteStore(seller.data)
    with store.writing() as writing:
        writing.save_sighting(typed)
    store.close()
    monkeypatch.setenv("TEST_DHL_KEY", KEY)
    seller.write_config(more=f'[tracking.dhl]\nkey = "env:TEST_DHL_KEY"\nbase_url = "{server.url}"\n')
    return order_id


def known(seller: CommandLine, order: str) -> list[Milestone]:
    store = SqliteStore(seller.data)
    try:
        return [each.milestone for each in store.sightings(order) if each.origin is Origin.API]
    finally:
        store.close()


def test_the_hidden_command_asks_once_and_is_quiet(seller: CommandLine, order: str, server: Dhl) -> None:
    said = seller("poll")
    assert (said.code, said.all) == (0, "")
    assert known(seller, order) == [Milestone.LABEL_CREATED, Milestone.HANDED_IN]
    assert seller("poll").code == 0
    assert len(server.asked) == 1
    assert server.asked[0].headers["dhl-api-key"] == KEY


def test_the_hidden_command_is_not_in_the_list(seller: CommandLine) -> None:
    assert " poll" not in seller("--help", with_config=False).out


def test_without_an_interface_nobody_is_asked(seller: CommandLine, order: str, server: Dhl) -> None:
    seller.write_config()
    assert seller("poll").code == 0
    assert server.asked == []
    assert "questions" not in seller("status").out
    assert seller("status", "--json").json["tracking"] == []


def test_status_says_how_much_of_the_day_is_used(seller: CommandLine, order: str) -> None:
    seller("poll")
    assert "DHL Shipment Tracking – Unified: 1 of 250 questions asked today." in seller("status").out
    [told] = seller("status", "--json").json["tracking"]
    assert (told["source"], told["asked_today"], told["per_day"], told["problem"]) == ("dhl", 1, 250, None)


def test_a_refused_key_is_shown_in_status_with_the_way_out(
    seller: CommandLine, order: str, server: Dhl
) -> None:
    server.answers(401)
    assert seller("poll").code == 0
    shown = seller("status").out
    assert "refuses your key" in shown
    assert "[tracking.dhl]" in shown
    [told] = seller("status", "--json").json["tracking"]
    assert told["problem"] == "key_refused"
    assert told["since"]
    assert told["not_before"]
    assert KEY not in shown


def test_the_doctor_tells_a_refused_key_and_asks_nobody(seller: CommandLine, order: str, server: Dhl) -> None:
    server.answers(403)
    seller("poll")
    server.asked.clear()
    found = {each["name"]: each for each in seller("doctor", "--json").json}
    assert found["tracking/dhl"]["state"] == "bad"
    assert "refuses your key" in found["tracking/dhl"]["said"]
    assert found["tracking/dhl"]["advice"]
    assert server.asked == []


def test_a_key_that_cannot_be_had_is_told_by_every_command_that_needs_it(
    seller: CommandLine, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TEST_DHL_KEY")
    for command in ("poll", "run"):
        said = seller(command)
        assert said.code == 2
        assert "[tracking.dhl] key" in said.err
        assert "TEST_DHL_KEY" in said.err
    found = {each["name"]: each for each in seller("doctor", "--json").json}
    assert found["tracking/dhl"]["state"] == "bad"


def test_the_human_asks_and_sees_what_is_known_then(
    seller: CommandLine, order: str, server: Dhl, capsys: pytest.CaptureFixture[str]
) -> None:
    with house(load(seller.config)) as our:
        tracked = asked(our, order[:4])
        assert (tracked.parcel.milestone, tracked.new) == (Milestone.HANDED_IN, 2)
        assert attributions(tracked.sightings) == ["Delivered by Deutsche Post DHL Group"]
    assert capsys.readouterr().err == ""


def test_what_stands_in_the_way_is_said_with_what_is_known(
    seller: CommandLine, order: str, server: Dhl, capsys: pytest.CaptureFixture[str]
) -> None:
    server.answers(429, b"", Retry_After="3600")
    with house(load(seller.config)) as our:
        assert asked(our, order).parcel.number == NUMBER
        assert "too many were asked" in capsys.readouterr().err
        assert asked(our, order).new == 0
        assert "left alone until" in capsys.readouterr().err
    assert len(server.asked) == 1


def test_where_no_interface_has_spoken_nothing_must_be_named(seller: CommandLine, order: str) -> None:
    store = SqliteStore(seller.data)
    assert attributions(store.sightings(order)) == []
    store.close()


def test_a_missing_key_is_a_fault_with_words_for_the_human(
    seller: CommandLine, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TEST_DHL_KEY")
    with house(load(seller.config)) as our, pytest.raises(ConfigError, match=r"\[tracking.dhl\] key"):
        asked(our, order)
