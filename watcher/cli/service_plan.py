"""What the service is to run, by the config: which folders it writes to, which variables it must see."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from watcher.browser.finder import find_browser
from watcher.config import Config
from watcher.errors import BrowserError
from watcher.service.plan import Plan

_KEPT = ("XDG_DATA_HOME", "PLAYWRIGHT_BROWSERS_PATH")
"""Where this program finds its data and its browser, if that was set in the shell that installs the service."""
_SNAP = b"/snap/"
_SCRIPT_BYTES = 4096


def plan_for(config: Config, path: Path, *, interpreter: Path) -> Plan:
    """Return what to run for the config at that absolute path.

    The folder of the config counts among those that are written to: the dashboard changes settings.
    """
    storage = config.storage_dir.absolute()
    folders = [path.parent]
    if config.seller.calendar is not None:
        folders.append(config.seller.calendar.absolute().parent)
    if config.texts.folder is not None:
        folders.append(config.texts.folder.absolute())
    return Plan(
        interpreter=interpreter.absolute(),
        config=path,
        storage=storage,
        writable=tuple(dict.fromkeys(folder for folder in folders if folder != storage)),
        environment={
            name: os.environ[name]
            for name in _KEPT
            if os.environ.get(name) and not (name == "XDG_DATA_HOME" and config.storage.dir is not None)
        },
        browser_is_snap=_is_snap(config),
    )


def names_from_environment(config: Config) -> tuple[str, ...]:
    """Return the variables that the config's references name."""
    return tuple(sorted({text.removeprefix("env:") for text in _texts(config) if text.startswith("env:")}))


def _texts(value: Any) -> Iterator[str]:
    """Return every text in a config, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, BaseModel):
        for field in type(value).model_fields:
            yield from _texts(getattr(value, field))
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _texts(part)


def _is_snap(config: Config) -> bool:
    """Whether the browser is a snap, or one of Ubuntu's scripts that lead there."""
    try:
        browser = find_browser(config.browser.executable, channel=config.browser.channel)
        if _SNAP.decode() in str(browser):
            return True
        with browser.open("rb") as file:
            start = file.read(_SCRIPT_BYTES)
    except (BrowserError, OSError):
        return False  # whether there is one at all is the doctor's matter
    return start.startswith(b"#!") and _SNAP in start
