"""Faults that the user is told of: what went wrong, where, and the way out."""


class StornowachtError(Exception):
    """A fault with a message for the user. Ends a command with `exit_code`, never with a traceback."""

    exit_code = 2

    def __init__(self, message: str, *, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice

    def diagnostics(self) -> str:
        """Return what to show: the fault, and below it the way out."""
        return f"{self.message}\n{self.advice}" if self.advice else self.message


class UsageError(StornowachtError):
    """An argument that names nothing, or a wish that makes no sense."""


class StorageError(StornowachtError):
    """The data folder or the database cannot be used as it is."""


class OutdatedError(StorageError):
    """The storage folder belongs to a newer version of this program."""


class BrowserError(StornowachtError):
    """No browser, or none that can be trusted."""


class BusyError(StornowachtError):
    """Somebody else is at work on the same data."""

    scheduled_exit_code = 75
    """What a scheduled check ends with then: no failure, the next tick looks again."""
