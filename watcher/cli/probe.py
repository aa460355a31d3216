"""`probe`: a redacted report of a page that was not understood; the seller sees it before it is written."""

import sys
from pathlib import Path

import click

from watcher.app.archive import StoredCapture
from watcher.app.seller import find
from watcher.bootstrap import House, house, now
from watcher.cli.common import config_option, load_config, printable
from watcher.cli.new_file import require_free, write_new
from watcher.domain.capture import PageKind
from watcher.errors import UsageError
from watcher.texts.language import _


@click.command(
    "probe",
    help=_(
        "Show a report of pages that were not understood, with everything private masked; write it if you agree."
    ),
)
@click.argument("order", required=False)
@click.option("--out", type=click.Path(path_type=Path), help=_("The file to write."))
@click.option("--yes", is_flag=True, help=_("Write it without asking."))
@config_option
def probe_command(order: str | None, *, out: Path | None, yes: bool, config_path: Path | None) -> int:
    """Show the report, then write it after a yes."""
    from watcher.app.probe import probe  # noqa: PLC0415 - the page readers come along

    with house(load_config(config_path)) as our:
        chosen = _chosen(our, order)
        lore = our.lore(chosen[0].account)
        report = probe([our.vault.capture(stored) for stored in chosen], lore=lore)
    click.echo("".join(char if char == "\n" else printable(char) for char in report))
    target = out or Path(f"stornowacht-probe-{now():%Y%m%d}.txt")
    require_free(target)
    if not yes and not sys.stdin.isatty():
        click.echo(_("Nothing was written: read the report, then say --yes."), err=True)
        return 0
    if yes or click.confirm(_("This is the whole report. Write it to {path}?").format(path=target)):
        write_new(target, report.encode())
        click.echo(_("Written: {path}").format(path=target))
    return 0


def _chosen(our: House, order: str | None) -> list[StoredCapture]:
    """Return the captures to report: of an order, else the latest that made trouble, else the latest of each kind."""
    wanted = find(order, our.store.orders(), what="order") if order else None
    everything = our.store.captures(
        account=wanted.account if wanted else None, conversation=wanted.conversation if wanted else None
    )
    captures = [capture for capture in everything if capture.kind is not PageKind.AD]
    trouble = [capture for capture in captures if capture.reason == "problem"]
    latest = {capture.kind: capture for capture in captures if capture.kind is not PageKind.ADDED}
    chosen = captures[-1:] if wanted else trouble[-2:] or list(latest.values())
    if not chosen:
        raise UsageError(
            _("Nothing is archived yet, so there is nothing to report."),
            advice=_("Run `stornowacht check` first."),
        )
    return chosen
