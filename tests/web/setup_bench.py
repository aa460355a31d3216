"""A set-up that is being served in this process, and somebody who may come in."""

import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.web.client import Answer, Client
from watcher.web.setup.desk import SetupDesk
from watcher.web.setup.server import COOKIE, serving_setup


@dataclass(slots=True, kw_only=True)
class SetupClient(Client):
    """A browser that the set-up has let in: its cookie has another name than the dashboard's."""

    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.headers = {"Cookie": f"{COOKIE}={self.token}"} | self.headers

    @property
    def csrf(self) -> str:
        found = re.search(r'name="csrf" value="([0-9a-f]{64})"', self.get("/").text)
        assert found is not None
        return found[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """One set-up."""

    desk: SetupDesk
    client: SetupClient

    @property
    def config(self) -> Path:
        return self.desk.path

    @property
    def says(self) -> dict[str, Any]:
        """What the config file says now."""
        return tomllib.loads(self.config.read_text(encoding="utf-8"))

    def accept(self) -> Answer:
        """Accept the risk; the doctor's proof, which needs a browser, is not started."""
        self.desk.begin()
        return self.client.get("/browser")


@contextmanager
def bench(path: Path, **options: Any) -> Iterator[Bench]:
    """Serve a set-up for that config."""
    with serving_setup(path, **options) as desk:
        yield Bench(desk=desk, client=SetupClient(address=desk.address, token=desk.key.token))


def storing(folder: Path, *, more: str = "", terms: bool = True, language: str = "en") -> str:
    """Return a config whose data lie in a folder of the test, and whose site is nowhere."""
    return (
        f'language = "{language}"\n[terms]\ni_accept_the_risk = {str(terms).lower()}\n'
        f'[storage]\ndir = "{(folder / "data").as_posix()}"  # mine\n'
        f'[site]\nbase_url = "http://127.0.0.1:9"\ngateway_url = "http://127.0.0.1:9"\n{more}'
    )
