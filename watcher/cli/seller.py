"""`ack`, `snooze`, `done`, `close`, `note`: the seller's side."""

from datetime import timedelta
from pathlib import Path

import click

from watcher.app.archive import Note, NoteKind
from watcher.app.seller import acknowledge, close_case, earlier_contacts, find, mark_done, write_note
from watcher.bootstrap import house, now
from watcher.cli.common import (
    config_option,
    json_option,
    load_config,
    moment,
    print_json,
    say_beside,
)
from watcher.cli.report import Json, case_json, time_json
from watcher.domain.case import Case
from watcher.domain.reason import NAME_REASON
from watcher.domain.step import Because, Step
from watcher.durations import parse_duration
from watcher.errors import UsageError
from watcher.texts.language import _, current

LONGEST_SNOOZE = timedelta(days=7)
"""Longer is no putting off; it is forgetting."""


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
    elif not acknowledged.is_open:
        click.echo(_closed_already(acknowledged))
    else:
        click.echo(_("Good. No more reminders for {case}; its steps stay open.").format(case=acknowledged.id))
    return 0


@click.command(
    "snooze", help=_("Not now: no reminder of this case for a while, such as 2h; then they begin anew.")
)
@click.argument("case")
@click.argument("span")
@config_option
@json_option
def snooze_command(case: str, span: str, *, config_path: Path | None, as_json: bool) -> int:
    """Put a case off, and say so where its deadline comes first."""
    from watcher.domain.quiet_hours import window_of  # noqa: PLC0415 - `ack` and `done` need no windows

    at = now()
    until = at + _snooze_span(span)
    with house(load_config(config_path)) as our:
        snoozed = acknowledge(our.store, case, clock=lambda: at, until=until)
    if as_json:
        print_json({**case_json(snoozed), "snoozed_until": time_json(until) if snoozed.is_open else None})
        return 0
    if not snoozed.is_open:
        click.echo(_closed_already(snoozed))
        return 0
    click.echo(_("No reminders for {case} until {at}.").format(case=snoozed.id, at=moment(until)))
    closes = window_of(snoozed)
    asked = snoozed.step("ask_carrier")
    if closes is not None and asked is not None and asked.is_open and at < closes <= until:
        warning = _("Before that, at {at}, the carrier's deadline passes.").format(at=moment(closes))
        say_beside(click.style(warning, fg="yellow"))
    return 0


def _snooze_span(text: str) -> timedelta:
    try:
        span = parse_duration(text, longest=timedelta.max)
    except ValueError as error:
        raise UsageError(
            _("{span!r} is no span of time.").format(span=text),
            advice=_("Write a number and a unit: 30m, 2h or 1d."),
        ) from error
    if not timedelta(minutes=1) <= span <= LONGEST_SNOOZE:
        raise UsageError(
            _("A case can be put off for one minute to seven days, not for {span}.").format(span=text),
            advice=_("`stornowacht ack` stops the reminders, `stornowacht close` ends the case."),
        )
    return span


@click.command("done", help=_("Mark a step of a case as done."))
@click.argument("case")
@click.argument("step")
@config_option
@json_option
def done_command(case: str, step: str, *, config_path: Path | None, as_json: bool) -> int:
    """Mark a step."""
    with house(load_config(config_path)) as our:
        before = find(case, our.store.cases(), what="case")
        changed = mark_done(our.store, before.id, step, rules=our.case_rules(), clock=now)
    if as_json:
        print_json(case_json(changed))
        return 0
    if changed == before:
        click.echo(_nothing_changed(before, before.step(step)))
        return 0
    if not before.is_open:
        click.echo(_("Done. {case} stays closed.").format(case=changed.id))
    elif not changed.is_open:
        click.echo(_("Done. That was the last step: {case} is closed.").format(case=changed.id))
    else:
        click.echo(_("Done. `stornowacht show {order}` says what comes next.").format(order=changed.order))
    if step == NAME_REASON and (changed.reason is None or changed.reason_found):
        click.echo(_("Which reason is it? `stornowacht reason {case}` lists them.").format(case=changed.id))
    return 0


