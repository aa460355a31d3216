"""The browser that visits."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator, model_validator

from watcher.durations import Duration
from watcher.settings.table import Table, at_least_a_second, placed
from watcher.texts.language import _

_SIZE = re.compile(r"(\d{1,6})\s*(MB|GB)")
_UNITS = {"MB": 10**6, "GB": 10**9}
_LEAST_MEMORY = 300 * 10**6
"""Below that no browser opens a page."""
_SLACK = 90.0
"""Seconds beyond the visit's own limit: launching, reading, remembering, delivering."""
_PROXY = re.compile(r"direct://|(http|https|socks5)://[^\s/,;]+")


class Browser(Table):
    """The table [browser]."""

    executable: Path | None = Field(
        default=None,
        description="The browser to use. Default: Chromium, Chrome or Edge, found by itself.",
        examples=["/usr/bin/chromium"],
    )

    channel: Literal["chromium", "chrome", "msedge"] | None = Field(
        default=None,
        description="Which of the installed browsers to use, instead of naming its program: chromium, chrome or msedge.",
        examples=["chrome"],
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

    memory: str = Field(
        default="1500 MB",
        description="How much memory a check's browser may take; one that takes more is ended, and you are told.",
    )

    _in_place = field_validator("executable")(placed)

    @model_validator(mode="after")
    def _names_one_browser(self) -> "Browser":
        if self.executable is not None and self.channel is not None:
            raise ValueError(_("name either executable or channel, not both"))
        return self

    @field_validator("proxy")
    @classmethod
    def _is_a_proxy(cls, value: str) -> str:
        if not _PROXY.fullmatch(value):
            raise ValueError(_('write an address such as "http://proxy.example:3128", or "direct://"'))
        return value

    @field_validator("memory")
    @classmethod
    def _is_enough(cls, value: str) -> str:
        if bytes_of(value) is None:
            raise ValueError(_('write a number and a unit: "1500 MB" or "2 GB"'))
        if (bytes_of(value) or 0) < _LEAST_MEMORY:
            raise ValueError(_("must be at least {least}").format(least="300 MB"))
        return value

    @property
    def memory_bytes(self) -> int:
        """How many bytes of memory a check's browser may take."""
        return bytes_of(self.memory) or _LEAST_MEMORY

    @property
    def check_seconds(self) -> float:
        """Within how many seconds a whole check is over; a browser that is still there then hangs, and is ended."""
        return self.visit.total_seconds() + _SLACK

    _not_zero = field_validator("settle", "visit")(at_least_a_second)


def bytes_of(size: str) -> int | None:
    """Return the bytes of a size such as `1500 MB`; `None` for one of another form."""
    match = _SIZE.fullmatch(size.strip())
    return int(match[1]) * _UNITS[match[2]] if match else None
