"""What the daemon tells systemd: that it is up, that it reloads, that it ends, that its jobs get on.

The protocol is a few lines of text in one datagram (sd_notify(3)). Where nobody listens nothing is sent.
"""

import os
import socket
import time
from collections.abc import MutableMapping

from watcher.service.plan import LOG_FILE_ONLY

_ADDRESS, _WATCHDOG, _WATCHDOG_PID = "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"
_MICROSECONDS = 1_000_000


class ServiceManager:
    """Whoever has started the daemon and wants to hear from it. Never raises; safe to use from any thread."""

    def __init__(self, environment: MutableMapping[str, str]) -> None:
        """Take the address out of the environment: children must not speak in the daemon's name."""
        self._address = environment.pop(_ADDRESS, "")
        wanted, pid = environment.pop(_WATCHDOG, ""), environment.pop(_WATCHDOG_PID, "")
        is_meant = not pid or pid == str(os.getpid())
        self.feeding_seconds = int(wanted) / _MICROSECONDS if wanted.isdecimal() and is_meant else None
        """After how long without a word the service manager takes the daemon for dead; `None`: it does not mind."""
        self.clears_stderr = environment.pop(LOG_FILE_ONLY, "") != "1"
        """Whether somebody reads or bounds what is written to stderr: a terminal, the journal; launchd does neither."""

    @property
    def listens(self) -> bool:
        """Whether anybody is there."""
        return bool(self._address)

    def ready(self, status: str = "") -> None:
        """Say that the watch is up, or up again after a reload."""
        self._tell("READY=1", f"STATUS={status}")

    def status(self, words: str) -> None:
        """Say in a line what is going on; `systemctl status` shows it."""
        self._tell(f"STATUS={words}")

    def reloading(self) -> None:
        """Say that the config is being read again."""
        self._tell("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def stopping(self) -> None:
        """Say that the watch is ending."""
        self._tell("STOPPING=1")

    def alive(self) -> None:
        """Say that all jobs get on."""
        self._tell("WATCHDOG=1")

    def _tell(self, *lines: str) -> None:
        if not self._address or not hasattr(socket, "AF_UNIX"):
            return
        # A name that begins with @ is one of Linux' abstract sockets, which is written with a zero byte.
        address = f"\0{self._address[1:]}" if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
                line.setblocking(False)
                line.sendto("\n".join(lines).encode(), address)
        except OSError:
            pass  # whoever listened is gone, or busy; the next word comes soon
