"""What the daemon is told by signals: to end, or to read its config again."""

import signal
import sys
import threading


class Signals:
    """Listens in the main thread; whoever waits is woken."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        """Set once the daemon is to end."""
        self._woken = threading.Event()
        self._reload = False
        self._held: threading.Event | None = None

    def listen(self) -> None:
        """Listen from now on.

        SIGHUP means "read your config again" to a service, and "your terminal is gone" to a program in a window: there
        it ends the watch.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._end())
        hang_up = getattr(signal, "SIGHUP", None)  # Windows has none
        if hang_up is not None:
            in_window = sys.stderr is not None and sys.stderr.isatty()
            signal.signal(hang_up, lambda *_: self._end() if in_window else self._read_again())

    def hold(self, stop: threading.Event) -> None:
        """Set this event, too, when the daemon is to end."""
        self._held = stop
        if self.stop.is_set():
            stop.set()

    def wait(self, seconds: float) -> bool:
        """Wait until something was said, at most so long; returns whether the config is to be read again."""
        self._woken.wait(timeout=seconds)
        asked, self._reload = self._reload, False
        if not self.stop.is_set():
            self._woken.clear()
        return asked

    def _end(self) -> None:
        self.stop.set()
        if self._held is not None:
            self._held.set()
        self._woken.set()

    def _read_again(self) -> None:
        self._reload = True
        self._woken.set()
