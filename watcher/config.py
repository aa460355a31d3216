"""The config file: one TOML table per topic, every mistake in it reported at once."""

import ipaddress
import os
import re
from collections.abc import Collection
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    create_model,
    field_validator,
    model_validator,
)

from notifiers.discovery import channel, channels
from watcher.domain.cadence import Pace
from watcher.durations import Duration, duration_text
from watcher.errors import StornowachtError
from watcher.texts.language import Language, _

ENVIRONMENT = "STORNOWACHT_CONFIG"
FLOOR = timedelta(minutes=5)
"""No visit to a real site comes sooner after the last one, whatever the config says."""
LOOPBACK_FLOOR = timedelta(seconds=1)
"""The practice shop on this very machine is nobody's guest."""
_PROXY = re.compile(r"direct://|(http|https|socks5)://[^\s/,;]+")


class ConfigError(StornowachtError):
    """The config cannot be used as it is."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, defer_build=True)


def _placed(value: Path | None, info: ValidationInfo) -> Path | None:
    """Return a path that means the same wherever the program is started: counted from the config's own folder."""
    if value is None:
        return None
    if value == Path() or "\0" in str(value):
        raise ValueError(_("must be a path in quotes"))
    try:
        return Path((info.context or {}).get("base", "")) / value.expanduser()
    except RuntimeError as error:
        raise ValueError(_("there is no such user's home folder")) from error


class Terms(_Table):
    """The table [terms]."""

    i_accept_the_risk: bool = Field(
        default=False,
        description="Say true when you have read what the platform's terms say about automated reading (see README). "
        "Without it nothing is visited.",
    )


def _at_least_a_second(value: timedelta) -> timedelta:
    if value < timedelta(seconds=1):
        raise ValueError(_("must be at least 1s"))
    return value


def _below(floor: timedelta) -> str:
    return _("{floor} is the shortest; the site is not ours").format(floor=duration_text(floor))


class Storage(_Table):
    """The table [storage]."""

    dir: Path | None = Field(
        default=None,
        description="Where the database, the archive and the browser profiles lie. Default: your data folder.",
        examples=["/home/me/stornowacht"],
    )

    _in_place = field_validator("dir")(_placed)


