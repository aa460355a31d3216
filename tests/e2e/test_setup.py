"""The set-up as a person uses it: a real browser from its first page to a working watch, and never the terminal again."""

import os
import re
import signal
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.notifiers.mail_host import PASSWORD, USERNAME, mail_host
from tests.support.daemon import wait_for
from tests.support.screen import display, hands, window_titled
from watcher.config_file import load

__all__ = ["display"]  # a fixture that tests find here

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

NOT_ACCEPTED = """# my own notes
language = "en"
[storage]
dir = "{data}"  # where it lies
[site]
base_url = "{site}"
gateway_url = "{gateway}"
[watch]
hot = "1h"
live = "1h"
quiet = "1h"
[dashboard]
port = 0
"""


@contextmanager
def a_set_up(place) -> Iterator[tuple[psutil.Popen, str]]:
    """Start the set-up; yields its process and the address that lets in."""
    said = place.folder / "said"
    with said.open("w") as out, (place.folder / "complained").open("w") as err:
        process = psutil.Popen(
            place.command("setup", "--print"),
            stdout=out,
            stderr=err,
            start_new_session=True,
            env={**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"},
        )
        try:
            yield process, wait_for(said.read_text).split()[0]
        finally:
            if process.is_running():
                process.send_signal(signal.SIGTERM)
                process.wait(timeout=60)


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 375, "height": 812})
    yield context.new_page()
    context.close()


def onward(page: Page) -> None:
    page.locator("#onward").get_by_role("link", name="Continue").click()


@pytest.mark.human_acts
@pytest.mark.one_sale
def test_from_the_first_page_to_a_working_watch(logged_in, display, page: Page) -> None:
    shop = logged_in.shop
    logged_in.config.write_text(
        NOT_ACCEPTED.format(data=logged_in.storage, site=shop.base_url, gateway=shop.gateway_url)
    )
    with mail_host(login=True) as post, a_set_up(logged_in) as (process, address):
        page.goto(address)
        assert "token" not in page.url
        page.get_by_role("link", name="Let us begin").click()

        page.get_by_role("button", name="Accept and continue").click()
        expect(page.get_by_role("alert")).to_contain_text("nothing is visited")
        assert not load(logged_in.config).terms.i_accept_the_risk
        page.get_by_role("checkbox").check()
        page.get_by_role("button", name="Accept and continue").click()

        expect(page.locator("#state")).to_contain_text("proven just now", timeout=120_000)
        assert shop.requests == [], "nothing was visited so far"
        onward(page)

        page.get_by_label("Your e-mail address").fill("seller@example.org")
        held: list[Route] = []
        page.route("**/setup.js", lambda route: held.append(route))  # noqa: PLW0108 - the driver marks its handlers
        page.get_by_role("button", name="Continue").click()
        page.get_by_label("Outgoing mail server").fill("127.0.0.1")
        page.get_by_label("Port").fill(str(post.port))  # before the script is there
        for route in held:
            route.continue_()
        page.unroute("**/setup.js")
        page.wait_for_load_state()
        page.get_by_label("Encryption").select_option("none")
        page.get_by_label("Login name").fill(USERNAME)
        page.get_by_label("Password").fill("wrong")
        page.go_back()
        page.go_forward()
        expect(page.get_by_label("Port")).to_have_value(str(post.port))  # nothing typed is lost ...
        expect(page.get_by_label("Password")).to_have_value("")  # ... but a password is kept nowhere
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Send a test mail").click()
        expect(page.get_by_role("alert")).to_contain_text("535")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Send a test mail").click()
        expect(page.get_by_role("status").first).to_contain_text("The test was taken")
        assert [mail["To"] for mail in post.mails] == ["seller@example.org"]
        onward(page)
        onward(page)  # screen and phone: not needed here
        expect(page.get_by_role("heading", level=1)).to_have_text("How often, and when not")
        onward(page)

        page.get_by_role("button", name="Open the window").click()
        expect(page.locator("#state")).to_contain_text("The window is open")
        window = window_titled("^Nachrichten")
        time.sleep(1.5)
        hands("windowfocus", window)
        hands("key", "ctrl+w")
        expect(page.locator("#state")).to_contain_text("Logged in as", timeout=90_000)
        onward(page)

        expect(page.locator("#state")).to_contain_text("Friteuse")
        page.get_by_role("button", name="Look again").click()
        expect(page.locator("#state")).to_contain_text("Looking since")
        expect(page.locator("#state")).to_contain_text("shipped", timeout=90_000)
        onward(page)

        expect(page.get_by_role("heading", level=1)).to_have_text("Everything is set")
        page.get_by_role("button", name="Watch from now on").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("The watch begins")

        said = logged_in.folder / "said"
        dashboard = wait_for(lambda: re.search(r"http://\S+token=\S+", said.read_text().partition("\n")[2]))
        page.goto(dashboard[0])
        expect(page.locator("body")).to_contain_text("Stornowacht")
        shop.happen("friteuse", "BUYER_CANCELLED", at=datetime.now(UTC))
        logged_in.make_due()
        told = wait_for(lambda: post.mails[1:], seconds=90)
        assert "Friteuse" in str(told[0]["Subject"])

        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
        assert "Traceback" not in (logged_in.folder / "complained").read_text()
    config = logged_in.config.read_text()
    assert config.startswith("# my own notes\n")
    assert "# where it lies" in config
    assert PASSWORD not in config
    kept = logged_in.config.with_name("mail-password")
    assert (kept.read_text(), stat.S_IMODE(kept.stat().st_mode)) == (PASSWORD, 0o600)
    assert stat.S_IMODE(logged_in.config.stat().st_mode) == 0o600


