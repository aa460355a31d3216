"""`archive list`, `archive verify`: the evidence."""

from pathlib import Path

import click

from watcher.app.seller import find
from watcher.app.verify import verify
from watcher.bootstrap import house
from watcher.cli.common import config_option, json_option, load_config, moment, print_json, print_table
from watcher.cli.report import capture_json
from watcher.texts.language import _


@click.group("archive", help=_("The evidence: what is there, and whether it is as it was written."))
def archive_command() -> None:
    """Hold the archive's commands together."""


@archive_command.command("list", help=_("All captures, or those of one order."))
@click.argument("order", required=False)
@config_option
@json_option
def list_command(order: str | None, *, config_path: Path | None, as_json: bool) -> int:
    """List captures."""
    with house(load_config(config_path)) as our:
        orders = our.store.orders()
        wanted = find(order, orders, what="order") if order else None
        captures = our.store.captures(
            account=wanted.account if wanted else None, conversation=wanted.conversation if wanted else None
        )
        storage = our.config.storage_dir
    if as_json:
        print_json([capture_json(capture, orders) for capture in captures])
        return 0
    titles = {known.conversation: known.title for known in orders}
    rows = [
        (
            moment(capture.taken_at),
            titles.get(capture.conversation or "") or (_("list") if capture.conversation is None else "–"),
            _reason_words(capture.reason),
            capture.front.path if capture.front else "–",
        )
        for capture in captures
    ]
    print_table((_("Taken"), _("What"), _("Why"), _("File")), rows)
    click.echo(_("Files are relative to {storage}.").format(storage=storage))
    return 0


@archive_command.command("verify", help=_("Verify the ledger's chain and every file."))
@config_option
@json_option
def verify_command(*, config_path: Path | None, as_json: bool) -> int:
    """Verify the archive: exit code 0 when all is as it was written, 1 when something is not."""
    with house(load_config(config_path)) as our:
        verdict = verify(our.store, our.vault)
        head = our.store.ledger_head()
    if as_json:
        faults = [{"place": fault.place, "reason": fault.reason} for fault in verdict.faults]
        counts = {"lines": verdict.lines, "captures": verdict.captures, "files": verdict.files}
        print_json({"ok": verdict.ok, **counts, "ledger_head": head, "faults": faults})
        return 0 if verdict.ok else 1
    for fault in verdict.faults:
        click.secho(f"✗ {fault.place}: {fault.reason}", fg="red")
    summary = _("{lines} ledger lines, {captures} captures, {files} files").format(
        lines=verdict.lines, captures=verdict.captures, files=verdict.files
    )
    verdict_words = _("all as it was written") if verdict.ok else _("NOT as it was written")
    click.echo(f"{summary}: {verdict_words}.")
    if head:
        click.echo(_("Head of the ledger: {head}").format(head=head))
    return 0 if verdict.ok else 1


def _reason_words(reason: str) -> str:
    words = {"changed": _("changed"), "problem": _("problem"), "recovered": _("left by a killed check")}
    return words.get(reason, reason)
