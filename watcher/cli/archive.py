"""`archive list`, and the group of all commands about the evidence."""

from collections import defaultdict
from pathlib import Path

import click

from watcher.app.archive import StoredCapture
from watcher.app.naming import readable_name
from watcher.app.seller import find
from watcher.app.shelf import Why
from watcher.bootstrap import house
from watcher.cli.archive_backup import backup_command, restore_command
from watcher.cli.archive_export import export_command
from watcher.cli.archive_forget import forget_command
from watcher.cli.archive_stamp import stamp_command
from watcher.cli.archive_verify import verify_command
from watcher.cli.common import config_option, json_option, load_config, moment, print_json, print_table
from watcher.cli.report import capture_json
from watcher.domain.capture import PageKind
from watcher.texts.language import _


@click.group("archive", help=_("The evidence: what is there, and whether it is as it was written."))
def archive_command() -> None:
    """Hold the archive's commands together."""


archive_command.add_command(export_command)
archive_command.add_command(forget_command)
archive_command.add_command(backup_command)
archive_command.add_command(restore_command)
archive_command.add_command(verify_command)
archive_command.add_command(stamp_command)


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
        names = our.names()
        about = defaultdict(list)
        for each in orders:
            about[each.conversation].append(each)
        together = sorted(
            captures, key=lambda capture: capture.conversation or ""
        )  # a folder is looked into once
        readable = {
            capture.id: readable_name(names, capture, about[capture.conversation or ""])
            for capture in together
        }
    if as_json:
        print_json([capture_json(capture, orders, name=readable[capture.id]) for capture in captures])
        return 0
    titles = {known.conversation: known.title for known in orders}
    rows = [
        (
            moment(capture.taken_at),
            titles.get(capture.conversation or "") or _what(capture),
            _reason_words(capture.reason),
            readable[capture.id] or (capture.front.path if capture.front else "–"),
        )
        for capture in captures
    ]
    print_table((_("Taken"), _("What"), _("Why"), _("File")), rows)
    click.echo(_("Files are relative to {storage}.").format(storage=storage))
    return 0


def _what(capture: StoredCapture) -> str:
    """Return what a capture shows that belongs to no known sale."""
    if capture.kind is PageKind.OWN_ADS:
        return _("your ads")
    if capture.kind is PageKind.AD and capture.page is not None:
        return _("your ad {ad}").format(ad=capture.page)
    return _("list") if capture.conversation is None else "–"


def _reason_words(reason: str) -> str:
    words: dict[str, str] = {
        Why.CHANGED: _("changed"),
        Why.PROBLEM: _("problem"),
        Why.RECOVERED: _("left by a killed check"),
        Why.ASKED: _("asked for"),
        Why.SHIP: _("before the hand-in"),
        Why.MILESTONE: _("the case took a turn"),
        Why.DAILY: _("daily, while the case is open"),
        Why.SALE: _("the ad, at the sale"),
        Why.LISTING: _("one of your ads, new or changed"),
    }
    return words.get(reason, reason)
