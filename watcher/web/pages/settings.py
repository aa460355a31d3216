"""The config as it is in force: every setting, where it comes from, and what it means. It is changed in the file."""

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from watcher.config import default_path
from watcher.durations import duration_text
from watcher.texts.language import _
from watcher.web.desk import desk_of
from watcher.web.render import page

_LONGEST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting."""

    name: str
    value: str
    is_set: bool
    """Whether the config file names it; otherwise it stands at its default."""
    means: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableView:
    """One table of the config."""

    heading: str
    settings: tuple[Setting, ...]

    @property
    def is_set(self) -> bool:
        """Whether the file names anything in it."""
        return any(setting.is_set for setting in self.settings)


def settings(request: Request) -> Response:
    """Show every table that is in force."""
    desk = desk_of(request)
    path = desk.config_path or default_path()
    tables = list(tables_of(desk.config, _written(path)))
    return page(request, "settings.html", tables=tables, config_path=path)


def _written(path: Path) -> dict[str, Any]:
    """Return what the file says now; nothing where it cannot be read any more (what is in force was read before)."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return {}


def tables_of(config: BaseModel, written: dict[str, Any], heading: str = "") -> "list[TableView]":
    """Return a table and those in it, in the order of the model; those that nobody uses are left out."""
    own: list[Setting] = []
    inner: list[TableView] = []
    for name, field in type(config).model_fields.items():
        value, place = getattr(config, name), f"{heading}.{name}" if heading else name
        told = written.get(name)
        if isinstance(value, BaseModel):
            inner += tables_of(value, told if isinstance(told, dict) else {}, place)
        elif isinstance(value, dict):
            for key, table in value.items():
                if isinstance(table, BaseModel):
                    inner += tables_of(table, _under(told, key), f"{place}.{key}")
        elif isinstance(value, tuple) and value and all(isinstance(each, BaseModel) for each in value):
            for number, table in enumerate(value):
                entry = told[number] if isinstance(told, list) and number < len(told) else {}
                inner += tables_of(table, entry if isinstance(entry, dict) else {}, f"[{place}]")
        elif value is not None:
            means = _(field.description) if field.description else ""
            own.append(Setting(name=name, value=shown(value), is_set=name in written, means=means))
    return ([TableView(heading=heading, settings=tuple(own))] if own else []) + inner


def _under(told: object, key: str) -> dict[str, Any]:
    found = told.get(key) if isinstance(told, dict) else None
    return found if isinstance(found, dict) else {}


def shown(value: object) -> str:
    """Return a value as the file would have it. Passwords stand in no config, only where they are to be found."""
    match value:
        case bool():
            return "true" if value else "false"
        case timedelta():
            return duration_text(value)
        case Enum():
            return str(value.value)
        case tuple() | list() | frozenset():
            return ", ".join(map(shown, value)) or _("none")
        case _:
            text = str(value)
            return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


ROUTES = (Route("/settings", settings),)
