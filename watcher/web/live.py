"""News without a reload: an open page hears that something was written, and asks for its parts anew.

What is sent is only "something has changed": what it is, the page asks for through its own guarded routes.
"""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from watcher.storage.database import FILE_NAME
from watcher.web.desk import desk_of

_LOOK = 1.0
"""Seconds between two looks at the database's version; only while a page is open."""
_BEAT = 15
"""Looks without news until a sign of life is sent: a page that was closed is only noticed by writing to it."""


async def live(request: Request) -> Response:
    """Tell a page of every change, as server-sent events, for as long as it is open."""
    desk = desk_of(request)
    path = (desk.config.storage_dir / FILE_NAME).absolute().as_uri()
    return StreamingResponse(_changes(request, path, desk.stopping), media_type="text/event-stream")


async def _changes(request: Request, uri: str, stopping: threading.Event) -> AsyncIterator[str]:
    connection = sqlite3.connect(f"{uri}?mode=ro", uri=True, check_same_thread=False)
    try:
        seen, quiet = _version(connection), 0
        yield "retry: 3000\n\n"
        while not stopping.is_set() and not await request.is_disconnected():
            version = _version(connection)
            if version != seen:
                seen, quiet = version, 0
                yield "event: changed\ndata: \n\n"
            else:
                quiet += 1
                if quiet % _BEAT == 0:
                    yield ": still here\n\n"
            await asyncio.sleep(_LOOK)
    finally:
        connection.close()


def _version(connection: sqlite3.Connection) -> int:
    """Return a number that changes whenever any other connection has written; it costs no read of the file's pages."""
    try:
        return int(connection.execute("PRAGMA data_version").fetchone()[0])
    except sqlite3.Error:
        return -1  # locked for a moment: the next look tells
