"""The opposite number of the channel ntfy: a server that behaves like it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.notifiers.bench import Bench
from tests.notifiers.ntfy_host import ntfy_host


@contextmanager
def bench(folder: Path, environment: pytest.MonkeyPatch) -> Iterator[Bench]:
    with ntfy_host() as host:
        yield Bench(
            settings={
                "server": host.web.url,
                "topic": "alerts",
                "reply_topic": "answers",
                "private": True,
                "timeout": 5,
            },
            arrived=lambda: [json.dumps(each, ensure_ascii=False) for each in host.of("alerts")],
            die=host.web.stop,
            press=lambda label: host.press(host.of("alerts")[-1], label),
        )
