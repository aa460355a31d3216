"""From the transaction to the hand-over, through a real mail server and a real bus; and an outbox after a dead day.

The way measured first is that of a check: the same process that has written an alert hands it over. Then 1,000 alerts wait: once
all of them fresh, once all of them a day old, as after a mail server that was down that long.
"""

import os
import socket
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest
from aiosmtpd.controller import Controller

from notifiers.contract import Channel
from notifiers.discovery import channel
from tests.notifiers.desktop_session import desktop_session
from watcher.app.deliver import deliver_due
from watcher.domain.alert import Alert, AlertKind
from watcher.postman.postman import ChannelPostman
from watcher.storage.store import SqliteStore
from watcher.storage.vault import FileVault

RUNS, MANY = 60, 1_000


def main() -> None:
    """Measure and print."""
    with ExitStack() as stack:
        host = stack.enter_context(mail_server())
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="stornowacht-bench-")))
        channels = {"email": _mail(host.port)}
        try:
            session = stack.enter_context(desktop_session(folder))
        except pytest.skip.Exception:
            print("No desktop here: only mail is measured.")
        else:
            os.environ["DBUS_SESSION_BUS_ADDRESS"] = session.address
            channels["desktop"] = _built("desktop")
        _one_by_one(folder / "one", channels)
        for name, age in (("fresh", timedelta(0)), ("a day old", timedelta(days=1))):
            host.mails = 0
            before = psutil.Process().memory_info().rss
            seconds, order = _many(folder / name.replace(" ", "-"), channels["email"], age=age)
            grown = (psutil.Process().memory_info().rss - before) / 1e6
            print(f"{MANY} alerts in the outbox, {name}")
            print(f"  mails                 {host.mails:8d}   (in {seconds:.1f} s)")
            print(f"  the critical ones first   {'yes' if order == sorted(order, reverse=True) else 'NO':>4}")
            print(f"  memory grown by       {grown:8.1f} MB")


class _Host:
    """Counts the mails that come, and keeps none."""

    def __init__(self, port: int) -> None:
        self.port, self.mails = port, 0

    async def handle_DATA(self, *_: object) -> str:  # noqa: N802 - aiosmtpd finds it by this name
        self.mails += 1
        return "250 2.0.0 Ok: queued"


@contextmanager
def mail_server() -> Iterator[_Host]:
    """Run a real mail server that knows its own name: to look it up takes longer than all the rest."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        host = _Host(free.getsockname()[1])
    controller = Controller(host, hostname="127.0.0.1", port=host.port, server_hostname="mail.example.org")
    controller.start()
    try:
        yield host
    finally:
        controller.stop()


def _one_by_one(folder: Path, channels: dict[str, Channel]) -> None:
    store = SqliteStore(folder)
    postman = _postman(store, folder, channels)
    seconds = []
    for number in range(RUNS):
        with store.writing() as writing:
            writing.queue(_alert(number, at=_now()), channels=list(channels), now=_now())
        begin = time.perf_counter()
        taken = deliver_due(store, postman, clock=_now)
        seconds.append(time.perf_counter() - begin)
        if len(taken) != len(channels):
            raise RuntimeError("a channel did not take its alert")
    store.close()
    p95 = statistics.quantiles(seconds, n=20)[-1]
    print(f"From the transaction to the hand-over through {' and '.join(channels)}, {RUNS} alerts (seconds)")
    print(f"  median                {statistics.median(seconds):8.3f}")
    print(f"  p95                   {p95:8.3f}   (wanted: under 2)")


def _many(folder: Path, mail: Channel, *, age: timedelta) -> tuple[float, list[bool]]:
    store = SqliteStore(folder)
    with store.writing() as writing:
        for number in range(MANY):
            alert = replace(_alert(number, at=_now() - age), critical=number % 3 == 0)
            writing.queue(alert, channels=["email"], now=_now() - age)
    begin = time.perf_counter()
    taken = deliver_due(store, _postman(store, folder, {"email": mail}), clock=_now)
    seconds = time.perf_counter() - begin
    waiting = [entry for entry in store.outbox() if entry.sent_at is None and entry.dropped_at is None]
    if waiting:
        raise RuntimeError(f"{len(waiting)} alerts still wait")
    store.close()
    return seconds, [entry.alert.critical for entry in taken]


def _alert(number: int, *, at: datetime) -> Alert:
    return Alert(
        key=f"bench/{number}",
        kind=AlertKind.PAGE_WORDS,
        account="main",
        at=at,
        details=(("page", "Zahlungen"),),
    )


def _postman(store: SqliteStore, folder: Path, channels: dict[str, Channel]) -> ChannelPostman:
    return ChannelPostman(
        channels=channels,
        store=store,
        vault=FileVault(folder),
        language="de",
        base_url="https://www.kleinanzeigen.de",
        clock=_now,
    )


def _mail(port: int) -> Channel:
    return _built(
        "email", to="me@example.org", sender="me@example.org", host="127.0.0.1", port=port, security="none"
    )


def _built(name: str, **settings: object) -> Channel:
    kind = channel(name)
    if kind is None:
        raise RuntimeError(f"there is no channel {name}")
    return kind.build(kind.settings(**settings), app_name="Stornowacht", language="de")


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    main()
