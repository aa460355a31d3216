"""The opposite number of the channel apprise: a service of one's own that takes JSON."""

import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.notifiers.bench import Bench
from tests.notifiers.web_host import Request, Response, web_host


def load_apprise() -> None:
    """It looks at all of its services at once, and some use what is to go from Python: not our affair, and no error here."""
    apprise = pytest.importorskip("apprise", reason="needs apprise")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        apprise.Apprise.instantiate("json://localhost")


@contextmanager
def bench(folder: Path, environment: pytest.MonkeyPatch) -> Iterator[Bench]:
    load_apprise()
    arrived = []

    def answer(request: Request) -> Response:
        arrived.append(json.dumps(json.loads(request.body), ensure_ascii=False))
        return Response()

    with web_host(answer) as host:
        environment.setenv("APPRISE_URL", f"json://127.0.0.1:{host.port}/hook")
        yield Bench(
            settings={"url": "env:APPRISE_URL", "private": True, "timeout": 10},
            arrived=lambda: list(arrived),
            die=host.stop,
        )
