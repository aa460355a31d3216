"""The site, and what may be loaded for it."""

import re

from pydantic import Field, field_validator

from watcher.settings.table import Table, is_bare_address, is_loopback
from watcher.texts.language import _

_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")


class Site(Table):
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

    hosts: tuple[str, ...] = Field(
        default=(),
        description="Further hosts that a visit may load from. Those of other companies (ads, trackers) stay away "
        "by themselves; leave empty unless a page cannot be read without.",
        examples=[["static.example"]],
    )

    @field_validator("hosts")
    @classmethod
    def _are_hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for host in value:
            if not _HOST.fullmatch(host):
                raise ValueError(_('write host names such as "static.example", in lower case'))
        return value

    @field_validator("allow")
    @classmethod
    def _are_exact(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        from watcher.browser.exact_address import check_allowed  # noqa: PLC0415 - only where somebody lets something through

        if value:
            check_allowed(value)
        return value

    @field_validator("base_url", "gateway_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if not is_bare_address(value):
            raise ValueError(_('write an address without a path, such as "https://www.example.org"'))
        if value.lower().startswith("http:") and not is_loopback(value):
            raise ValueError(_("an address without https is only good for this very machine"))
        return value.rstrip("/")
