"""`ack`, `done`, `note`: the seller's side."""

from pathlib import Path

import click

from watcher.app.seller import acknowledge, mark_done, write_note
from watcher.bootstrap import house, now
from watcher.cli.common import config_option, json_option, load_config, print_json
from watcher.cli.report import case_json, time_json
from watcher.texts.language import _


@click.command("ack", help=_("I have it: stop reminding me of this case."))
@click.argument("case")
@config_option
@json_option
def ack_command(case: str, *, config_path: Path | None, as_json: bool) -> int:
    """Acknowledge a case."""
    with house(load_config(config_path)) as our:
        acknowledged = acknowledge(our.store, case, clock=now)
    if as_json:
        print_json(case_json(acknowledged))
    else:
        click.echo(_("Good. No more reminders for {case}; its steps stay open.").format(case=acknowledged.id))
    return 0


@click.command("done", help=_("Mark a step of a case as done."))
@click.argument("case")
@click.argument("step")
@config_option
@json_option
def done_command(case: str, step: str, *, config_path: Path | None, as_json: bool) -> int:
    """Mark a step."""
    with house(load_config(config_path)) as our:
        changed = mark_done(our.store, case, step, rules=our.case_rules(), clock=now)
    if as_json:
        print_json(case_json(changed))
    elif not changed.is_open:
        click.echo(_("Done. That was the last step: {case} is closed.").format(case=changed.id))
    else:
        click.echo(_("Done. `stornowacht show {order}` says what comes next.").format(order=changed.order))
    return 0


@click.command("note", help=_("Write something down about an order, for instance a phone call."))
@click.argument("order")
@click.argument("text")
@config_option
@json_option
def note_command(order: str, text: str, *, config_path: Path | None, as_json: bool) -> int:
    """Keep a note."""
    with house(load_config(config_path)) as our:
        note = write_note(our.store, order, text, rules=our.case_rules(), clock=now)
    if as_json:
        print_json({"order": note.order, "at": time_json(note.at), "text": note.text})
    else:
        click.echo(_("Noted for {order}.").format(order=note.order))
    return 0
