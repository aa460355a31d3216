"""How the program shows that it is alive: the summary, the dead man's switch."""

import re
from datetime import time
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator

from watcher.domain.summary import SummaryEvery, SummaryPlan
from watcher.settings.table import Table, is_loopback
from watcher.texts.language import _

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


class SummaryTable(Table):
    """The table [summary]."""

    every: Literal["weekly", "daily", "never"] = Field(
        default="weekly",
        description='How often you are told how all stands: "weekly" (on Mondays), "daily" or "never". A watch that '
        "never speaks cannot be told from one that has died.",
    )
    at: str = Field(default="08:00", description="When, on a German clock; never at night.")

    @field_validator("at")
    @classmethod
    def _is_a_time(cls, value: str) -> str:
        if not _TIME.fullmatch(value):
            raise ValueError(_('write a time such as "08:00"'))
        return value

    @property
    def plan(self) -> SummaryPlan:
        """When a summary is due."""
        hour, minute = self.at.split(":")
        return SummaryPlan(every=SummaryEvery(self.every), at=time(int(hour), int(minute)))


class HeartbeatTable(Table):
    """The table [heartbeat]."""

    url: str = Field(
        min_length=1,
        description="An address that is asked for after a check that saw and understood everything, while no alert is "
        "stuck: a service such as healthchecks.io then tells you when that stays away. Whoever knows the address can "
        "keep it quiet, so it may be a reference, too: env:NAME, file:/path or keyring:service/user.",
        examples=["keyring:stornowacht/heartbeat"],
    )

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, value: str, info: ValidationInfo) -> str:
        from notifiers import setting  # noqa: PLC0415 - few have a heartbeat, and `status` must be quick
        from notifiers.secret import is_reference  # noqa: PLC0415

        if is_reference(value):
            return setting.reference(value, info) or value
        address = setting.web_address(value, language=setting.language(info))
        if not address.lower().startswith("https:") and not is_loopback(address):
            raise ValueError(_("an address without https is only good for this very machine"))
        return address
