"""`dashboard`: opens what a watch serves, or says how to get one."""

import webbrowser
from collections.abc import Iterator

import pytest

from tests.support.cli import CommandLine
from tests.web.client import Client
from watcher.config_file import load
from watcher.web.server import serving


@pytest.fixture
def address(seller: CommandLine) -> Iterator[str]:
    """Where the dashboard is served, on a port of its own."""
    seller.write_config(more="[dashboard]\nport = 0\n")
    with serving(load(seller.config), seller.config) as address:
        yield address


def test_the_address_that_is_printed_lets_its_reader_in(seller: CommandLine, address: str) -> None:
    printed = seller("dashboard", "--print").out.strip()
    assert printed.startswith(address)
    assert seller("dashboard", "--json").json == {"url": printed}
    entered = Client(address=address, token="").get(printed.removeprefix(address.rstrip("/")), Cookie="")
    assert (entered.status, "set-cookie" in entered.headers) == (303, True)


def test_it_is_opened_in_the_browser_and_printed_where_there_is_none(
    seller: CommandLine, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda url: opened.append(url) or True)
    assert seller("dashboard").out == ""
    assert opened[0].startswith(address)
    monkeypatch.setattr(webbrowser, "open", lambda _: False)
    assert seller("dashboard").out.strip() == opened[0]


@pytest.mark.parametrize(
    ("more", "way_out"), [("", "stornowacht run"), ("enabled = false", "[dashboard] enabled")]
)
def test_without_a_dashboard_the_way_to_one_is_named(cli: CommandLine, more: str, way_out: str) -> None:
    cli.write_config(more=f"[dashboard]\n{more}\n")
    said = cli("dashboard")
    assert said.code == 2
    assert way_out in said.err
