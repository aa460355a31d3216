from collections.abc import Iterator

import pytest

from tests.tracking.dhl_server import KEY, Dhl, dhl
from watcher.texts import language
from watcher.tracking.dhl_unified import DhlUnified, build


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = language.current()
    language.use("en")
    yield
    language.use(before)


@pytest.fixture
def server() -> Iterator[Dhl]:
    with dhl() as started:
        yield started


@pytest.fixture
def source(server: Dhl) -> DhlUnified:
    return build(key=KEY, base_url=server.url, timeout=5.0)
