"""`show`: one order with everything that is known about it."""

import textwrap
from pathlib import Path

import click

from watcher.app.archive import Note, StoredCapture
from watcher.app.seller import find
from watcher.bootstrap import House, house
from watcher.carriers.knowledge import carrier
from watcher.cli.common import (
    config_option,
    euros,
    json_option,
    load_config,
    moment,
    print_json,
    printable,
)
from watcher.cli.known import last_seen, unverified_ids
from watcher.cli.report import Json, capture_json, case_json, order_json, time_json
from watcher.domain.case import Case, Step
from watcher.domain.order import Order
from watcher.postman.letter_facts import subject_of
from watcher.texts.language import _, current
from watcher.texts.names import confidence_name, kind_name, stage_name
from watcher.texts.playbook import words_for


@click.command("show", help=_("One order with its case, steps, ready-made texts, notes and captures."))
@click.argument("order")
@config_option
@json_option
def show_command(order: str, *, config_path: Path | None, as_json: bool) -> int:
    """Show everything about one order; a case's id names its order, too."""
    with house(load_config(config_path)) as our:
        found = _order(our, order)
        cases = [case for case in our.store.cases() if case.order == found.id]
        notes = our.store.notes(found.id)
        captures = our.store.captures(account=found.account, conversation=found.conversation)
        is_verified = found.id not in unverified_ids(our)
        if as_json:
            print_json({**_as_json(found, cases, notes, captures), "verified": is_verified})
            return 0
        _print_order(found, is_verified=is_verified)
        for case in cases:
            _print_case(case, found)
        for note in notes:
            click.echo(_("Note of {at}: {text}").format(at=moment(note.at), text=printable(note.text)))
        for capture in captures:
            _print_capture(capture, our.config.storage_dir)
    return 0


def _order(our: House, wanted: str) -> Order:
    orders = our.store.orders()
    case = next((case for case in our.store.cases() if case.id == wanted), None)
    return find(case.order if case else wanted, orders, what="order")


def _as_json(order: Order, cases: list[Case], notes: list[Note], captures: list[StoredCapture]) -> Json:
    return {
        **order_json(order),
        "cases": [case_json(case) for case in cases],
        "notes": [{"at": time_json(note.at), "text": note.text} for note in notes],
        "captures": [capture_json(capture, [order]) for capture in captures],
    }


def _print_order(order: Order, *, is_verified: bool) -> None:
    click.secho(printable(order.title or order.id), bold=True)
    sure = confidence_name(order.confidence, language=current())
    lines = [
        (_("Order"), order.id),
        (_("Stage"), f"{stage_name(order.stage, language=current())} ({sure}, {moment(order.stage_at)})"),
        (_("Buyer"), order.buyer or "–"),
        (_("Price"), euros(order.amount_cents)),
        *_parcel(order),
        (_("Conversation"), order.conversation),
        (_("Last seen"), last_seen(order, is_verified=is_verified)),
    ]
    if order.unknown_events:
        lines.append((_("Not understood"), ", ".join(order.unknown_events)))
    for name, value in lines:
        click.echo(f"  {name + ':':<16}{printable(value)}")


def _parcel(order: Order) -> list[tuple[str, str]]:
    if order.pickup:
        return [(_("Parcel"), _("pick-up, no parcel"))]
    known = carrier(order.carrier)
    number = order.tracking_number or _("number not known")
    url = known.tracking_url(order.tracking_number)
    parcel = (_("Parcel"), f"{known.name or order.carrier or '–'}, {number}")
    return [parcel, (_("Tracking"), url)] if url else [parcel]


def _print_case(case: Case, order: Order) -> None:
    click.echo()
    state = (
        _("closed")
        if not case.is_open
        else _("acknowledged")
        if case.acknowledged_at
        else _("NOT ACKNOWLEDGED")
    )
    click.secho(f"{_('Case')} {case.id}: {kind_name(case.kind, language=current())} – {state}", bold=True)
    following = case.next_step
    for step in case.steps:
        _print_step(step, case, order, is_next=case.is_open and step is following)
    if case.is_open and case.acknowledged_at is None:
        click.echo("  " + _("I have it, stop reminding me: `stornowacht ack {case}`").format(case=case.id))
    click.echo()


def _print_step(step: Step, case: Case, order: Order, *, is_next: bool) -> None:
    words = words_for(step.id, subject_of(order, case), language=current())
    mark = (
        "✓"
        if step.done_at and step.done_by != "dropped"
        else "–"
        if step.done_at
        else "→"
        if is_next
        else "·"
    )
    until = _("until")  # not inside the f-string below: the collector of strings does not look into those
    due = f" ({until} {moment(step.due_at)})" if step.due_at and not step.done_at else ""
    click.secho(f"  {mark} {words.title}{due}  [{step.id}]", bold=is_next)
    if not is_next:
        return
    click.echo(_paragraph(words.why))
    if words.warning:
        click.secho(_paragraph(words.warning), fg="yellow")
    if words.draft:
        click.echo("      " + _("Text to copy:"))
        for line in words.draft.text.splitlines():
            click.echo(f"        {printable(line)}")
    click.echo("      " + _("Done? `stornowacht done {case} {step}`").format(case=case.id, step=step.id))


def _paragraph(text: str) -> str:
    return textwrap.fill(text, width=100, initial_indent=" " * 6, subsequent_indent=" " * 6)


def _print_capture(capture: StoredCapture, storage: Path) -> None:
    front = capture.front
    if front is not None:
        click.echo(
            _("Capture of {at}: {path}").format(at=moment(capture.taken_at), path=storage / front.path)
        )
