"""Listening on this machine's own address, and serving there in a thread: the dashboard does so, and the set-up."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp

LOOPBACK = "127.0.0.1"
_STOP_SECONDS = 3
_DATE_SECONDS = 1
"""How old the time in the header `Date` may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A port of this machine that is being listened on; whoever comes before the server is up waits a moment."""

    socket: socket.socket

    @property
    def port(self) -> int:
        """The port that was found."""
        port: int = self.socket.getsockname()[1]
        return port

    @property
    def address(self) -> str:
        """The address of the first page, without any token."""
        return f"http://{LOOPBACK}:{self.port}/"

    @property
    def hosts(self) -> frozenset[str]:
        """The Host headers that mean this door."""
        return frozenset(f"{name}:{self.port}" for name in (LOOPBACK, "localhost"))


def open_door(port: int) -> Door:
    """Listen on that port of this machine; one that is taken, or 0, leads to any free one.

    Raises:
        OSError: there is none.
    """
    for wanted in (port, 0):
        made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            made.bind((LOOPBACK, wanted))
            made.listen()
        except OSError:
            made.close()
            if wanted == 0:
                raise
        else:
            return Door(socket=made)
    raise AssertionError("unreachable")


class _Server(uvicorn.Server):
    """Sleeps until somebody comes or it is told to end; uvicorn itself looks ten times a second whether it is."""

    _told: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None

    async def main_loop(self) -> None:
        """Keep the header `Date` fresh until the end."""
        loop, end = asyncio.get_running_loop(), asyncio.Event()
        self._told = loop, end
        while not await self.on_tick(0):
            try:
                await asyncio.wait_for(end.wait(), _DATE_SECONDS)
            except TimeoutError:
                pass  # nothing but a second has passed

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the door, and wait for whoever is still inside; where nobody is, for nothing."""
        if self.server_state.connections or self.server_state.tasks:
            await super().shutdown(sockets)
            return
        for closing in (*self.servers, *(sockets or ())):
            closing.close()

    def end(self) -> None:
        """Tell it to end, from any thread."""
        self.should_exit = True
        if self._told is not None:
            loop, end = self._told
            try:
                loop.call_soon_threadsafe(end.set)
            except RuntimeError:
                pass  # it has ended by itself


@contextmanager
def served(app: ASGIApp, door: Door, *, stopping: threading.Event, name: str) -> Iterator[None]:
    """Serve an application at a door for the length of the block, in a thread; `stopping` is set before it ends."""
    server = _Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_STOP_SECONDS,
            lifespan="off",
            ws="none",
        )
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door.socket]}, daemon=True, name=name)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        server.end()
        thread.join(timeout=_STOP_SECONDS + 2)
        door.socket.close()