def _closed_already(case: Case) -> str:
    return _("Nothing changed: {case} was closed already, {at}.").format(
        case=case.id, at=moment(case.closed_at)
    )


def _nothing_changed(case: Case, step: Step | None) -> str:
    """Say why a mark changed nothing: the step was done before, is no longer needed, or its case is over."""
    if step is None or step.is_open:
        return _closed_already(case)
    if step.done_by != "dropped":
        return _("Nothing changed: {step} was done already, {at}.").format(
            step=step.id, at=moment(step.done_at)
        )
    from watcher.texts.names import because_name  # noqa: PLC0415 - most marks change something

    because = because_name(step.because or Because.OVERTAKEN, language=current())
    return _("Nothing changed: {step} is no longer needed since {at} ({because}).").format(
        step=step.id, at=moment(step.done_at), because=because
    )


@click.command(
    "close", help=_("The case is over: close it, whatever is still open in it. Nothing is deleted.")
)
@click.argument("case")
@config_option
@json_option
def close_command(case: str, *, config_path: Path | None, as_json: bool) -> int:
    """Close a case and say what was open in it."""
    from watcher.app.look_back import look_back_on  # noqa: PLC0415 - only a closed case is looked back on
    from watcher.cli.look_back import look_back_lines  # noqa: PLC0415
    from watcher.postman.letter_facts import subject_of  # noqa: PLC0415 - `ack` and `done` say no step's title
    from watcher.texts.playbook import words_for  # noqa: PLC0415

    with house(load_config(config_path)) as our:
        before = find(case, our.store.cases(), what="case")
        closed = close_case(our.store, before.id, clock=now)
        order = find(closed.order, our.store.orders(), what="order")
        back = look_back_on(our.store, order, closed)
    was_open = [step.id for step in before.steps if before.is_open and step.is_open and step.is_task]
    if as_json:
        print_json({**case_json(closed), "was_open": was_open})
        return 0
    if not before.is_open:
        click.echo(_("{case} was closed already, {at}.").format(case=closed.id, at=moment(closed.closed_at)))
        return 0
    click.echo(_("{case} is closed.").format(case=closed.id))
    if was_open:
        click.echo(_("This was still open, and is dropped:"))
        subject = subject_of(order, before)
        for step in was_open:
            click.echo(f"  – {words_for(step, subject, language=current()).title}  [{step}]")
    click.echo()
    for line in look_back_lines(back):
        click.echo(line)
    return 0


@click.command(
    "note",
    help=_(
        "Write something down about an order, for instance a phone call; with --support, that you wrote to the platform's "
        "support."
    ),
)
@click.argument("order")
@click.argument("text")
@click.option("--support", is_flag=True, help=_("This was a contact with the platform's support."))
@config_option
@json_option
def note_command(order: str, text: str, *, support: bool, config_path: Path | None, as_json: bool) -> int:
    """Keep a note, always; a contact with support that comes too soon after another is warned of."""
    from watcher.cli.support import contact_warning  # noqa: PLC0415 - most notes have nothing to do with it

    kind = NoteKind.SUPPORT if support else NoteKind.NOTE
    with house(load_config(config_path)) as our:
        patience = our.config.seller.support_again
        found = find(order, our.store.orders(), what="order")
        earlier = earlier_contacts(our.store, found, within=patience, now=now()) if support else []
        note = write_note(our.store, found.id, text, rules=our.case_rules(), clock=now, kind=kind)
    if as_json:
        print_json(_note_json(note, earlier))
        return 0
    click.echo(_("Noted for {order}.").format(order=note.order))
    for line in contact_warning(earlier, patience=patience):
        say_beside(click.style(line, fg="yellow"))
    if support and not earlier:
        again = moment(note.at + patience)
        click.echo(_("One inquiry is enough. If no answer has come by {at}, ask once more.").format(at=again))
    return 0


def _note_json(note: Note, earlier: list[Note]) -> Json:
    return {
        "order": note.order,
        "at": time_json(note.at),
        "text": note.text,
        "kind": note.kind.value,
        "earlier_contacts": [time_json(contact.at) for contact in earlier],
    }
