"""`listings --read`: what came of a reading, in words and as an exit code."""

from dataclasses import replace

import pytest

from fixtures.shop import many_ads
from tests.support.cli import CommandLine
from tests.support.clock import NOON
from tests.support.visiting import FakeVisitor
from watcher.errors import BusyError
from watcher.storage.store import SqliteStore


@pytest.fixture
def seller_of_glass(cli: CommandLine, visitor: FakeVisitor, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """Three ads at the practice shop, the second of them without a text."""
    for one in visitor.shop.own_ads():
        visitor.shop.remove_ad(one.id)
    for number, ad in enumerate(many_ads(3, NOON)):
        visitor.shop.put_ad(replace(ad, pictures=(), photos=2, text="" if number == 1 else ad.text))
    for module in ("listings_read", "listings", "watch"):
        monkeypatch.setattr(f"watcher.cli.{module}.now", visitor.clock)
    return cli


def test_what_came_of_it_is_said_beside_the_answer(
    seller_of_glass: CommandLine, visitor: FakeVisitor
) -> None:
    said = seller_of_glass("listings", "--read", "--json")
    assert said.code == 0
    assert "main: 3 ads, 3 new, 3 pages read, 0 gone." in said.err
    assert len(said.json["ads"]) == 3
    by_title = {ad["title"]: [each["rule"] for each in ad["findings"]] for ad in said.json["ads"]}
    assert "text_missing" in by_title[visitor.shop.own_ads()[1].title]
    assert said.json["complete"] is True


def test_what_waits_and_what_could_not_be_read_is_named(
    seller_of_glass: CommandLine, visitor: FakeVisitor
) -> None:
    seller_of_glass.write_config(more="[listings]\nads_per_reading = 2\n")
    first = visitor.shop.own_ads()[0]
    visitor.own_ad_walls = {first.id: "unreadable"}
    said = seller_of_glass("listings", "--read")
    assert said.code == 5
    assert f"1 ad could not be read: {first.id}." in said.err
    assert "1 ad waits for the next reading." in said.err


@pytest.mark.parametrize(
    ("wall", "code", "words"),
    [
        ("logged_out", 3, "logged out: run `stornowacht login`"),
        ("logged_out", 3, "What was met: the login page came instead of your ads."),
        ("blocked", 3, "blocked: Stornowacht waits"),
        ("unreachable", 4, "not reachable"),
        ("unreadable", 5, "loaded, but not understood"),
    ],
)
def test_a_wall_decides_the_exit_code(
    seller_of_glass: CommandLine, visitor: FakeVisitor, wall: str, code: int, words: str
) -> None:
    visitor.own_list_walls = {1: wall}
    said = seller_of_glass("listings", "--read")
    assert said.code == code
    assert words in said.err


def test_a_wall_before_the_first_ad_says_that_what_was_known_stays(
    seller_of_glass: CommandLine, visitor: FakeVisitor
) -> None:
    seller_of_glass("listings", "--read")
    visitor.own_list_walls = {1: "logged_out"}
    said = seller_of_glass("listings", "--read", "--json")
    assert "No ad was read; what was known before stays as it is." in said.err
    assert "3 ads" not in said.err
    assert len(said.json["ads"]) == 3


def test_a_block_that_a_reading_met_holds_back_the_next_one_and_every_check(
    seller_of_glass: CommandLine, visitor: FakeVisitor
) -> None:
    visitor.own_list_walls = {1: "blocked"}
    seller_of_glass("listings", "--read")
    visitor.own_list_walls = {}
    visitor.own_list_pages = []
    said = seller_of_glass("listings", "--read")
    assert (said.code, visitor.own_list_pages) == (3, [])
    assert "your ads wait" in said.err
    assert seller_of_glass("check").code == 3


def test_a_busy_profile_is_no_fault_of_the_schedule(
    seller_of_glass: CommandLine, visitor: FakeVisitor
) -> None:
    visitor.refuses = BusyError("The profile is in use.")
    assert seller_of_glass("listings", "--read", "--scheduled").code == BusyError.scheduled_exit_code
    said = seller_of_glass("listings", "--read")
    assert said.code == BusyError.exit_code
    assert "The profile is in use." in said.err


def test_one_account_that_cannot_be_visited_holds_up_no_other(
    seller_of_glass: CommandLine, visitor: FakeVisitor
) -> None:
    seller_of_glass.write_config(more='[[account]]\nname = "main"\n[[account]]\nname = "second"\n')
    visitor.breaks_for = {"main": BusyError("The profile is in use.")}
    said = seller_of_glass("listings", "--read")
    assert said.code == BusyError.exit_code
    assert "second: 3 ads" in said.err
    store = SqliteStore(seller_of_glass.data)
    assert len(store.ads().of("second")) == 3
    store.close()


def test_the_terms_must_have_been_accepted(seller_of_glass: CommandLine, visitor: FakeVisitor) -> None:
    seller_of_glass.write_config(terms=False)
    assert seller_of_glass("listings", "--read").code == 2
    assert visitor.own_list_pages == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('every = "12h"', "1d is the shortest; the site is not ours"),
        ('every = "often"', 'such as "7d", or "never"'),
        ("every = 7", 'such as "7d", or "never"'),
        ("ads_per_reading = 0", "ads_per_reading"),
        ("ads_per_reading = 61", "ads_per_reading"),
    ],
)
def test_settings_that_make_no_sense_are_refused(cli: CommandLine, line: str, words: str) -> None:
    cli.write_config(more=f"[listings]\n{line}\n")
    said = cli("status")
    assert said.code == 2
    assert words in said.err


def test_never_and_a_day_are_allowed_and_on_this_machine_less(cli: CommandLine) -> None:
    shop = 'base_url = "http://127.0.0.1:9"\ngateway_url = "http://127.0.0.1:9"\n'
    for more in (
        '[listings]\nevery = "never"\n',
        '[listings]\nevery = "1d"\n',
        f'[site]\n{shop}[listings]\nevery = "5s"\n',
    ):
        cli.write_config(more=more)
        assert cli("status").code == 0, more
