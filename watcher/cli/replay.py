"""`replay`: how an update, or a new word in the config, is trusted before it is used."""

from functools import cache
from pathlib import Path

import click

from watcher.app.replay import Replayed, replay
from watcher.app.replay_due import note_replayed
from watcher.bootstrap import house
from watcher.cli.common import account_names, config_option, json_option, load_config, moment, print_json
from watcher.cli.report import capture_json
from watcher.pages.edition import edition
from watcher.texts.language import _


@click.command(
    "replay",
    help=_("Read the archived captures with today's readers and list every verdict that would change."),
)
@click.argument("account", required=False)
@config_option
@json_option
def replay_command(account: str | None, *, config_path: Path | None, as_json: bool) -> int:
    """Read the archive again: exit code 0 when every verdict stays, 1 when one would change."""
    config = load_config(config_path)
    with house(config) as our:
        names = account_names(config, account)
        lore_of = cache(our.lore)
        orders = our.store.orders()
        found = [
            again for name in names for again in replay(our.store, our.vault, lore_of=lore_of, account=name)
        ]
        if account is None:
            note_replayed(our.store, edition())
    changed = [again for again in found if again.has_changed]
    if as_json:
        print_json(
            {
                "captures": len(found),
                "compared": sum(again.before is not None for again in found),
                "unreadable": [again.capture.id for again in found if again.after is None],
                "changes": [
                    {
                        "capture": capture_json(again.capture, orders),
                        "changes": [
                            {"place": place, "before": before, "after": after}
                            for place, before, after in again.changes
                        ],
                    }
                    for again in changed
                ],
            }
        )
    else:
        _tell(found, changed)
    return 1 if changed else 0


def _tell(found: list[Replayed], changed: list[Replayed]) -> None:
    for again in changed:
        what = again.capture.conversation or again.capture.page or _("list")
        click.echo(f"{moment(again.capture.taken_at)}  {what}  {again.capture.id}")
        for place, before, after in again.changes:
            click.echo(f"    {place}: {before} → {after}")
    for again in found:
        if again.after is None:
            click.secho(f"✗ {again.capture.id}: {again.fault}", fg="red")
    untold = sum(again.before is None for again in found)
    click.echo(
        _("{count} captures read again: {changed} verdicts would change.").format(
            count=len(found), changed=len(changed)
        )
    )
    if untold:
        click.echo(_("{count} have no verdict of their day to compare with.").format(count=untold))
