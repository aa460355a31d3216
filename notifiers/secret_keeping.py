"""Keeping a secret that a person has typed: in the key ring if there is one that works, else in a file of its own."""

import os
import re
import secrets
import threading
from contextlib import suppress
from pathlib import Path

_SERVICE = "stornowacht"
_PATIENCE = 60.0
"""Seconds in which a person may unlock the key ring."""
_CAN_BE_NAMED = re.compile(r"[^/\s]+")


def keep(secret: str, *, user: str, file: Path) -> str:
    """Keep a secret and return the reference by which `notifiers.secret.resolve` finds it again.

    1. The key ring is tried, and counts only if it gives the secret back: some take everything and keep nothing.
    2. Otherwise it is written to `file`, readable by its owner alone. The reference then is relative to that file's folder.

    Raises:
        OSError: the file cannot be written.
    """
    if _CAN_BE_NAMED.fullmatch(user) and _in_keyring(user, secret):
        return f"keyring:{_SERVICE}/{user}"
    write_private(file, secret)
    return f"file:{file.name}"


def write_private(file: Path, text: str) -> None:
    """Put a file that only its owner may read into its place: whole, or not at all.

    Raises:
        OSError: it cannot be written.
    """
    temporary = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", newline="", errors="surrogateescape") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(handle)
        temporary.replace(file)
    except (OSError, UnicodeError):
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def _in_keyring(user: str, secret: str) -> bool:
    """Whether a key ring has taken the secret. One that waits for somebody who does not come is not waited for."""
    taken: list[bool] = []

    def put() -> None:
        try:
            import keyring  # noqa: PLC0415  an extra, and slow to import

            keyring.set_password(_SERVICE, user, secret)
            taken.append(keyring.get_password(_SERVICE, user) == secret)
        except Exception:  # noqa: BLE001, S110  back ends of many makers raise whatever they like; there is the file
            pass

    worker = threading.Thread(target=put, daemon=True, name="keyring")
    worker.start()
    worker.join(_PATIENCE)
    return taken == [True]
