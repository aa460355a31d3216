"""[mailbox] replies and reply_from: whose replies count, and where anybody reads them."""

from collections.abc import Callable

import pytest

from watcher.bootstrap import mailbox_settings
from watcher.config import Config

MAILBOX = '[mailbox]\nhost = "imap.example.org"\nusername = "me"\npassword = "env:HOME"\n'
EMAIL = '[notify.email]\nto = ["Ich <Me@Example.org>", "you@example.org"]\nsender = "w@example.org"\nhost = "mx.example.org"\n'
Load = Callable[[str], Config]


@pytest.mark.parametrize(
    ("mode", "more", "watched_and_read"),
    [
        ("scheduled", EMAIL, (False, False)),
        ("scheduled", f"replies = true\n{EMAIL}", (True, True)),
        ("passive", f"replies = true\n{EMAIL}", (True, True)),
        ("mail", EMAIL, (True, True)),
        ("mail", "", (True, False)),
    ],
)
def test_replies_are_read_where_the_mailbox_is_watched_and_mails_go_out(
    config: Load, mode: str, more: str, watched_and_read: tuple[bool, bool]
) -> None:
    found = config(f'[watch]\nmode = "{mode}"\n{MAILBOX}{more}')
    assert (found.watches_mailbox, found.reads_replies) == watched_and_read


def test_without_a_mailbox_nobody_reads_replies(config: Load) -> None:
    assert not config(EMAIL).reads_replies


def test_replies_count_from_those_who_get_the_alerts(config: Load) -> None:
    found = config(f"{MAILBOX}replies = true\n{EMAIL}")
    assert found.mailbox is not None
    assert mailbox_settings(found, found.mailbox).reply_from == ("me@example.org", "you@example.org")


def test_other_addresses_can_be_named_instead(config: Load) -> None:
    found = config(f'{MAILBOX}replies = true\nreply_from = ["Phone@Example.org"]\n{EMAIL}')
    assert found.mailbox is not None
    assert mailbox_settings(found, found.mailbox).reply_from == ("phone@example.org",)


def test_where_replies_are_not_read_nobodys_count(config: Load) -> None:
    found = config(f"{MAILBOX}{EMAIL}")
    assert found.mailbox is not None
    assert mailbox_settings(found, found.mailbox).reply_from == ()


def test_replies_without_mails_are_a_mistake(mistakes: Callable[[str], list[str]]) -> None:
    [line] = mistakes(f"{MAILBOX}replies = true\n")
    assert line.startswith("[mailbox] replies = true needs a table [notify.email]")


@pytest.mark.parametrize(
    "address", ["@example.org", "example.org", "*@example.org x", "me@", "a@b@example.org", ""]
)
def test_who_may_reply_is_an_address_and_not_a_domain(
    mistakes: Callable[[str], list[str]], address: str
) -> None:
    [line] = mistakes(f'{MAILBOX}reply_from = ["{address}"]\n')
    assert "whole addresses" in line
