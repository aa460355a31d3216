from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.memory import tmp_path
from tests.support.ready import with_database
from tests.support.values import ACCOUNT, CASE, ORDER
from watcher.storage.store import SqliteStore
from watcher.storage.vault import FileVault

__all__ = ["tmp_path"]  # fixtures that tests find here


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def store(folder: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(with_database(folder))
    yield store
    store.close()


@pytest.fixture
def vault(folder: Path) -> FileVault:
    return FileVault(folder)


@pytest.fixture
def case_known(store: SqliteStore) -> None:
    with store.writing() as writing:
        writing.save_account(ACCOUNT)
        writing.save_orders([ORDER])
        writing.save_case(CASE)