def test_ctrl_c_ends_it_and_says_how_to_go_on(place) -> None:
    place.config.unlink()
    with a_set_up(place) as (process, address):
        assert address.startswith("http://127.0.0.1:")
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 130
    said = (place.folder / "said").read_text()
    assert f"setup --config {place.config}" in said
    assert not place.config.exists()


def test_every_page_fits_a_narrow_screen(place, page: Page) -> None:
    place.configure()
    page.set_viewport_size({"width": 360, "height": 640})
    with a_set_up(place) as (_process, address):
        page.goto(address)
        base = address.partition("?")[0]
        for path in ("", "terms", "browser", "mail", "ways", "pace?change", "login", "look", "done"):
            page.goto(base + path)
            assert page.evaluate("document.documentElement.scrollWidth") == 360, path
            small = page.evaluate(
                "[...document.querySelectorAll('main a, main button, main summary, main select')]"
                ".filter(each => each.checkVisibility() && each.closest('p, li') === null)"
                ".filter(each => each.getBoundingClientRect().height < 44).map(each => each.outerHTML)"
            )
            assert small == [], path


def test_it_works_without_scripts(place, chromium: Browser) -> None:
    place.configure()
    context = chromium.new_context(java_script_enabled=False)
    with a_set_up(place) as (_process, address):
        page = context.new_page()
        page.goto(address)
        page.goto(address.partition("?")[0] + "pace?change")
        page.get_by_label("While a sale is under way").select_option("30m")
        page.get_by_role("button", name="Keep").click()
        expect(page.locator("dl")).to_contain_text("every 30 minutes")
    context.close()
    assert load(Path(place.config)).watch.live.total_seconds() == 1800


def test_a_port_that_is_asked_for_is_taken(place) -> None:
    free = subprocess.run(
        [
            "python3",
            "-c",
            "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    said = place.folder / "port"
    with said.open("w") as out:
        process = subprocess.Popen(place.command("setup", "--print", "--port", free), stdout=out)
        try:
            assert f":{free}/?token=" in wait_for(said.read_text)
        finally:
            process.terminate()
            process.wait(timeout=30)