class Site(_Table):
    """The table [site]."""

    base_url: str = Field(default="https://www.kleinanzeigen.de", description="The site to watch.")
    gateway_url: str = Field(
        default="https://gateway.kleinanzeigen.de", description="Where the site's pages get their data from."
    )
    allow: tuple[str, ...] = Field(
        default=(),
        description="Addresses that the read-only guard lets through, each exact, with or without a method. "
        "Leave empty unless a page cannot be read without.",
        examples=[["PUT https://gateway.example/exact/path"]],
    )

    @field_validator("allow")
    @classmethod
    def _are_exact(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        from watcher.browser.guard import check_allowed  # noqa: PLC0415 - only where somebody lets something through

        if value:
            check_allowed(value)
        return value

    @field_validator("base_url", "gateway_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if not _is_bare_address(value):
            raise ValueError(_('write an address without a path, such as "https://www.example.org"'))
        if value.lower().startswith("http:") and not is_loopback(value):
            raise ValueError(_("an address without https is only good for this very machine"))
        return value.rstrip("/")


class Browser(_Table):
    """The table [browser]."""

    executable: Path | None = Field(
        default=None,
        description="The browser to use. Default: Chromium, Chrome or Edge, found by itself.",
        examples=["/usr/bin/chromium"],
    )

    headless: bool = Field(default=True, description="false shows the browser window during visits.")
    proxy: str = Field(
        default="direct://",
        description="Your proxy, if you need one to reach the internet; the system's own setting is not used.",
        examples=["http://proxy.example:3128"],
    )
    settle: Duration = Field(
        default=timedelta(seconds=20), description="How long a page may take to come to rest."
    )
    visit: Duration = Field(default=timedelta(minutes=4), description="How long a whole visit may take.")

    _in_place = field_validator("executable")(_placed)

    @field_validator("proxy")
    @classmethod
    def _is_a_proxy(cls, value: str) -> str:
        if not _PROXY.fullmatch(value):
            raise ValueError(_('write an address such as "http://proxy.example:3128", or "direct://"'))
        return value

    _not_zero = field_validator("settle", "visit")(_at_least_a_second)


class Watch(_Table):
    """The table [watch]."""

    hot: Duration = Field(
        default=timedelta(minutes=10), description="How often to look while a cancelled parcel is on its way."
    )
    live: Duration = Field(default=timedelta(minutes=20), description="How often while a sale is under way.")
    quiet: Duration = Field(default=timedelta(hours=2), description="How often when nothing is under way.")
    threads_per_check: int = Field(
        default=40, ge=1, le=200, description="How many conversations one visit may open; the others wait."
    )

    @field_validator("hot", "live", "quiet")
    @classmethod
    def _keeps_the_floor(cls, value: timedelta, info: ValidationInfo) -> timedelta:
        floor = (info.context or {}).get("floor")
        if floor is not None and value < floor:
            raise ValueError(_below(floor))
        return value


class Remind(_Table):
    """The table [remind]."""

    every: Duration = Field(
        default=timedelta(minutes=30), description="How often an alert comes back until you acknowledge it."
    )

    _not_zero = field_validator("every")(_at_least_a_second)


class AccountTable(_Table):
    """One table [[account]]."""

    name: str = Field(
        default="main",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$",
        description="What you call this account: letters, digits, - and _. It names the browser profile.",
    )


def notify_model(names: Collection[str]) -> type[BaseModel]:
    """Return the model of a [notify] that holds tables of these names.

    Every channel that is installed has its place in it; but where each name is a channel, the others are not even
    imported, for `status` must be quick.
    """
    kinds = {name: channel(name) for name in names}
    if None in kinds.values():
        kinds = dict(channels())
    fields: dict[str, Any] = {
        name: (kind.settings | None, None) for name, kind in kinds.items() if kind is not None
    }
    return create_model("Notify", __base__=_Table, **fields)


class Config(_Table):
    """Everything that can be set."""

    language: Language = Field(default="de", description='The language you are spoken to: "de" or "en".')
    terms: Terms = Terms()
    storage: Storage = Storage()
    site: Site = Site()
    browser: Browser = Browser()
    watch: Watch = Watch()
    remind: Remind = Remind()
    account: tuple[AccountTable, ...] = Field(default=(AccountTable(),), min_length=1)
    notify: BaseModel = _Table()

    @property
    def storage_dir(self) -> Path:
        """The storage folder in force."""
        if self.storage.dir is not None:
            return self.storage.dir
        from platformdirs import user_data_path  # noqa: PLC0415 - only where no folder is named

        return user_data_path("stornowacht", appauthor=False)

    @property
    def floor(self) -> timedelta:
        """The shortest time between two visits."""
        return floor_for(self.site.base_url, self.site.gateway_url)

    @property
    def pace(self) -> Pace:
        """The intervals in force."""
        return Pace(floor=self.floor, hot=self.watch.hot, live=self.watch.live, quiet=self.watch.quiet)

    @property
    def channels(self) -> dict[str, BaseModel]:
        """The settings of each channel that is set up, by its name."""
        return {
            name: table
            for name in type(self.notify).model_fields
            if (table := getattr(self.notify, name)) is not None
        }

    @field_validator("account")
    @classmethod
    def _have_names_of_their_own(cls, value: tuple[AccountTable, ...]) -> tuple[AccountTable, ...]:
        names = [account.name.lower() for account in value]
        if len(names) != len(set(names)):
            raise ValueError(_("two accounts have the same name"))
        return value

    @model_validator(mode="after")
    def _keeps_the_floor(self) -> "Config":
        """Hold the floor for a config that was not read from a file, too."""
        if min(self.watch.hot, self.watch.live, self.watch.quiet) < self.floor:
            raise ValueError(_below(self.floor))
        return self


def floor_for(*addresses: str) -> timedelta:
    """Return the shortest time between two visits to these addresses; one that is not on this machine is a host's."""
    return LOOPBACK_FLOOR if all(is_loopback(address) for address in addresses) else FLOOR


def is_loopback(url: str) -> bool:
    """Whether an address is on this very machine."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_bare_address(value: str) -> bool:
    """Whether a text is scheme, host and port, and nothing else."""
    if not value.isprintable() or " " in value:
        return False
    try:
        parts = urlsplit(value)
        rest = parts.path.strip("/") or parts.query or parts.fragment or parts.username or parts.password
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and not rest and parts.port != 0
    except ValueError:  # a port beyond 65535, a broken IPv6 address
        return False


def default_path() -> Path:
    """Return where the config is looked for: STORNOWACHT_CONFIG, else the platform's config folder."""
    named = os.environ.get(ENVIRONMENT)
    if not named:
        from platformdirs import user_config_path  # noqa: PLC0415 - only where no file is named

        return user_config_path("stornowacht", appauthor=False) / "config.toml"
    try:
        return Path(named).expanduser()
    except RuntimeError:  # "~somebody" whom this machine does not know
        return Path(named)
