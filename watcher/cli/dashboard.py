"""`dashboard`: opens the dashboard of the running daemon in the browser."""

import webbrowser
from pathlib import Path

import click

from watcher.cli.common import config_option, json_option, load_config, print_json
from watcher.errors import UsageError
from watcher.texts.language import _
from watcher.web.server import dashboard_url


@click.command("dashboard", help=_("Open the dashboard of the running `stornowacht run` in your browser."))
@click.option("--print", "only_print", is_flag=True, help=_("Only print its address, which lets you in."))
@config_option
@json_option
def dashboard_command(*, only_print: bool, config_path: Path | None, as_json: bool) -> int:
    """Open the dashboard, or say how it is started."""
    config = load_config(config_path)
    url = dashboard_url(config.storage_dir)
    if url is None:
        advice = (
            _("Start it with `stornowacht run` and leave that running.")
            if config.dashboard.enabled
            else _("It is switched off: [dashboard] enabled = false in the config.")
        )
        raise UsageError(_("No dashboard is running."), advice=advice)
    if as_json:
        print_json({"url": url})
    elif only_print or not webbrowser.open(url):
        click.echo(url)
    return 0
