"""`confirm`: the seller says whether an order was read rightly."""

from pathlib import Path

import click

from watcher.app.confirm import Confirmed, confirm
from watcher.bootstrap import house, now
from watcher.cli.common import config_option, json_option, load_config, print_json, printable
from watcher.cli.report import order_json
from watcher.domain.stage import Stage
from watcher.errors import UsageError
from watcher.texts.language import _, current
from watcher.texts.names import stage_name


@click.command(
    "confirm",
    help=_("Say that an order was read rightly, or what it really is: what was guessed becomes known."),
)
@click.argument("order")
@click.option("--no", "is_wrong", is_flag=True, help=_("It was not what was read."))
@click.option(
    "--means",
    type=click.Choice([stage.value for stage in Stage if stage is not Stage.UNKNOWN]),
    help=_("The stage that the order is really at."),
)
@config_option
@json_option
def confirm_command(
    order: str, *, is_wrong: bool, means: str | None, config_path: Path | None, as_json: bool
) -> int:
    """Confirm or correct what was read of an order."""
    if is_wrong and means:
        raise UsageError(_("Use either --no or --means."), advice=_("--means says what it really is."))
    stage = Stage.UNKNOWN if is_wrong else Stage(means) if means else None
    with house(load_config(config_path)) as our:
        done = confirm(our.store, order, stage=stage, clock=now)
    if as_json:
        print_json({"order": order_json(done.order), "closed_case": done.closed_case})
        return 0
    _tell(done)
    return 0


def _tell(done: Confirmed) -> None:
    for word in done.taught:
        meaning = stage_name(word.stage, language=current()) if word.stage else "–"
        click.echo(
            _("“{word}” means from now on: {meaning}.").format(word=printable(word.token), meaning=meaning)
        )
    if done.order.stage is Stage.UNKNOWN:
        click.echo(_("At the next check you are asked to look yourself."))
    if done.closed_case:
        click.echo(_("Case {case} is closed; its evidence stays.").format(case=done.closed_case))
