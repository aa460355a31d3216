"""`stornowacht run` learns where a parcel is whose sale was cancelled: from a server in DHL's manner, from a mail of DHL's.

Real daemons, real children, a real mail server; no browser, for nothing is visited.
"""

import json
import os
import signal
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.mailbox.dovecot import PASSWORD, USERNAME
from tests.mailbox.mails import carrier_mail
from tests.support.clock import Clock
from tests.support.daemon import lines, start, wait_for
from tests.support.mail_server import dovecot
from tests.support.parcels import Depot, FakeSource
from tests.support.program import program, run_program
from tests.tracking.dhl_server import HANDED_IN, KEY, LOADED, body, dhl, shipment

__all__ = ["dovecot", "start"]  # fixtures that tests find here
pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

CONFIG = """language = "en"
[terms]
i_accept_the_risk = true
[storage]
dir = "{data}"
[site]
base_url = "http://127.0.0.1:9"
gateway_url = "http://127.0.0.1:9"
{more}
"""
ASKING = """[watch]
mode = "passive"
[tracking.dhl]
key = "env:TEST_DHL_KEY"
every = "2s"
base_url = "{url}"
"""
READING = """[watch]
mode = "mail"
[mailbox]
host = "127.0.0.1"
port = {port}
security = "none"
username = "{username}"
password = "env:TEST_MAILBOX_PASSWORD"
"""


@dataclass(frozen=True)
class Place:
    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def configure(self, more: str) -> None:
        (self.folder / "config.toml").write_text(CONFIG.format(data=self.data, more=more), encoding="utf-8")

    def command(self, *arguments: str) -> list[str]:
        return [*program(), *arguments, "--config", str(self.folder / "config.toml")]

    def json(self, *arguments: str):
        config = str(self.folder / "config.toml")
        code, out, err = run_program([*arguments, "--json", "--config", config], timeout=30)
        assert code == 0, err
        return json.loads(out)


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("TEST_DHL_KEY", KEY)
    with dhl() as started:
        yield started.answers(200, body(shipment(HANDED_IN)))


@pytest.fixture
def place(tmp_path):
    """A machine that knows a cancelled order with a tracking number."""
    place = Place(tmp_path)
    depot = Depot(place.data, FakeSource(), Clock(datetime.now(UTC)))
    depot.case(depot.order())
    depot.store.close()
    return place


def said(place):
    with closing(sqlite3.connect(place.data / "stornowacht.db")) as database:
        return [row[0] for row in database.execute("SELECT milestone FROM sightings ORDER BY at")]


def test_the_daemon_follows_a_parcel_and_a_restart_forgets_no_question(place, server, start, tmp_path):
    place.configure(ASKING.format(url=server.url))
    daemon = start()
    wait_for(lambda: said(place) == ["handed_in"])
    server.answers(200, body(shipment(LOADED, HANDED_IN)))
    wait_for(lambda: said(place) == ["handed_in", "out_for_delivery"])
    steps = {step["id"]: step["done"] for step in place.json("cases")[0]["steps"]}
    assert steps["ask_buyer_at_door"] is False, "the case has followed the parcel"

    os.kill(daemon.pid, signal.SIGKILL)
    daemon.wait(timeout=30)
    before = place.json("status")["tracking"][0]["asked_today"]
    assert before >= 2
    asked = len(server.asked)
    daemon = start()
    wait_for(lambda: len(server.asked) > asked)
    wait_for(lambda: place.json("status")["tracking"][0]["asked_today"] > before)

    server.answers(401)
    wait_for(lambda: place.json("status")["tracking"][0]["problem"] == "key_refused")
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(timeout=60) == 0
    assert not lines(tmp_path, "poll_failed")
    assert not lines(tmp_path, "job_failed")


def test_a_mail_of_the_carrier_moves_the_case_and_is_left_as_it_lies(
    place, dovecot, start, tmp_path, monkeypatch
):
    monkeypatch.setenv("TEST_MAILBOX_PASSWORD", PASSWORD)
    mailbox = dovecot()
    place.configure(READING.format(port=mailbox.port, username=USERNAME))
    start()
    wait_for(lambda: [line for line in lines(tmp_path, "mailbox_health") if line["ok"]])
    mailbox.deliver(carrier_mail(results=["mx.example.org; dkim=fail header.d=dhl.de"]))
    mailbox.deliver(carrier_mail(2, subject="Ihr DHL Paket liegt zur Abholung bereit"))
    wait_for(lambda: said(place) == ["held_at_pickup"])
    steps = {step["id"]: step["done"] for step in place.json("cases")[0]["steps"]}
    assert steps["ask_buyer_not_to_collect"] is False
    assert [path.split("/")[0] for path in mailbox.files()] == ["new", "new"], "no mail is marked as seen"
    [told] = lines(tmp_path, "carrier_mail_came")
    assert (told["carrier"], told["read"]) == ("dhl", "learnt")
    assert not lines(tmp_path, "check_began"), "it brings no visit"
