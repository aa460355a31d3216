"""`show`: one order with everything that is known about it."""

from collections.abc import Iterator
from pathlib import Path

import click

from watcher.app.archive import StoredCapture
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
from watcher.cli.hints import link_lines, paragraph, reason_json, reason_lines, sign_json, sign_lines
from watcher.cli.report import Json, capture_json, case_json, order_json, time_json
from watcher.domain.case import Case
from watcher.domain.order import Order
from watcher.domain.reason import NAME_REASON, FoundReason
from watcher.domain.step import Step
from watcher.postman.letter_facts import subject_of
from watcher.texts.language import _, current
from watcher.texts.names import confidence_name, kind_name, stage_name
from watcher.texts.playbook import words_for


@click.command("show", help=_("One order with its case, steps, ready-made texts, hints, notes and captures."))
@click.argument("order")
@click.option(
    "--messages",
    is_flag=True,
    help=_("The chat around the cancellation, too, from the latest archived page."),
)
@config_option
@json_option
def show_command(order: str, *, messages: bool, config_path: Path | None, as_json: bool) -> int:
    """Show everything about one order; a case's id names its order, too."""
    with house(load_config(config_path)) as our:
        found = _order(our, order)
        cases = [case for case in our.store.cases() if case.order == found.id]
        if as_json:
            print_json(_as_json(our, found, cases, messages=messages))
            return 0
        _print_order(found)
        for case in cases:
            _print_case(case, found, our.store.found_reason(case.id))
        signs = our.store.signs(found.id)
        if signs and not cases:
            click.echo()  # a case ends with a blank line, the order's own lines do not
        _print_lines(sign_lines(signs))
        _print_chat(our, found, cases, messages=messages)
        for note in our.store.notes(found.id):
            click.echo(_("Note of {at}: {text}").format(at=moment(note.at), text=printable(note.text)))
        for capture in our.store.captures(account=found.account, conversation=found.conversation):
            _print_capture(capture, our.config.storage_dir)
    return 0


def _order(our: House, wanted: str) -> Order:
    orders = our.store.orders()
    case = next((case for case in our.store.cases() if case.id == wanted), None)
    return find(case.order if case else wanted, orders, what="order")


def _as_json(our: House, order: Order, cases: list[Case], *, messages: bool) -> Json:
    store, latest = our.store, next(iter(cases), None)
    captures = store.captures(account=order.account, conversation=order.conversation)
    whole = {
        **order_json(order),
        "cases": [case_json(case) for case in cases],
        "reason": reason_json(latest, store.found_reason(latest.id) if latest else None),
        "signs": [sign_json(sign) for sign in store.signs(order.id)],
        "notes": [{"at": time_json(note.at), "text": note.text} for note in store.notes(order.id)],
        "captures": [capture_json(capture, [order]) for capture in captures],
    }
    if messages:
        from watcher.cli.chat import chat_json, chat_of  # noqa: PLC0415 - the page readers come along

        whole["chat"] = chat_json(chat_of(our, order))
    return whole


def _print_chat(our: House, order: Order, cases: list[Case], *, messages: bool) -> None:
    """Show the chat; unasked, only say how to see it, where a case makes one want to."""
    if messages:
        from watcher.cli.chat import chat_lines, chat_of  # noqa: PLC0415 - the page readers come along

        _print_lines(chat_lines(chat_of(our, order), order, next(iter(cases), None)))
    elif cases:
        click.echo(_("The chat around it: `stornowacht show {order} --messages`").format(order=order.id))


def _print_lines(lines: Iterator[str]) -> None:
    """Print a section, with a blank line behind it; nothing where there is none."""
    shown = list(lines)
    for line in shown:
        click.echo(line)
    if shown:
        click.echo()


def _print_order(order: Order) -> None:
    click.secho(printable(order.title or order.id), bold=True)
    sure = confidence_name(order.confidence, language=current())
    lines = [
        (_("Order"), order.id),
        (_("Stage"), f"{stage_name(order.stage, language=current())} ({sure}, {moment(order.stage_at)})"),
        (_("Buyer"), order.buyer or "–"),
        (_("Price"), euros(order.amount_cents)),
        *_parcel(order),
        (_("Conversation"), order.conversation),
        (_("Last seen"), moment(order.last_seen_at)),
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


def _print_case(case: Case, order: Order, found: FoundReason | None) -> None:
    click.echo()
    state = (
        _("closed")
        if not case.is_open
        else _("acknowledged")
        if case.acknowledged_at
        else _("NOT ACKNOWLEDGED")
    )
    click.secho(f"{_('Case')} {case.id}: {kind_name(case.kind, language=current())} – {state}", bold=True)
    for line in reason_lines(case, found):
        click.echo(line)
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
    click.echo(paragraph(words.why))
    for line in link_lines(step.id):
        click.echo(line)
    if words.warning:
        click.secho(paragraph(words.warning), fg="yellow")
    if words.draft:
        click.echo("      " + _("Text to copy:"))
        for line in words.draft.text.splitlines():
            click.echo(f"        {printable(line)}")
    if step.id == NAME_REASON:
        click.echo("      " + _("Which one? `stornowacht reason {case}`").format(case=case.id))
    else:
        click.echo("      " + _("Done? `stornowacht done {case} {step}`").format(case=case.id, step=step.id))


def _print_capture(capture: StoredCapture, storage: Path) -> None:
    front = capture.front
    if front is not None:
        click.echo(
            _("Capture of {at}: {path}").format(at=moment(capture.taken_at), path=storage / front.path)
        )
