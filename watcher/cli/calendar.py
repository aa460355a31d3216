"""`calendar`: what is due in open cases, as a calendar file."""

import os
from pathlib import Path

import click

from watcher.app.agenda import Appointment, agenda
from watcher.bootstrap import house, now
from watcher.cli.common import config_option, json_option, load_config, print_json, printable
from watcher.cli.report import Json, time_json
from watcher.domain.step import Step
from watcher.errors import UsageError
from watcher.texts.language import _, current, ngettext


@click.command(
    "calendar",
    help=_(
        "What is due in open cases, or in one, as a calendar file (.ics) to import or to subscribe to. "
        "Default: the file of [seller] calendar, else standard output."
    ),
)
@click.argument("case", required=False)
@click.option("--output", help=_("The file to write, or - for standard output."))
@config_option
@json_option
def calendar_command(case: str | None, *, output: str | None, config_path: Path | None, as_json: bool) -> int:
    """Write or print the calendar."""
    config = load_config(config_path)
    with house(config) as our:
        appointments = agenda(our.store, case_id=case)
    if as_json:
        print_json([_as_json(each) for each in appointments])
        return 0
    path = Path(output) if output else config.seller.calendar if case is None else None
    from watcher.postman.calendar_file import calendar, write_calendar  # noqa: PLC0415 - JSON needs no calendar

    if path is None or output == "-":
        click.echo(calendar(appointments, language=current(), at=now()), nl=False)
        return 0
    _check(path.expanduser())
    written = write_calendar(path.expanduser(), appointments, language=current(), at=now())
    count = ngettext("{count} entry", "{count} entries", len(appointments)).format(count=len(appointments))
    words = _("{path} is written: {count}.") if written else _("{path} is up to date: {count}.")
    click.echo(words.format(path=printable(str(path)), count=count))
    return 0


def _check(path: Path) -> None:
    """Refuse what cannot be a file to write, in words of our own: the system's are English.

    Raises:
        UsageError: the folder is missing or not ours to write in, or a folder is there.
    """
    folder = path.parent
    if path.is_dir():
        wrong = _("{path} is a folder, not a file.").format(path=path)
    elif not folder.is_dir():
        wrong = _("There is no folder {folder}.").format(folder=folder)
    elif not path.is_symlink() and not os.access(folder, os.W_OK):
        wrong = _("In the folder {folder} you may not write.").format(folder=folder)
    else:
        return
    raise UsageError(
        _("The calendar is not written: {wrong}").format(wrong=wrong),
        advice=_("[seller] calendar in the config, or --output, names another file."),
    )


def _as_json(appointment: Appointment) -> Json:
    is_step = isinstance(appointment.subject, Step)
    return {
        "uid": appointment.uid,
        "case": appointment.case.id,
        "order": appointment.order.id,
        "step": appointment.subject.id if is_step else None,
        "rule": None if is_step else appointment.subject.id,
        "at": time_json(appointment.at),
        "certainty": appointment.certainty.value,
        "urgent": appointment.urgent,
    }
