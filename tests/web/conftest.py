import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.memory import tmp_path
from tests.support.played import played
from tests.web.client import Client
from watcher.bootstrap import house
from watcher.config import Config
from watcher.config_file import load
from watcher.storage.store import SqliteStore
from watcher.web.server import dashboard_token, serving

__all__ = ["played", "tmp_path"]  # fixtures that tests find here

CONFIG = """language = "{language}"
[terms]
i_accept_the_risk = true
[storage]
dir = "{data}"
[site]
base_url = "http://127.0.0.1:9"
gateway_url = "http://127.0.0.1:9"
[dashboard]
port = 0
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """A dashboard that is being served, and somebody who may come in."""

    config: Config
    config_path: Path
    client: Client

    @property
    def data(self) -> Path:
        return self.config.storage_dir

    def store(self) -> SqliteStore:
        return SqliteStore(self.data)


Serve = Callable[..., Dashboard]


@contextmanager
def dashboard_on(data: Path, *, language: str = "de", more: str = "") -> Iterator[Dashboard]:
    """Serve a dashboard on a storage folder for the length of the block; its config lies beside it."""
    path = data.parent / f"{language}.toml"
    path.write_text(CONFIG.format(language=language, data=data.as_posix()) + more, encoding="utf-8")
    config = load(path)
    with house(config):
        pass
    with serving(config, path) as address:
        token = dashboard_token(config.storage_dir)
        yield Dashboard(config=config, config_path=path, client=Client(address=address, token=token))


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serve a dashboard on a storage folder, for as long as the test lasts."""
    with ExitStack() as stack:

        def start(data: Path, *, language: str = "de", more: str = "") -> Dashboard:
            return stack.enter_context(dashboard_on(data, language=language, more=more))

        yield start


@pytest.fixture
def empty(serve: Serve, tmp_path: Path) -> Dashboard:
    """The dashboard of somebody who has just begun."""
    return serve(tmp_path / "data")


@pytest.fixture
def cancelled(serve: Serve, played: Path, tmp_path: Path) -> Dashboard:
    """The dashboard of a seller whose shipped order was cancelled; nobody has acknowledged it yet."""
    shutil.copytree(played / "cancelled", tmp_path / "data")
    return serve(tmp_path / "data")
