"""A practice shop, a storage folder with a logged-in profile, and the program as a user runs it."""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Playwright

from fixtures.shop import LOGIN_EMAIL, LOGIN_PASSWORD, Deal, Shop, five_orders
from fixtures.shop.sessions import Session
from tests.support.open_browser import OpenHouse, open_browser
from tests.support.program import program, run_program
from tests.support.shared import made_once
from tests.support.wheel import installed, wheel
from watcher.bootstrap import house
from watcher.cli.watch import check_once
from watcher.config_file import load
from watcher.domain.outcome import Outcome
from watcher.storage.database import connect
from watcher.storage.store import SqliteStore
from watcher.texts import language

__all__ = ["installed", "wheel"]  # fixtures that tests find here

_SESSIONS = "sessions.json"
"""In the template's folder: the logins that its profile knows."""
_USUAL = ("friteuse", "lampe")
_HUMAN = """
import sys
from pathlib import Path
from watcher.browser.practice import log_in_at_practice_shop
url, email, password, storage = sys.argv[1:]
log_in_at_practice_shop("main", url=url, email=email, password=password, storage=Path(storage), executable=None)
"""


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@dataclass(frozen=True)
class Place:
    """One seller's machine: a config, a storage folder, a shop to look at."""

    folder: Path
    shop: Shop
    program: Sequence[str] = field(default_factory=program)
    """The command line to which a command's name and its arguments are added."""

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    @property
    def storage(self) -> Path:
        return self.folder / "data"

    def configure(self, extra: str = "") -> None:
        """Write the config; without a word of the dashboard there is none, for it takes half as long again to start."""
        dashboard = "" if "[dashboard]" in extra else "[dashboard]\nenabled = false\n"
        self.config.write_text(
            f"""language = "en"
[terms]
i_accept_the_risk = true
[storage]
dir = "{self.storage}"
[site]
base_url = "{self.shop.base_url}"
gateway_url = "{self.shop.gateway_url}"
{dashboard}{extra}
""",
            encoding="utf-8",
        )

    def log_in(self) -> None:
        # In a process of its own: a test process may already hold the one driver that it can.
        url = f"{self.shop.base_url}/m-einloggen.html?targetUrl=/m-nachrichten.html"
        command = [sys.executable, "-c", _HUMAN, url, LOGIN_EMAIL, LOGIN_PASSWORD, str(self.storage)]
        subprocess.run(command, check=True, timeout=90)
        self.shop.writes.clear()

    def command(self, *arguments: str) -> list[str]:
        return [*self.program, *arguments, "--config", str(self.config)]

    def run(self, *arguments: str, timeout: float = 90) -> Ran:
        code, out, err = run_program([*arguments, "--config", str(self.config)], timeout=timeout)
        assert "Traceback" not in err, err
        return Ran(code, out, err)

    def make_due(self, within: timedelta = timedelta(0)) -> None:
        """Let the next check be due then: a daemon that is started makes one that is due now at once."""
        with closing(SqliteStore(self.storage)) as store, store.writing() as writing:
            for account in store.accounts():
                writing.save_account(replace(account, next_check_at=datetime.now(UTC) + within))

    def writes(self) -> list[str]:
        """What could have changed something, without the human's own login."""
        return [
            f"{write.method} {write.path}" for write in self.shop.writes if "m-einloggen" not in write.path
        ]


@pytest.fixture
def shop(request: pytest.FixtureRequest) -> Iterator[Shop]:
    """A shop that no guarded visit writes to, in any test: where a human acts, the test says so by its marker.

    It has two sales, one paid and one shipped: with its five, each check would take a second more.
    """
    one = request.node.get_closest_marker("one_sale") is not None
    with Shop(deals=sales("friteuse") if one else sales(*_USUAL)) as running:
        running.delay = 0.02
        yield running
        written = list(running.writes)
    if request.node.get_closest_marker("human_acts") is None:
        assert written == []


def sales(*wanted: str) -> list[Deal]:
    """Return some of the shop's five sales."""
    return [deal for deal in five_orders(datetime.now(UTC)) if deal.id in wanted]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, a_browser: Path) -> Place:
    """A storage folder whose profile is logged in and whose browser is proven: seconds that not every test must spend."""
    folder = made_once(tmp_path_factory, "template", _make_template)
    shop = Shop(deals=sales(*_USUAL))
    for session in json.loads((folder / _SESSIONS).read_text(encoding="utf-8")):
        shop.sessions.remember(Session(**session))
    return Place(folder, shop)


def _make_template(folder: Path) -> None:
    with Shop(deals=sales(*_USUAL)) as running:
        made = Place(folder, running)
        made.configure()
        made.log_in()
        made.run("check")
        with closing(sqlite3.connect(made.storage / "stornowacht.db", isolation_level=None)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        sessions = [asdict(session) for session in running.sessions.all()]
        (folder / _SESSIONS).write_text(json.dumps(sessions), encoding="utf-8")


@pytest.fixture
def place(tmp_path: Path, shop: Shop, template: Place, installed: Path) -> Place:
    """A machine on which nothing was watched yet; its browser is proven, and a watch is that of the wheel."""
    found = Place(tmp_path, shop, program(installed / "stornowacht"))
    found.configure()
    copy_proofs(template.storage, found.storage)
    return found


@pytest.fixture
def logged_in(place: Place, template: Place) -> Place:
    shutil.copytree(template.storage / "profiles", place.storage / "profiles")
    place.shop.sessions = template.shop.sessions.copy()
    return place


@pytest.fixture
def watched(place: Place, template: Place) -> Place:
    """A machine whose account was checked once, and whose next check is due."""
    shutil.rmtree(place.storage)
    shutil.copytree(template.storage, place.storage)
    place.shop.sessions = template.shop.sessions.copy()
    place.make_due()
    return place


@pytest.fixture(scope="module")
def browser_context(
    playwright: Playwright, a_browser: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BrowserContext]:
    """A guarded browser that is open for all tests of a module."""
    with open_browser(playwright, a_browser, tmp_path_factory.mktemp("open")) as context:
        yield context


@pytest.fixture
def look(browser_context: BrowserContext) -> Callable[[Place], tuple[dict[str, Any], Outcome]]:
    """Check an account as the command does, in that browser; returns what the command prints, and the outcome."""

    def check(place: Place) -> tuple[dict[str, Any], Outcome]:
        with house(load(place.config)) as our:
            return check_once(OpenHouse.of(our, browser_context, place.shop), "main")

    language.use("en")
    return check


def copy_proofs(source: Path, target: Path) -> None:
    """Take over what is known about the browser, and nothing else.

    Whoever reads must leave no file beside the source, not even for a moment: another test may be copying its folder.
    """
    read_only = f"{(source / 'stornowacht.db').as_uri()}?immutable=1"
    with closing(connect(target)) as database, closing(sqlite3.connect(read_only, uri=True)) as known:
        proofs = known.execute("SELECT key, proven_at FROM guard_proofs").fetchall()
        assert proofs, "the template's browser was proven"
        database.executemany("INSERT INTO guard_proofs VALUES (?, ?)", [tuple(proof) for proof in proofs])
