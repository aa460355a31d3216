"""The config file: one TOML table per topic, every mistake in it reported at once."""

import ipaddress
import os
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from platformdirs import user_config_path, user_data_path
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    create_model,
    field_validator,
    model_validator,
)

from notifiers.discovery import channels
from watcher.domain.cadence import Pace
from watcher.durations import Duration, duration_text
from watcher.errors import StornowachtError
from watcher.texts.language import Language, _

ENVIRONMENT = "STORNOWACHT_CONFIG"
FLOOR = timedelta(minutes=5)
"""No visit to a real site comes sooner after the last one, whatever the config says."""
LOOPBACK_FLOOR = timedelta(seconds=1)
"""The practice shop on this very machine is nobody's guest."""


class ConfigError(StornowachtError):
    """The config cannot be used as it is."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Terms(_Table):
    """The table [terms]."""

    i_accept_the_risk: bool = Field(
        default=False,
        description="Say true when you have read what the platform's terms say about automated reading (see README). "
        "Without it nothing is visited.",
    )


class Storage(_Table):
    """The table [storage]."""

    dir: Path | None = Field(
        default=None,
        description="Where the database, the archive and the browser profiles lie. Default: your data folder.",
        examples=["/home/me/stornowacht"],
    )


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
        parts = urlsplit(value)
        if (
            parts.scheme not in {"http", "https"}
            or not parts.hostname
            or parts.path.strip("/")
            or parts.query
        ):
            raise ValueError(_('write an address without a path, such as "https://www.example.org"'))
        if parts.scheme == "http" and not is_loopback(value):
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
        pattern=r"^(direct://|(http|https|socks5)://[^\s/,;]+)$",
        description="Your proxy, if you need one to reach the internet; the system's own setting is not used.",
        examples=["http://proxy.example:3128"],
    )
    settle: Duration = Field(
        default=timedelta(seconds=20), description="How long a page may take to come to rest."
    )
    visit: Duration = Field(default=timedelta(minutes=4), description="How long a whole visit may take.")


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


class Remind(_Table):
    """The table [remind]."""

    every: Duration = Field(
        default=timedelta(minutes=30), description="How often an alert comes back until you acknowledge it."
    )

    @field_validator("every")
    @classmethod
    def _is_not_zero(cls, value: timedelta) -> timedelta:
        if value < timedelta(seconds=1):
            raise ValueError(_("must be at least 1s"))
        return value


class AccountTable(_Table):
    """One table [[account]]."""

    name: str = Field(
        default="main",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$",
        description="What you call this account: letters, digits, - and _. It names the browser profile.",
    )


@cache
def notify_model() -> type[BaseModel]:
    """Return the model of [notify]: one optional table per channel that is installed."""
    fields: dict[str, Any] = {name: (kind.settings | None, None) for name, kind in channels().items()}
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
    notify: BaseModel = Field(default_factory=notify_model())

    @property
    def storage_dir(self) -> Path:
        """The storage folder in force."""
        return (self.storage.dir or user_data_path("stornowacht", appauthor=False)).expanduser()

    @property
    def floor(self) -> timedelta:
        """The shortest time between two visits."""
        return LOOPBACK_FLOOR if is_loopback(self.site.base_url) else FLOOR

    @property
    def pace(self) -> Pace:
        """The intervals in force."""
        return Pace(floor=self.floor, hot=self.watch.hot, live=self.watch.live, quiet=self.watch.quiet)

    @property
    def channels(self) -> dict[str, BaseModel]:
        """The settings of each channel that is set up, by its name."""
        return {name: table for name in channels() if (table := getattr(self.notify, name)) is not None}

    @model_validator(mode="after")
    def _keeps_the_floor(self) -> "Config":
        for name in ("hot", "live", "quiet"):
            if getattr(self.watch, name) < self.floor:
                floor = duration_text(self.floor)
                raise ValueError(
                    _("[watch] {name}: {floor} is the shortest; the site is not ours").format(
                        name=name, floor=floor
                    )
                )
        names = [account.name.lower() for account in self.account]
        if len(names) != len(set(names)):
            raise ValueError(_("[[account]]: two accounts have the same name"))
        return self


def is_loopback(url: str) -> bool:
    """Whether an address is on this very machine."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def default_path() -> Path:
    """Return where the config is looked for: STORNOWACHT_CONFIG, else the platform's config folder."""
    named = os.environ.get(ENVIRONMENT)
    return (
        Path(named).expanduser()
        if named
        else user_config_path("stornowacht", appauthor=False) / "config.toml"
    )
