"""The dashboard."""

from pydantic import Field

from watcher.settings.table import Table

PORT = 8467
"""High enough to need no special rights, and none of those that web frameworks take by default."""


class Dashboard(Table):
    """The table [dashboard]."""

    enabled: bool = Field(
        default=True, description="Whether `stornowacht run` serves the dashboard, on this machine alone."
    )
    port: int = Field(
        default=PORT, ge=0, le=65_535, description="The port at 127.0.0.1; 0 takes any that is free."
    )
