"""Serves the dashboard on this machine's own address, in a thread of the daemon."""

import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from notifiers.secret_keeping import write_private
from watcher.config import Config
from watcher.errors import StorageError
from watcher.texts.language import _
from watcher.web.application import application
from watcher.web.desk import Desk
from watcher.web.gate import TOKEN_PARAMETER, Key
from watcher.web.jobs import Jobs
from watcher.web.listening import LOOPBACK, open_door, served

TOKEN_FILE = "dashboard.token"  # noqa: S105 - the name of a file
ADDRESS_FILE = "dashboard.address"
_TOKEN_BYTES = 32


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
    token, door = dashboard_token(storage), open_door(config.dashboard.port)
    key = Key(token=token, hosts=door.hosts)
    desk = Desk(config=config, config_path=config_path, key=key, jobs=Jobs(config_path=config_path))
    _write_private(storage / ADDRESS_FILE, door.address)
    try:
        with served(application(desk), door, stopping=desk.stopping, name="dashboard"):
            yield door.address
    finally:
        (storage / ADDRESS_FILE).unlink(missing_ok=True)


def _write_private(path: Path, text: str) -> None:
    """Put a file that only its owner may read into its place: whole, or not at all."""
    try:
        write_private(path, text)
    except OSError as error:
        raise StorageError(
            _("The dashboard's file {path} cannot be written: {reason}.").format(
                path=path, reason=error.strerror or error
            )
        ) from error
