"""`report`: packs a bug report without names, titles, addresses and secrets. It is shown, never sent."""

import os
import platform
import sqlite3
import sys
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import click
from pydantic import BaseModel

from watcher import __version__
from watcher.app.bug_report import (
    Aliases,
    Part,
    as_json,
    doctor_lines,
    log_lines,
    masked_config,
    packed,
    state_of,
)
from watcher.bootstrap import House, house, now
from watcher.cli.common import config_option, load_config
from watcher.cli.new_file import require_free, write_new
from watcher.config import Config, ConfigError, default_path
from watcher.daemon.log_file import last_entries
from watcher.errors import StorageError, StornowachtError
from watcher.texts.language import _
from watcher.texts.redact import redacted

_LINES = 500
_DAYS = timedelta(days=14)
_SECONDS = 8.0
_LIBRARIES = (
    "apscheduler", "beautifulsoup4", "click", "desktop-notifier", "imap-tools", "playwright", "psutil", "pydantic", "starlette",
    "structlog", "uvicorn",
)  # fmt: skip


@click.command(
    "report", help=_("Pack a bug report without names, titles, addresses and secrets. It is never sent.")
)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@config_option
def report_command(file: Path | None, *, config_path: Path | None) -> int:
    """Pack the report, and say what is in it."""
    target = file or Path(f"stornowacht-report-{now():%Y%m%d-%H%M}.zip")
    require_free(target)
    parts = list(_parts(config_path))
    contents = "".join(f"{part.name}: {part.what}\n" for part in parts)
    notice = _("What is in this report. Look at it before you send it to anybody; Stornowacht sends nothing.")
    write_new(target, packed([Part(name="README.txt", what="", content=f"{notice}\n\n{contents}"), *parts]))
    click.echo(_("The report is in {path}:").format(path=target))
    for part in parts:
        click.echo(f"  {part.name:<16} {part.what}")
    click.echo(
        _(
            "Names, titles, addresses, numbers and secrets are masked with “…”. Programs err: look at it before you send it. "
            "Stornowacht has sent it to nobody."
        )
    )
    return 0


def _log(storage: Path, aliases: Aliases) -> Part:
    try:
        lines = last_entries(storage, at_most=_LINES)
    except StorageError as error:
        return Part(
            name="log.txt",
            what=_("why the log could not be read"),
            content=redacted(error.diagnostics()) + "\n",
        )
    what = _("the last {count} lines of the log").format(count=_LINES)
    return Part(name="log.jsonl", what=what, content=log_lines(lines, aliases))


def _parts(config_path: Path | None) -> Iterator[Part]:
    """Make the parts, as many as can be made: a report is asked for when something is broken."""
    place, config = config_path or default_path(), None
    try:
        config = load_config(config_path)
    except ConfigError as error:
        yield Part(
            name="fault.txt",
            what=_("what is wrong with the config"),
            content=redacted(error.diagnostics()) + "\n",
        )
    accounts = [table.name for table in config.account] if config else []
    aliases, storage = Aliases(accounts), config.storage_dir if config else _storage_of(place)
    yield Part(
        name="program.json",
        what=_("versions of program, system and browser"),
        content=as_json(_program(config, storage)),
    )
    yield Part(
        name="config.toml",
        what=_("your settings; values that could name somebody are masked"),
        content=_config(place),
    )
    yield _log(storage, aliases)
    if config is None:
        return
    from watcher.cli.doctor import examine_at_home  # noqa: PLC0415 - only this needs it here

    yield Part(
        name="doctor.json",
        what=_("what `stornowacht doctor` says; nobody was connected to"),
        content=as_json(doctor_lines(examine_at_home(config, place), aliases)),
    )
    try:
        with house(config) as our:
            yield Part(
                name="state.json",
                what=_("how checks ended, and how many orders, cases and alerts there are"),
                content=as_json(
                    state_of(
                        our.store,
                        accounts=accounts,
                        channels=list(config.channels),
                        past=our.store.catalogue().past_checks(since=now() - _DAYS),
                        aliases=aliases,
                    )
                ),
            )
            shape = _unknown_pages(our)
            if shape:
                yield Part(
                    name="pages.md",
                    what=_("how the pages are built that were not understood, without their texts"),
                    content=shape,
                )
    except StornowachtError as error:
        yield Part(
            name="database.txt",
            what=_("why the database could not be read"),
            content=redacted(error.diagnostics()) + "\n",
        )


def _unknown_pages(our: House) -> str:
    """Return the shape of the pages that made trouble last; empty where none did."""
    trouble = [capture for capture in our.store.captures() if capture.reason == "problem"][-2:]
    if not trouble:
        return ""
    from watcher.app.probe import probe  # noqa: PLC0415 - the page readers come along

    return probe([our.vault.capture(stored) for stored in trouble], lore=our.lore(trouble[0].account))


def _program(config: Config | None, storage: Path) -> dict[str, Any]:
    from watcher.storage.examine import examine_database  # noqa: PLC0415 - only this needs it here

    database = examine_database(storage, seconds=_SECONDS)
    return {
        "stornowacht": __version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()}",
        "machine": platform.machine(),
        "sqlite": sqlite3.sqlite_version,
        "libraries": {name: _version(name) for name in _LIBRARIES},
        "browser": _browser(config) if config else None,
        "schema": {"database": database.schema, "program": database.known},
        "display": bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")),
        "under_a_service_manager": bool(os.environ.get("INVOCATION_ID")),
        "frozen": bool(getattr(sys, "frozen", False)),
    }


def _browser(config: Config) -> str:
    from watcher.browser.examine import examine_browser  # noqa: PLC0415 - only this needs it here

    try:
        facts = examine_browser(config.browser.executable, config.browser.channel, seconds=_SECONDS)
    except StornowachtError as error:
        return redacted(error.message)
    return redacted(str(facts.version or "unknown"))


def _version(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None


def _config(place: Path) -> str:
    from watcher.config_file import read  # noqa: PLC0415 - the text is only needed here

    try:
        return masked_config(read(place), known=_known_names())
    except ConfigError as error:
        return f"# {redacted(error.message)}\n"


def _known_names() -> frozenset[str]:
    """Return the names of all tables and settings that the program has."""
    from notifiers.discovery import channels  # noqa: PLC0415 - all of them are imported
    from watcher.carriers.knowledge import all_carriers  # noqa: PLC0415
    from watcher.example import TABLES  # noqa: PLC0415

    models: list[type[BaseModel]] = [Config, *(model for _heading, model in TABLES)]
    models += [kind.settings for kind in channels().values()]
    fields = {name for model in models for name in model.model_fields}
    tables = {part for heading, _model in TABLES for part in heading.strip("#[ ]").split(".")}
    return frozenset(fields | tables | set(channels()) | {known.id for known in all_carriers()})


def _storage_of(place: Path) -> Path:
    """Return the storage folder that a config with mistakes names, as far as it can be read."""
    try:
        named = tomllib.loads(place.read_text(encoding="utf-8-sig")).get("storage", {}).get("dir")
    except (OSError, ValueError, AttributeError, RecursionError):
        named = None
    if isinstance(named, str) and named and "\0" not in named:
        return place.parent / Path(named)
    return Config().storage_dir
