"""The daemon's log: one event per line, with a stable name. No cookies, tokens, names or addresses in it."""

import logging
import sys
from typing import Any

import structlog


def log() -> Any:
    """Return the logger."""
    return structlog.get_logger("stornowacht")


def set_up(level: int = logging.INFO) -> None:
    """Write to stderr: a line for people on a terminal, JSON otherwise."""
    if sys.stderr.isatty():
        renderer: Any = structlog.dev.ConsoleRenderer(colors=True)
    else:
        renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
