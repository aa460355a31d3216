"""`show`: one order with everything that is known about it."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from watcher.app.archive import NoteKind, StoredCapture
from watcher.app.case_book import as_tracked
from watcher.app.look_back import look_back_on
from watcher.app.money import MoneyLine, money_lines
from watcher.app.naming import readable_name
from watcher.app.seller import find
from watcher.bootstrap import House, attributions, house, now
from watcher.carriers.waiting import GoesBack
from watcher.cli.attach import attachment_json, attachment_line
from watcher.cli.case_state import state_words
from watcher.cli.common import (
    config_option,
    euros,
    json_option,
    load_config,
    moment,
    print_json,
    printable,
)
from watcher.cli.hints import fitted, reason_json, reason_lines, sign_json, sign_lines
from watcher.cli.known import last_seen, unverified_ids
from watcher.cli.look_back import look_back_json, look_back_lines
from watcher.cli.report import Json, capture_json, case_json, order_json, time_json
from watcher.cli.ship_by import ship_by_json, ship_by_words
from watcher.cli.step_lines import step_details, step_line
from watcher.cli.waiting import back_json, back_of, back_words
from watcher.domain.acknowledgement import Acknowledgement, in_force
from watcher.domain.case import Case
from watcher.domain.hand_in_soon import waits_to_go
from watcher.domain.order import Order
from watcher.domain.parcel import Parcel, Sighting, parcel_of
from watcher.domain.reason import FoundReason
from watcher.domain.ship_by import ship_by
from watcher.domain.step import Standing, Step
from watcher.postman.letter_facts import carrier_of
from watcher.texts.language import _, current
from watcher.texts.names import confidence_name, kind_name, milestone_name, money_name, stage_name
from watcher.texts.ship_by import waiting_words


@click.command(
    "show", help=_("One order with its case, steps, ready-made texts, hints, notes, files and captures.")
)
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
        is_verified = found.id not in unverified_ids(our)
        if as_json:
            print_json({**_as_json(our, found, cases, messages=messages), "verified": is_verified})
            return 0
        _print_order(our, found, is_verified=is_verified)
        for case in cases:
            _print_case(
                case, found, our.store.found_reason(case.id), in_force(our.store.acknowledgements(case.id))
            )
            _print_lines(look_back_lines(look_back_on(our.store, found, case)))
        signs = our.store.signs(found.id)
        if signs and not cases:
            click.echo()  # a case ends with a blank line, the order's own lines do not
        _print_lines(sign_lines(signs))
        _print_chat(our, found, cases, messages=messages)
        for note in our.store.notes(found.id):
            form = _("Support, {at}: {text}") if note.kind is NoteKind.SUPPORT else _("Note of {at}: {text}")
            click.echo(fitted(form.format(at=moment(note.at), text=printable(note.text))))
        for attachment in our.store.attachments().of(found.id):
            click.echo(attachment_line(attachment, our.config.storage_dir))
        for capture in our.store.captures(account=found.account, conversation=found.conversation):
            _print_capture(capture, our.config.storage_dir)
    return 0


def _order(our: House, wanted: str) -> Order:
    orders = our.store.orders()
    case = next((case for case in our.store.cases() if case.id == wanted), None)
    found = find(case.order if case else wanted, orders, what="order")
    return as_tracked(found, our.store.sightings(found.id), at=now())


def _as_json(our: House, order: Order, cases: list[Case], *, messages: bool) -> Json:
    store, latest = our.store, next(iter(cases), None)
    captures, names = store.captures(account=order.account, conversation=order.conversation), our.names()
    whole = {
        **order_json(order),
        **ship_by_json(order, our.promise()),
        "cases": [case_json(case) for case in cases],
        "look_back": {
            case.id: look_back_json(look_back_on(store, order, case)) for case in cases if not case.is_open
        },
        "reason": reason_json(latest, store.found_reason(latest.id) if latest else None),
        "signs": [sign_json(sign) for sign in store.signs(order.id)],
        "goes_back": back_json(_back(store.sightings(order.id), order, at=now())),
        "notes": [
            {"at": time_json(note.at), "text": note.text, "about": note.kind}
            for note in store.notes(order.id)
        ],
        "attachments": [attachment_json(each) for each in store.attachments().of(order.id)],
        "captures": [
            capture_json(capture, [order], name=readable_name(names, capture, [order]))
            for capture in captures
        ],
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
        click.echo(line if "\n" in line else fitted(line))
    if shown:
        click.echo()


def _print_order(our: House, order: Order, *, is_verified: bool) -> None:
    sightings, at = our.store.sightings(order.id), now()
    parcel = parcel_of(sightings, now=at, carrier=order.carrier, number=order.tracking_number)
    back = _back(sightings, order, at=at)
    (money,) = money_lines(our.store, now=at, order_id=order.id)
    click.secho(printable(order.title or order.id), bold=True)
    sure = confidence_name(order.confidence, language=current())
    lines = [
        (_("Order"), order.id),
        (_("Stage"), f"{stage_name(order.stage, language=current())} ({sure}, {moment(order.stage_at)})"),
        (_("Buyer"), order.buyer or "–"),
        (_("Price"), euros(order.amount_cents)),
        (_("Money"), _money(money)),
        *_parcel(order, parcel),
        *_ship_by(our, order, parcel),
        *([(_("Way back"), back_words(back, at=at))] if back else []),
        (_("Conversation"), order.conversation),
        (_("Last seen"), last_seen(order, is_verified=is_verified)),
    ]
    if order.forgotten_at is not None:
        lines.append(
            (_("Forgotten"), _("{at}: names and texts were erased").format(at=moment(order.forgotten_at)))
        )
    if order.unknown_events:
        lines.append((_("Not understood"), ", ".join(order.unknown_events)))
    width = max(17, *(len(name) + 2 for name, _value in lines))
    for name, value in lines:
        click.echo(fitted(f"  {name + ':':<{width}}{printable(value)}"))
    for line in attributions(sightings):
        click.echo(fitted(f"  {line}"))


def _back(sightings: list[Sighting], order: Order, *, at: datetime) -> GoesBack | None:
    """Return from when the parcel goes back by itself, where it waits to be collected."""
    parcel = parcel_of(sightings, now=at, carrier=order.carrier, number=order.tracking_number)
    return None if order.pickup else back_of(parcel, sightings)


def _parcel(order: Order, parcel: Parcel) -> list[tuple[str, str]]:
    if order.pickup:
        return [(_("Parcel"), _("pick-up, no parcel"))]
    known = carrier_of(order)
    number = order.tracking_number or _("number not known")
    url = known.tracking_url(order.tracking_number)
    lines = [(_("Parcel"), f"{known.name or order.carrier or '–'}, {number}")]
    if parcel.at is not None:
        where = milestone_name(parcel.milestone, language=current())
        lines.append((_("Where it is"), f"{where} ({moment(parcel.at)})"))
    return [*lines, (_("Tracking"), url)] if url else lines


def _ship_by(our: House, order: Order, parcel: Parcel) -> list[tuple[str, str]]:
    """Return until when the parcel should leave, and since when it waits; nothing once it has left."""
    if not waits_to_go(order, our.store.cases(order.account), parcel):
        return []
    until, at = ship_by(order, our.promise()), now()
    waits = (_("Waits"), waiting_words(order, now=at))
    return [waits] if until is None else [(_("Ship by"), ship_by_words(until)), waits]


def _money(line: MoneyLine) -> str:
    """Return where the price is, and since when it should have moved."""
    shown = money_name(line.money.state, language=current())
    if line.money.overdue_since is None:
        return shown
    return _("{state}, overdue since {at}").format(state=shown, at=moment(line.money.overdue_since))


def _print_case(case: Case, order: Order, found: FoundReason | None, ack: Acknowledgement | None) -> None:
    click.echo()
    state = state_words(case, ack) or _("NOT ACKNOWLEDGED")
    click.secho(f"{_('Case')} {case.id}: {kind_name(case.kind, language=current())} – {state}", bold=True)
    for line in reason_lines(case, found):
        click.echo(line if "\n" in line else fitted(line))
    at = now()
    for step in case.steps:
        standing = case.standing(step)
        if standing is Standing.MOOT:
            continue
        is_next = standing is Standing.NEXT
        click.secho(fitted(step_line(step, case, order, at=at)), bold=is_next)
        if is_next:
            _print_next(step, case, order)
    if case.is_open and case.acknowledged_at is None:
        click.echo("  " + _("I have it, stop reminding me: `stornowacht ack {case}`").format(case=case.id))
    if case.is_open and ack is not None:
        click.echo(fitted(f"  {_acknowledged(ack)}"))
    click.echo()


def _acknowledged(ack: Acknowledgement) -> str:
    """Return who took the case on, when and which way, and what came of the question whether it is done."""
    who = printable(ack.who) or _("you")
    line = _("Taken on {at} ({way}: {who}).").format(at=moment(ack.at), way=ack.way, who=who)
    if ack.snoozed_until is not None:
        line = _("Put off until {until} ({way}: {who}).").format(
            until=moment(ack.snoozed_until), way=ack.way, who=who
        )
    if ack.asked_at is not None and ack.answered_at is None:
        waits = _("It was asked at {at} whether it is done; nobody has answered yet.")
        return f"{line} {waits.format(at=moment(ack.asked_at))}"
    return line


def _print_next(step: Step, case: Case, order: Order) -> None:
    for line in step_details(step, case, order, at=now()):
        click.secho(line.text, fg=line.colour)


def _print_capture(capture: StoredCapture, storage: Path) -> None:
    front = capture.front
    if front is not None:
        click.echo(
            _("Capture of {at}: {path}").format(at=moment(capture.taken_at), path=storage / front.path)
        )
