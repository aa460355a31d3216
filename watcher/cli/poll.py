"""`poll`: asks the carriers' interfaces about the parcels that are due; the daemon starts it."""

import time
from datetime import timedelta
from pathlib import Path

import click

from watcher.bootstrap import house, now
from watcher.cli.common import config_option, load_config


@click.command("poll", hidden=True)
@config_option
def poll_command(*, config_path: Path | None) -> int:
    """Ask about every parcel whose time has come, and remember when the next one's comes."""
    from watcher.app.poll_parcels import poll  # noqa: PLC0415 - only this command needs it

    config = load_config(config_path)
    with house(config) as our:
        poll(
            our.store,
            our.polled(),
            rules=our.case_rules(),
            channels=list(config.channels),
            clock=now,
            wait=_wait,
        )
    return 0


def _wait(span: timedelta) -> None:
    time.sleep(span.total_seconds())
