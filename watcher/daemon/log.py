"""The daemon's log: one event per line, with a stable name. No cookies, tokens, names or addresses in it."""

import json
import logging
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from watcher.daemon.log_file import LogFile
from watcher.texts.redact import told


@contextmanager
def _out_of_sight(library: str) -> Iterator[None]:
    """Let a library count as not installed while another one is imported that would load it if it could."""
    known = sys.modules.get(library)
    sys.modules[library] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[library]
        if known is not None:
            sys.modules[library] = known


with _out_of_sight("rich"):  # for coloured tracebacks, which a watch never shows: 4 MB for as long as it runs
    import structlog

_file: list[LogFile] = []
_alone: list[bool] = [False]
_UNANSWERED = ("Task was destroyed but it is pending", "Future exception was never retrieved")
"""How asyncio tells of what still waited for a browser when that ended: whoever asked has had an exception."""


def log() -> Any:
    """Return the logger."""
    return structlog.get_logger("stornowacht")


def set_up(level: int = logging.INFO) -> None:
    """Write to stderr: a line for people on a terminal, JSON otherwise. What libraries have to say goes the same way."""
    if sys.stderr is not None and sys.stderr.isatty():
        renderer: Any = structlog.dev.ConsoleRenderer(colors=True)
    else:
        renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            without_secrets,
            _into_file,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: _Stderr(),
        cache_logger_on_first_use=True,
    )
    logging.root.handlers[:] = [_FromLibraries(logging.WARNING)]
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # the heartbeat tells of its jobs itself
    logging.getLogger("asyncio").addFilter(_is_news)


def keep_in(storage: Path, *, alone: bool = False) -> None:
    """Write to the log's file in the storage folder, too. Only whoever holds the daemon's lock may ask for it.

    With `alone` stderr only gets the lines that the file could not take.
    """
    for former in _file:
        former.close()
    _file[:], _alone[:] = [LogFile(storage)], [alone]


def without_secrets(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Mask what is nobody's business: numbers, moments, our own words and the short names of accounts stay."""
    for name, value in event.items():
        event[name] = told(name, value)
    return event


def _into_file(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for file in _file:
        file.write(json.dumps(event, ensure_ascii=False, default=str))
        if _alone[0] and not file.is_failing:
            raise structlog.DropEvent
    return event


def _is_news(record: logging.LogRecord) -> bool:
    return not str(record.msg).startswith(_UNANSWERED)


class _Stderr:
    """Prints lines as long as somebody may read them: a pipe that was closed ends no watch."""

    def msg(self, line: str) -> None:
        try:
            sys.stderr.write(line + "\n")
            sys.stderr.flush()
        except (OSError, ValueError, AttributeError):
            pass  # the file has it

    debug = info = warning = error = critical = msg


class _FromLibraries(logging.Handler):
    """Passes on what libraries log: in the same form, and masked like everything else."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            words = record.getMessage()
            fault = record.exc_info[1] if record.exc_info else None
        except (TypeError, ValueError):
            words, fault = "", None
        log().warning(
            "library_said",
            library=record.name.partition(".")[0],
            words=words,
            fault="" if fault is None else f"{type(fault).__name__}: {fault}",
        )
