"""How the ways out stand is seen in `status`, whether they work or not."""

import json
from datetime import UTC, datetime

import pytest

from tests.support.cli import CommandLine
from watcher.domain.channel_health import ChannelHealth, Failure
from watcher.storage.store import SqliteStore

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
MAIL = '[notify.email]\nto = "me@example.org"\nsender = "me@example.org"\nhost = "127.0.0.1"\nport = 9\nsecurity = "none"\n'
REFUSED = Failure(problem="535 wrong\x1b[31m password", permanent=True, advice="Make an app password.")


@pytest.fixture
def mailing(cli: CommandLine) -> CommandLine:
    cli.write_config(more=MAIL + '[heartbeat]\nurl = "https://hc.example.org/ping/secret"\n')
    return cli


def remember(cli: CommandLine, health: ChannelHealth) -> None:
    store = SqliteStore(cli.data)
    with store.writing() as writing:
        writing.save_channel_health(health)
    store.close()


def test_a_channel_that_was_never_tried_is_called_that(mailing: CommandLine) -> None:
    assert "Channel email: nothing was sent through it yet" in mailing("status").out


def test_a_channel_that_works_says_when_it_last_did(mailing: CommandLine) -> None:
    remember(mailing, ChannelHealth(channel="email").took(at=AT))
    assert "Channel email: works; it last took an alert" in mailing("status").out


def test_a_dead_channel_says_why_and_what_to_do(mailing: CommandLine) -> None:
    remember(mailing, ChannelHealth(channel="email").failed(REFUSED, at=AT))
    out = mailing("status").out
    assert "Channel email: DEAD since" in out
    assert "Make an app password." in out
    assert "\x1b" not in out
    [health] = json.loads(mailing("status", "--json").out)["channel_health"]
    assert (health["state"], health["permanent"], health["failures"]) == ("dead", True, 1)


def test_the_sign_of_life_is_shown_and_its_address_is_not(mailing: CommandLine) -> None:
    assert "Sign of life ([heartbeat]): none was given yet" in mailing("status").out
    store = SqliteStore(mailing.data)
    with store.writing() as writing:
        state = {"tried_at": AT.isoformat(), "worked_at": None, "problem": "404 not found"}
        writing.save_remembered("heartbeat", json.dumps(state))
    store.close()
    said = mailing("status")
    assert "not taken (404 not found), last given –" in said.out
    whole = mailing("status", "--json").out
    assert json.loads(whole)["heartbeat"]["problem"] == "404 not found"
    assert "secret" not in said.out + whole


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ('[heartbeat]\nurl = "env:NO_SUCH_HEARTBEAT"', "[heartbeat] url"),
        (
            '[notify.webhook]\nurl = "https://example.org/hook"\nsecret = "env:NO_SUCH_KEY"',
            "[notify.webhook] secret",
        ),
    ],
)
def test_what_a_reference_does_not_lead_to_is_told_at_the_start(
    cli: CommandLine, table: str, told: str
) -> None:
    cli.write_config(more=table)
    said = cli("run")
    assert said.code == 2
    assert told in said.err
