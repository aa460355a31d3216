"""Serves the dashboard on this machine's own address, in a thread of the daemon."""

import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import uvicorn

from watcher.config import Config
from watcher.errors import StorageError
from watcher.texts.language import _
from watcher.web.application import application
from watcher.web.desk import Desk
from watcher.web.gate import TOKEN_PARAMETER, Key
from watcher.web.jobs import Jobs

LOOPBACK = "127.0.0.1"
TOKEN_FILE = "dashboard.token"  # noqa: S105 - the name of a file
ADDRESS_FILE = "dashboard.address"
_TOKEN_BYTES = 32
_STOP_SECONDS = 3


def dashboard_token(storage: Path) -> str:
    """Return the installation's token; it is made at the first time, and only its owner may read it.

    Raises:
        StorageError: it can neither be read nor written.
    """
    path = storage / TOKEN_FILE
    try:
        if path.is_file() and len(known := path.read_text(encoding="ascii").strip()) >= _TOKEN_BYTES:
            return known
    except (OSError, UnicodeError):
        pass  # it cannot be read, so nobody can have it: a new one is made
    made = secrets.token_urlsafe(_TOKEN_BYTES)
    _write_private(path, made)
    return made


def dashboard_url(storage: Path) -> str | None:
    """Return the address that opens the running dashboard in any browser of this machine; `None` where none runs."""
    try:
        base = (storage / ADDRESS_FILE).read_text(encoding="ascii").strip()
    except (OSError, UnicodeError):
        return None
    parts = urlsplit(base)
    if parts.hostname != LOOPBACK or not _answers(parts.port or 0):
        return None
    return f"{base}?{urlencode({TOKEN_PARAMETER: dashboard_token(storage)})}"


def _answers(port: int) -> bool:
    try:
        socket.create_connection((LOOPBACK, port), timeout=1).close()
    except OSError:
        return False
    return True


@contextmanager
def serving(config: Config, config_path: Path | None) -> Iterator[str]:
    """Serve the dashboard for the length of the block; yields its address, without the token.

    A port that is taken costs nobody the dashboard: then any free one is used. `dashboard_url` finds it.

    Raises:
        StorageError: its key or its address cannot be written.
    """
    storage = config.storage_dir
    token, listening = dashboard_token(storage), _listen(config.dashboard.port)
    port = listening.getsockname()[1]
    key = Key(token=token, hosts=frozenset(f"{name}:{port}" for name in (LOOPBACK, "localhost")))
    desk = Desk(config=config, config_path=config_path, key=key, jobs=Jobs(config_path=config_path))
    server = uvicorn.Server(
        uvicorn.Config(
            application(desk),
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_STOP_SECONDS,
            lifespan="off",
            ws="none",
        )
    )
    thread = threading.Thread(
        target=server.run, kwargs={"sockets": [listening]}, daemon=True, name="dashboard"
    )
    address = f"http://{LOOPBACK}:{port}/"
    _write_private(storage / ADDRESS_FILE, address)
    thread.start()
    try:
        yield address
    finally:
        desk.stopping.set()
        server.should_exit = True
        thread.join(timeout=_STOP_SECONDS + 2)
        listening.close()
        (storage / ADDRESS_FILE).unlink(missing_ok=True)


def _listen(port: int) -> socket.socket:
    for wanted in (port, 0):
        made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            made.bind((LOOPBACK, wanted))
            made.listen()  # whoever comes before the server is up waits a moment
        except OSError:
            made.close()
            if wanted == 0:
                raise
        else:
            return made
    raise AssertionError("unreachable")


def _write_private(path: Path, text: str) -> None:
    """Put a file that only its owner may read into its place: whole, or not at all."""
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        temporary.touch(mode=0o600)
        temporary.write_text(text, encoding="ascii")
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise StorageError(
            _("The dashboard's file {path} cannot be written: {reason}.").format(
                path=path, reason=error.strerror or error
            )
        ) from error
