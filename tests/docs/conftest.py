from collections.abc import Iterator

import pytest

from tests.cli.conftest import visitor
from tests.support.cli import cli
from tests.support.memory import tmp_path
from tests.support.played import played
from watcher.carriers.own import use_entries

__all__ = ["cli", "played", "tmp_path", "visitor"]  # fixtures that tests find here


@pytest.fixture(autouse=True)
def no_entries_of_others() -> Iterator[None]:
    """What an example says about a carrier is forgotten behind it."""
    yield
    use_entries({})
