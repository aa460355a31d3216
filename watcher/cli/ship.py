"""`ship`: may I hand this parcel in? A fresh look, then a clear yes, a clear no, or "look yourself"."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watcher.app.hand_in_words import before_you_go, headline, why_words
from watcher.app.seller import find
from watcher.app.shelf import Why as Kept
from watcher.bootstrap import House, house, now
from watcher.cli.common import (
    account_names,
    config_option,
    json_option,
    load_config,
    moment,
    print_json,
    printable,
    require_terms,
    say_beside,
)
from watcher.cli.hints import fitted
from watcher.cli.report import Json, order_json, time_json
from watcher.cli.ship_by import ship_by_json, ship_by_words
from watcher.cli.watch import check_once, deliver
from watcher.domain.hand_in import Answer, Verdict, Why, known_to_be_off, may_hand_in
from watcher.domain.order import Order
from watcher.domain.outcome import Outcome
from watcher.domain.parcel import Origin, Parcel, parcel_of
from watcher.domain.ship_by import ShipBy, ship_by
from watcher.domain.stage import Stage
from watcher.errors import BrowserError, BusyError, UsageError
from watcher.texts.language import _, current

if TYPE_CHECKING:
    from watcher.app.parcels import Tracked

_CODES = {Answer.YES: 0, Answer.NO: 1, Answer.UNSURE: 3}
_COLOURS = {Answer.YES: "green", Answer.NO: "red", Answer.UNSURE: "yellow"}


@click.command(
    "ship",
    help=_("May I hand this parcel in? A fresh check, then yes (exit 0), no (1) or “look yourself” (3)."),
)
@click.argument("order")
@click.option("--handed-in", is_flag=True, help=_("I have handed it in just now: write that down."))
@click.option("--number", help=_("With --handed-in: the tracking number on the receipt."))
@config_option
@json_option
def ship_command(
    order: str, *, handed_in: bool, number: str | None, config_path: Path | None, as_json: bool
) -> int:
    """Judge an order after a fresh check; or write the hand-in down."""
    if number is not None and not handed_in:
        raise UsageError(
            _("--number belongs to --handed-in."),
            advice=_("`stornowacht track ORDER NUMBER` keeps a number alone."),
        )
    config = load_config(config_path)
    with house(config) as our:
        found = find(order, our.store.orders(), what="order")
        if handed_in:
            return _hand_in(our, found, number=number, as_json=as_json)
        require_terms(config)
        return _judge(our, found, as_json=as_json)


def _judge(our: House, order: Order, *, as_json: bool) -> int:
    looked = _look(our, order)
    current = find(order.id, our.store.orders(), what="order")
    case = next((case for case in our.store.cases() if case.order == order.id and case.is_open), None)
    was_read = _was_read(our, current, looked)
    verdict = may_hand_in(current, case, was_read=was_read)
    parcel = _parcel_now(our, current)
    if as_json:
        print_json(
            {
                "order": {**order_json(current), **ship_by_json(current, our.promise())},
                "answer": verdict.answer,
                "why": verdict.why,
                "mind": list(verdict.mind),
                "case": case.id if case else None,
                "outcome": looked.outcome,
                "fault": looked.fault,
                "handed_in": time_json(parcel.handed_in_at),
                "checked": time_json(our.store.account(order.account).last_check_at),
            }
        )
    else:
        unread = None if was_read else looked
        until = ship_by(current, our.promise()) if current.stage is Stage.PAID else None
        _say(verdict, current, unread, case.id if case else None, parcel.handed_in_at, until=until)
    deliver(our)  # after the answer: whoever asks stands at the door
    return _CODES[verdict.answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """The look just now: what it met, or why there was none."""

    outcome: Outcome | None = None
    result: Json = field(default_factory=dict)
    fault: str | None = None


def _look(our: House, order: Order) -> _Look:
    """Look at the order's own conversation now. Without a browser the answer is still due: it may be known to be "no"."""
    account_names(our.config, order.account)
    with our.store.writing() as writing:
        writing.ask_for_check(order.account, order.conversation, at=now())
    try:
        result, outcome = check_once(our, order.account, keep={order.conversation: Kept.SHIP})
    except (BrowserError, BusyError) as error:
        return _Look(fault=error.diagnostics())
    return _Look(outcome=outcome, result=result)


def _was_read(our: House, order: Order, looked: _Look) -> bool:
    """Whether the look just now read the order's own thread, and nothing in it was left open."""
    if looked.outcome is None or not looked.outcome.was_read or looked.result["held_back"]:
        return False
    doubtful = {problem["conversation"] for problem in looked.result["problems"]}
    return (
        order.conversation not in doubtful
        and order.last_seen_at == our.store.account(order.account).last_check_at
    )


def _parcel_now(our: House, order: Order) -> Parcel:
    """Return what the seller and the carrier said of the parcel: the page calls sent what only has a label."""
    sightings = [each for each in our.store.sightings(order.id) if each.origin is not Origin.PAGE]
    return parcel_of(sightings, now=now(), carrier=order.carrier, number=order.tracking_number)


