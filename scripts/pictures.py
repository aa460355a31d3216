"""Play a cancellation at the practice shop and take the pictures of the docs; needs a browser.

    python scripts/pictures.py                    # all
    python scripts/pictures.py setup-risk ship    # those in whose name one of these words stands

Everything in them has really happened: the shop is visited by the real check in a real browser, its captures lie in the
archive, the answer before handing in is a fresh look. Only the moments differ from one run to the next.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from fixtures.shop import LOGIN_EMAIL, LOGIN_PASSWORD, Shop, five_orders
from fixtures.shop.histories import PARTING_WORDS
from watcher.bootstrap import house
from watcher.browser.finder import find_browser, sandbox_works
from watcher.browser.practice import log_in_at_practice_shop
from watcher.config import Config
from watcher.config_file import load
from watcher.demo.mailbox import Mailbox
from watcher.domain.stage import Stage
from watcher.web.server import dashboard_url, serving

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
LARGEST = 150_000
"""Bytes of one picture."""
_QUALITY = 82
_PATIENCE = 120_000
"""Milliseconds for the proof of a browser."""
_QUESTION = ("fahrradkorb", "Ist der Henkel wirklich ganz heil?", timedelta(hours=5))
"""What a buyer asks: of which deal, what, how long ago."""
_PHONE, _WIDE, _LOW = (375, 812), (1280, 900), (1280, 560)
_NOTE = "DHL-Hotline, 10:12 Uhr: Rückruf der Sendung ist aufgenommen, Bestätigung kommt per Mail."
_CONFIG = """language = "de"
[terms]
i_accept_the_risk = true
[storage]
dir = "{folder}/data"
[site]
base_url = "{shop.base_url}"
gateway_url = "{shop.gateway_url}"
[dashboard]
port = 0
[notify.email]
to = "marlene@example.org"
sender = "stornowacht@example.org"
host = "127.0.0.1"
port = {mailbox.port}
security = "none"
"""
# What a practice shop is spared elsewhere is set as it is by default for the real site.
_BEFORE_SETUP = """language = "de"
[storage]
dir = "{folder}/data"
[site]
base_url = "{shop.base_url}"
gateway_url = "{shop.gateway_url}"
[remind]
quiet_hours = "22:00-07:00"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A dashboard that is served, with a cancellation behind it."""

    config: Config
    address: str
    key: str
    """The address that lets a browser in."""
    cancelled: str
    paid: str
    """The order that waits to be handed in."""


@contextmanager
def played(folder: Path) -> Iterator[Played]:
    """Play in `folder` and serve what came of it, with the shop still open."""
    with (
        Shop(five_orders(datetime.now(UTC) - timedelta(minutes=25))) as shop,
        _mailbox(folder / "mail") as mailbox,
    ):
        shop.delay = 0
        path = folder / "config.toml"
        path.write_text(
            _CONFIG.format(folder=folder.as_posix(), shop=shop, mailbox=mailbox), encoding="utf-8"
        )
        config = load(path)
        log_in_at_practice_shop(
            "main",
            url=f"{shop.base_url}/m-einloggen.html?targetUrl=/m-nachrichten.html",
            email=LOGIN_EMAIL,
            password=LOGIN_PASSWORD,
            storage=config.storage_dir,
            executable=None,
        )
        _run("check", path)
        deal, words, ago = _QUESTION
        shop.say(deal, words, at=datetime.now(UTC) - ago)
        shop.say("friteuse", PARTING_WORDS[0])
        shop.happen("friteuse", "BUYER_CANCELLED")
        _run("check", path)
        with house(config) as our:
            orders = our.store.orders()
        cancelled = next(order.id for order in orders if order.stage is Stage.CANCELLED)
        paid = next(order.id for order in orders if order.stage is Stage.PAID)
        _run("note", path, cancelled, _NOTE)
        _run("archive", path, "verify")
        _run("listings", path, "--read")
        with serving(config, path) as address:
            key = dashboard_url(config.storage_dir) or address
            yield Played(config=config, address=address, key=key, cancelled=cancelled, paid=paid)


@contextmanager
def set_up(folder: Path) -> Iterator[str]:
    """Serve a set-up that nobody has answered anything of; yields the address that lets a browser in."""
    folder.mkdir()
    with Shop(five_orders(datetime.now(UTC))) as shop:
        path = folder / "config.toml"
        path.write_text(_BEFORE_SETUP.format(folder=folder.as_posix(), shop=shop), encoding="utf-8")
        process = subprocess.Popen(
            [sys.executable, "-m", "watcher", "setup", "--print", "--config", str(path)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"},
        )
        try:
            yield process.stdout.readline().strip() if process.stdout else ""
        finally:
            process.terminate()
            process.wait(timeout=60)


@contextmanager
def _mailbox(folder: Path) -> Iterator[Mailbox]:
    mailbox = Mailbox(folder)
    mailbox.start()
    yield mailbox
    mailbox.stop()


def _run(command: str, config: Path, *rest: str) -> None:
    whole = [sys.executable, "-m", "watcher", command, *rest, "--config", str(config)]
    done = subprocess.run(whole, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"`stornowacht {command}` failed: {done.stderr.strip() or done.stdout.strip()}")


@contextmanager
def visitor(
    browser: Browser, key: str, *, size: tuple[int, int], scheme: str = "light", scale: float = 1
) -> Iterator[Page]:
    """Let somebody in, with a screen of that size."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        device_scale_factor=scale,
        locale="de-DE",
        timezone_id="Europe/Berlin",
    )
    page = context.new_page()
    page.goto(key)
    yield page
    context.close()


