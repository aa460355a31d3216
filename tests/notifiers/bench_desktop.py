"""The opposite number of the desktop channel: a notification service."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.notifiers.bench import Bench
from tests.notifiers.desktop_session import desktop_session


@contextmanager
def bench(folder: Path, environment: pytest.MonkeyPatch) -> Iterator[Bench]:
    with desktop_session(folder) as session:
        environment.setenv("DBUS_SESSION_BUS_ADDRESS", session.address)

        def press(label: str) -> None:
            shown = session.shown[-1]
            session.tell(f"press {shown['id']} {shown['actions'][shown['actions'].index(label) - 1]}")

        yield Bench(
            settings={"timeout": 5},
            arrived=lambda: [json.dumps(each, ensure_ascii=False) for each in session.shown],
            die=lambda: environment.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={folder}/gone"),
            press=press,
        )
