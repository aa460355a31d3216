"""The commented example config, made from the config's own model so that it cannot grow stale."""

import json
import textwrap
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from notifiers.discovery import channels
from watcher.config import Config
from watcher.durations import duration_text
from watcher.settings.account import AccountTable, PageTable
from watcher.settings.answers import Answers
from watcher.settings.archive import Archive
from watcher.settings.basics import Remind, Storage, Terms
from watcher.settings.browser import Browser
from watcher.settings.carrier import OwnCarrier
from watcher.settings.dashboard import Dashboard
from watcher.settings.escalation import EscalationTable
from watcher.settings.listing_rules import ListingRule
from watcher.settings.listings import Listings
from watcher.settings.mailbox import Mailbox
from watcher.settings.seller import Seller
from watcher.settings.site import Site
from watcher.settings.teaching import LayoutTable, WordTable
from watcher.settings.texts import Texts
from watcher.settings.timestamp import OwnAuthority, Timestamp
from watcher.settings.tracking import DhlTracking
from watcher.settings.voice import HeartbeatTable, SummaryTable
from watcher.settings.watch import Watch
from watcher.texts.language import _

_WIDTH = 100
TABLES: tuple[tuple[str, type[BaseModel]], ...] = (
    ("[terms]", Terms),
    ("[[account]]", AccountTable),
    ("# [[account.page]]", PageTable),
    ("[watch]", Watch),
    ("[remind]", Remind),
    ("# [[escalation]]", EscalationTable),
    ("[summary]", SummaryTable),
    ("# [heartbeat]", HeartbeatTable),
    ("[dashboard]", Dashboard),
    ("[seller]", Seller),
    ("[texts]", Texts),
    ("[listings]", Listings),
    ("# [[listings.rule]]", ListingRule),
    ("[answers]", Answers),
    ("[storage]", Storage),
    ("[archive]", Archive),
    ("[site]", Site),
    ("[browser]", Browser),
    ("# [mailbox]", Mailbox),
    ("# [timestamp]", Timestamp),
    ("# [[timestamp.authority]]", OwnAuthority),
    ("# [tracking.dhl]", DhlTracking),
    ("# [carrier.hermes]", OwnCarrier),
    ("# [[wording]]", WordTable),
    ("# [[layout]]", LayoutTable),
)
"""Every table; those that are commented out are only there when somebody wants them."""
_HEADINGS = frozenset(heading for heading, _model in TABLES)


def example_config(answers: dict[str, dict[str, Any]] | None = None) -> str:
    """Return a commented config with every setting at its default; what `answers` holds is set instead.

    Args:
        answers: table name (such as `notify.email`) -> key -> value.
    """
    answers = answers or {}
    lines = [
        "# " + _("Stornowacht's config. A line that begins with # shows a setting at its default."),
        "# "
        + _(
            "Passwords never stand here, only where to find them: env:NAME, file:/path or keyring:service/user."
        ),
        "",
        *_setting("language", Config.model_fields["language"], answers.get("", {})),
    ]
    for heading, model in TABLES:
        table = heading.strip("#[ ]")
        given = answers.get(table, {})
        lines += ["", heading.removeprefix("# ") if table in answers else heading]
        for name, field in model.model_fields.items():
            if f"# [[{table}.{name}]]" not in _HEADINGS:
                lines += _setting(name, field, given)
    for name, kind in channels().items():
        lines += ["", *_channel(name, kind.settings, answers)]
    return "\n".join(lines) + "\n"


def _channel(name: str, model: type[BaseModel], answers: dict[str, dict[str, Any]]) -> Iterator[str]:
    given = answers.get(f"notify.{name}")
    off = "" if given is not None else "# "
    yield f"{off}[notify.{name}]"
    for key, field in model.model_fields.items():
        yield from _setting(key, field, given or {})


def _setting(name: str, field: FieldInfo, given: dict[str, Any]) -> Iterator[str]:
    for line in textwrap.wrap(_(field.description) if field.description else "", _WIDTH):
        yield f"# {line}"
    if name in given:
        yield f"{name} = {_toml(given[name])}"
        return
    default = field.get_default(call_default_factory=True, validated_data={})
    has_default = default is not PydanticUndefined and default is not None
    example = next(iter(field.examples or []), None)
    shown = default if has_default and not (default == () and example) else example
    yield f"# {name} = {_toml(shown)}" if shown is not None else f"# {name} ="


def _toml(value: Any) -> str:
    """Return a value as TOML; JSON's strings, numbers, booleans and arrays are TOML's, too (DEL needs its escape)."""
    if isinstance(value, timedelta):
        value = duration_text(value)
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(entry)}" for key, entry in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False, default=str).replace("\x7f", "\\u007f")
