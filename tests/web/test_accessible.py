"""Every page in a real browser: nothing serious for a screen reader or weak eyes, nothing cut off, nothing refused."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.support.memory import in_memory
from tests.web.conftest import Dashboard, dashboard_on
from tests.web.test_pages import PAGES
from tests.web.visitor import NARROWEST, PHONE, WIDE, Complaints, let_in, resize
from watcher.domain.stage import Stage
from watcher.texts import language
from watcher.texts.language import Language
from watcher.web.server import TOKEN_FILE

pytestmark = pytest.mark.browser

# Every page in one of two looks, which have each language, scheme and size between them; the long tests look at each in both.
LOOKS = (
    ("de", "dark", PHONE, slice(0, None, 2)),
    ("en", "light", WIDE, slice(1, None, 2)),
    pytest.param("de", "dark", PHONE, slice(1, None, 2), marks=pytest.mark.long),
    pytest.param("en", "light", WIDE, slice(0, None, 2), marks=pytest.mark.long),
)
BARE = ("/", "/orders", "/ship", "/archive", "/health", "/insights", "/listings", "/questions")
SERIOUS = {"serious", "critical"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    """The dashboards of this module, by language, one sale of which was cancelled; and one where nobody has begun."""

    cancelled: dict[str, Dashboard]
    empty: dict[str, Dashboard]
    paths: tuple[str, ...]
    page: Page
    complaints: Complaints

    def open(self, address: str) -> None:
        answer = self.page.goto(address)
        assert answer is not None
        assert answer.status == 200, address

    def every(self, spoken: str) -> Iterator[str]:
        """Return the whole address of every page in that language."""
        yield from (self.cancelled[spoken].client.address.rstrip("/") + path for path in self.paths)
        yield from (self.empty[spoken].client.address.rstrip("/") + path for path in BARE)


def some_of_each(dashboard: Dashboard) -> Iterator[str]:
    """Return the address of the cancelled sale, of a paid one, and of a capture."""
    store = dashboard.store()
    orders, captures = store.orders(), store.captures()
    store.close()
    (cancelled,) = (order.id for order in orders if order.stage is Stage.CANCELLED)
    yield from (f"/orders/{cancelled}", f"/orders/{cancelled}/compare", f"/archive?order={cancelled}")
    yield from (f"/orders/{order.id}" for order in orders if order.stage is Stage.PAID)
    yield f"/captures/{captures[-1].id}"


@pytest.fixture(scope="module")
def hall(played: Path, chromium: Browser) -> Iterator[Hall]:
    with (
        tempfile.TemporaryDirectory(prefix="stornowacht-test-", dir=in_memory()) as name,
        ExitStack() as stack,
    ):
        cancelled, empty = {}, {}
        for spoken in ("de", "en"):
            folder = Path(name) / spoken
            shutil.copytree(played / "cancelled", folder / "cancelled" / "data")
            (folder / "empty" / "data").mkdir(parents=True, mode=0o700)
            for which in ("cancelled", "empty"):  # one browser has one cookie for all ports of this machine
                (folder / which / "data" / TOKEN_FILE).write_text("t" * 43, encoding="ascii")
            cancelled[spoken] = stack.enter_context(
                dashboard_on(folder / "cancelled" / "data", language=spoken)
            )
            empty[spoken] = stack.enter_context(dashboard_on(folder / "empty" / "data", language=spoken))
        context = stack.enter_context(let_in(chromium, *cancelled.values(), *empty.values()))
        page, complaints = context.new_page(), Complaints()
        complaints.listen(page)
        paths = (*PAGES, *some_of_each(cancelled["de"]))
        yield Hall(cancelled=cancelled, empty=empty, paths=paths, page=page, complaints=complaints)


@pytest.mark.parametrize(("spoken", "scheme", "size", "which"), LOOKS)
def test_nothing_serious_stands_in_anybodys_way_and_the_browser_refuses_nothing(
    hall: Hall, spoken: Language, scheme: str, size: tuple[int, int], which: slice
):
    language.use(spoken)  # one process speaks one language at a time
    hall.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    resize(hall.page, size)
    found = []
    for address in list(hall.every(spoken))[which]:
        hall.open(address)
        told = Axe().run(hall.page, options={"resultTypes": ["violations"]}).response["violations"]
        found += [
            (address, violation["id"], violation["nodes"][0]["html"][:200])
            for violation in told
            if violation["impact"] in SERIOUS
        ]
    assert found == []
    assert hall.complaints.told == []


def test_on_a_phone_nothing_is_cut_off_and_what_is_to_be_touched_is_large_enough(hall: Hall):
    too_wide, small = {}, {}
    for address in hall.every("de"):
        resize(hall.page, NARROWEST)
        hall.open(address)
        width = hall.page.evaluate("document.documentElement.scrollWidth")
        if width > NARROWEST[0]:
            too_wide[address] = width
        resize(hall.page, PHONE)
        found = hall.page.evaluate(
            """() => [...document.querySelectorAll('button, .button, summary, select, .places a')]
            .filter(each => each.checkVisibility() && each.getBoundingClientRect().height > 0)
            .map(each => [each.textContent.trim(), Math.round(each.getBoundingClientRect().height)])
            .filter(([_name, height]) => height < 44)"""
        )
        if found:
            small[address] = found
    assert too_wide == {}
    assert small == {}
    assert hall.complaints.told == []