def main() -> None:
    """Play, look, write."""
    with tempfile.TemporaryDirectory(prefix="stornowacht-pictures-") as name, ExitStack() as stack:
        folder = Path(name)
        # What is played has a browser of its own, and a process holds one driver at a time: first play, then look.
        stage = stack.enter_context(played(folder)) if _wanted(*_DASHBOARD) else None
        key = stack.enter_context(set_up(folder / "setup")) if _wanted(*_SETUP) else None
        browser = stack.enter_context(sync_playwright()).chromium.launch(
            executable_path=find_browser(None), args=[] if sandbox_works() else ["--no-sandbox"]
        )
        if key is not None:
            _take_setup(browser, key)
        if stage is not None:
            _take_dashboard(browser, stage)
        browser.close()


_SETUP = ("setup-welcome", "setup-risk", "setup-mail", "setup-ways", "setup-pace")
_DASHBOARD = (
    *("dashboard-now", "dashboard-ship", "dashboard-hand-in", "dashboard-sale-phone-dark", "dashboard-sale"),
    *("dashboard-archive", "dashboard-health", "dashboard-listings", "dashboard-questions"),
)


def _wanted(*names: str) -> bool:
    words = sys.argv[1:]
    return not words or any(word in name for word in words for name in names)


def _take_setup(browser: Browser, key: str) -> None:
    with visitor(browser, key, size=_PHONE, scale=1.5) as page:
        _keep(page, "setup-welcome")
        page.locator(".onward a").click()
        page.get_by_role("checkbox").check()
        _keep(page, "setup-risk")
        page.locator(".onward button").click()
        page.locator("#state li.ok[role=status]").wait_for(timeout=_PATIENCE)
        page.locator("#onward a.button").last.click()
        page.locator("#address").fill("marlene@example.org")
        _keep(page, "setup-mail")
        page.locator(".aside a").click()
        page.locator("#ntfy").get_by_role("button", name="Einschalten").click()
        page.locator("#topic").wait_for()
        _keep(page, "setup-ways", top="#ntfy")
        page.locator("#onward a.button").last.click()
        _keep(page, "setup-pace")


def _take_dashboard(browser: Browser, stage: Played) -> None:
    with visitor(browser, stage.key, size=_PHONE, scale=2) as page:
        _keep(page, "dashboard-now")
        page.goto(f"{stage.address}ship")
        _keep(page, "dashboard-hand-in")
        page.get_by_role("button", name="Jetzt nachsehen").first.click()
        page.locator(".answer .headline").wait_for(timeout=60_000)
        _keep(page, "dashboard-ship")
    with visitor(browser, stage.key, size=_PHONE, scheme="dark", scale=2) as page:
        page.goto(f"{stage.address}orders/{stage.cancelled}")
        _keep(page, "dashboard-sale-phone-dark")
    with visitor(browser, stage.key, size=_WIDE) as page:
        page.goto(f"{stage.address}orders/{stage.cancelled}")
        _keep(page, "dashboard-sale")
        page.goto(f"{stage.address}archive")
        page.get_by_role("button", name="Jetzt prüfen").click()
        page.locator("#verify .band.calm").wait_for(timeout=60_000)
        _keep(page, "dashboard-archive")
        page.goto(f"{stage.address}health")
        _keep(page, "dashboard-health")
        page.goto(f"{stage.address}listings")
        page.locator(".found summary").first.click()
        _keep(page, "dashboard-listings")
    with visitor(browser, stage.key, size=_LOW) as page:
        page.goto(f"{stage.address}questions")
        _keep(page, "dashboard-questions")


def _keep(page: Page, name: str, *, top: str | None = None) -> None:
    """Write what stands on the screen: what one sees without scrolling, small enough for a README.

    With `top` as far down as that element is at the upper edge.
    """
    if not _wanted(name):
        return
    page.wait_for_load_state("load")
    page.evaluate("top => scrollTo(0, top ? document.querySelector(top).offsetTop - 76 : 0)", top)
    page.wait_for_timeout(300)  # lazy pictures
    path = FOLDER / f"{name}.webp"
    picture = page.screenshot(type="webp", quality=_QUALITY, animations="disabled", caret="hide")
    if len(picture) > LARGEST:
        raise SystemExit(f"{name} is too large: {len(picture)} bytes")
    path.write_bytes(picture)
    print(f"{path.relative_to(FOLDER.parent.parent)}  {len(picture) // 1024} kB")


if __name__ == "__main__":
    main()