def _say(
    verdict: Verdict,
    order: Order,
    unread: _Look | None,
    case: str | None,
    handed_in_at: datetime | None,
    *,
    until: ShipBy | None,
) -> None:
    """Say the verdict, what it rests on, and what was met by a look that could not read the order's page (`unread`)."""
    click.secho(headline(verdict, handed_in=handed_in_at is not None), bold=True, fg=_COLOURS[verdict.answer])
    click.echo(fitted(f"  {printable(order.title or order.id)}: {why_words(verdict.why)}"))
    if unread is not None:
        for line in _what_was_met(verdict, order, unread):
            click.echo(fitted("  " + line))
    if handed_in_at is not None:
        at = moment(handed_in_at)
        click.echo(fitted("  " + _("It was handed in, {at}.").format(at=at)))
    if until is not None and handed_in_at is None and verdict.answer is not Answer.NO:
        click.echo(fitted("  " + _("Ship by {until}.").format(until=ship_by_words(until))))
    for point in verdict.mind:
        click.echo(fitted("  " + why_words(point)))
    if case is not None:
        click.echo("  " + _("What to do: `stornowacht show {order}`").format(order=order.id))
    if verdict.answer is Answer.YES and not order.pickup and handed_in_at is None:
        for line in _before_you_go(order):
            click.echo(fitted("  " + line) if line else "")


def _what_was_met(verdict: Verdict, order: Order, looked: _Look) -> Iterator[str]:
    from watcher.cli.words import outcome_words  # noqa: PLC0415
    from watcher.texts.names import stage_name  # noqa: PLC0415

    if verdict.why is not Why.NOT_READ:
        yield _("The page could not be read just now: this is what was known before.")
    yield _("As last seen, {at}: {stage}.").format(
        at=moment(order.last_seen_at), stage=stage_name(order.stage, language=current())
    )
    if looked.fault is not None:
        yield from looked.fault.splitlines()
    if looked.outcome is None:
        return
    yield _("The check just now: {outcome}.").format(outcome=outcome_words(looked.outcome))
    following = looked.result.get("next_check")
    if looked.outcome is Outcome.BLOCKED and following:
        yield _("Not before {at}.").format(at=moment(datetime.fromisoformat(following)))


def _before_you_go(order: Order) -> list[str]:
    """What a good seller does before the parcel leaves the house."""
    return [
        "",
        _("Before you go:"),
        *(f"- {line}" for line in before_you_go()),
        _("Handed in? `stornowacht ship {order} --handed-in --number …`").format(order=order.id),
    ]


def _hand_in(our: House, order: Order, *, number: str | None, as_json: bool) -> int:
    from watcher.app.parcels import hand_in  # noqa: PLC0415 - the carriers' knowledge comes along
    from watcher.cli.track import parcel_json, say_parcel  # noqa: PLC0415

    before = _parcel_now(our, order)
    tracked = hand_in(our.store, order.id, number=number, rules=our.case_rules(), clock=now)
    if as_json:
        print_json(parcel_json(tracked))
        return 0
    click.echo(_("Written down: handed in at {at}.").format(at=moment(now())))
    off = known_to_be_off(tracked.order, tracked.case)
    if off is not None:
        is_followed = tracked.case is not None and tracked.case.is_open
        warning = _handed_in_although(off, tracked.order, is_followed=is_followed)
        click.secho(fitted(warning), fg="red", bold=True)
    for line in _changes(before, tracked):
        say_beside(click.style(fitted(line), fg="yellow"))
    say_parcel(tracked)
    if number is None and tracked.parcel.number is None:
        click.echo(
            _("The number on the receipt helps later: `stornowacht track {order} NUMBER`").format(
                order=order.id
            )
        )
    return 0


def _handed_in_although(off: Why, order: Order, *, is_followed: bool) -> str:
    """Say loudly why the parcel should not have gone, and what helps: the open case's steps, else the counter."""
    if is_followed:
        see = {
            Why.CANCELLED: _("But the sale is cancelled: act now, `stornowacht show {order}` says what to do."),
            Why.DISPUTED: _("But the buyer has reported a problem: act now, `stornowacht show {order}` says what to do."),
        }.get(off, _("But a case is open for this sale: act now, `stornowacht show {order}` says what to do."))  # fmt: skip
        return see.format(order=order.id)
    why = {
        Why.CANCELLED: _("But the sale is cancelled, and no case of it is open: nothing reminds you of it."),
        Why.NOT_PAID: _("But the sale is not paid, as last seen {at}."),
        Why.NO_SALE: _("But nothing was sold, as last seen {at}: the request was declined or ran out."),
        Why.ALREADY_THERE: _("But the sale counts as delivered already, as last seen {at}: look whether it is the right one."),
    }.get(off, _("But the buyer has reported a problem, as last seen {at}."))  # fmt: skip
    said = why.format(at=moment(order.last_seen_at))
    if off is Why.ALREADY_THERE:
        return said
    return said + " " + _("If it should not go, ask at the counter at once whether you can have it back.")


def _changes(before: Parcel, tracked: "Tracked") -> Iterator[str]:
    """Say what the number on the receipt took the place of, and what was known of the hand-in before."""
    from watcher.carriers.own import carrier_here  # noqa: PLC0415 - the carriers' knowledge comes along

    after = tracked.parcel
    replaced = tracked.replaced or (before.number if before.number != after.number else None)
    if replaced is not None:
        yield _("Until now its number was {number}: look whether the new one is this parcel's.").format(
            number=printable(replaced)
        )
    if before.carrier is not None and after.carrier != before.carrier:
        names = [carrier_here(each).name or each or "–" for each in (before.carrier, after.carrier)]
        yield _("Until now its carrier was {before}; the number is one of {after}'s.").format(
            before=printable(names[0]), after=printable(names[1])
        )
    if before.handed_in_at is not None:
        yield _("It had been handed in already, {at}.").format(at=moment(before.handed_in_at))
