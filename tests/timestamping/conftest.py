from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.memory import tmp_path
from tests.timestamping.authority import Desk, Office, desk
from watcher.texts import language
from watcher.timestamping.authority import AuthorityFacts

__all__ = ["tmp_path"]  # fixtures that tests find here


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = language.current()
    language.use("en")
    yield
    language.use(before)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(folder=tmp_path / "office")


@pytest.fixture
def here(office: Office) -> Iterator[Desk]:
    with desk(office) as open_desk:
        yield open_desk


def trusting(office: Office, *, url: str = "http://127.0.0.1:9/", **more: object) -> AuthorityFacts:
    """What somebody knows who trusts this office."""
    known = {"name": "here", "roots": (office.root.pem,), "certificates": (office.between.pem,), **more}
    return AuthorityFacts(title="Practice authority", url=url, **known)  # type: ignore[arg-type]
