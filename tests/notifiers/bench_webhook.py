"""The opposite number of the channel webhook: a receiver that verifies what it gets with the published library."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from tests.notifiers.bench import Bench
from tests.notifiers.samples import KEY
from tests.notifiers.web_host import Request, Response, web_host


@contextmanager
def bench(folder: Path, environment: pytest.MonkeyPatch) -> Iterator[Bench]:
    environment.setenv("WEBHOOK_KEY", KEY)
    arrived = []

    def answer(request: Request) -> Response:
        if request.method != "POST":
            return Response(405)
        Webhook(KEY).verify(request.body, dict(request.headers))
        arrived.append(request.body.decode("utf-8"))
        return Response(204)

    with web_host(answer) as host:
        yield Bench(
            settings={"url": f"{host.url}/hook", "secret": "env:WEBHOOK_KEY", "timeout": 5},
            arrived=lambda: list(arrived),
            die=host.stop,
        )
