"""IMAP servers that tests talk to."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.mailbox.dovecot import PROGRAM, Dovecot

Start = Callable[..., Dovecot]
_MEMORY = Path("/dev/shm")
_SHOWN = 5_000
"""Characters of a server's log."""


@pytest.fixture
def dovecot() -> Iterator[Start]:
    """Starts mail servers with the changes that a test wants."""
    if PROGRAM is None:
        pytest.skip(
            "Dovecot is not installed (Debian's package `dovecot-imapd`; `make test` installs it where it may)"
        )
    # Not below pytest's own folder: as root the server's helpers are other users, who must come through.
    folder = Path(
        tempfile.mkdtemp(prefix="stornowacht-test-", dir=_MEMORY if os.access(_MEMORY, os.W_OK) else None)
    )
    folder.chmod(0o711)
    started: list[Dovecot] = []

    def start(**changes: object) -> Dovecot:
        server = Dovecot(folder=folder / f"mailbox{len(started)}", **changes)  # type: ignore[arg-type]
        started.append(server)
        return server.start()

    yield start
    for server in started:
        server.stop()
        print(
            f"What {server.folder.name} has said:\n{server.log()[-_SHOWN:]}"
        )  # seen where the test has failed
    shutil.rmtree(folder, ignore_errors=True)
