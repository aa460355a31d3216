"""`orders`, `cases`: what is known, without a visit."""

from collections.abc import Mapping
from pathlib import Path

import click

from watcher.bootstrap import House, house, now
from watcher.cli.case_state import acknowledgements, state_words
from watcher.cli.common import (
    config_option,
    euros,
    json_option,
    load_config,
    moment,
    print_json,
    print_table,
)
from watcher.cli.report import case_json, order_json
from watcher.cli.ship_by import ship_by_json
from watcher.domain.case import Case
from watcher.domain.order import Order
from watcher.domain.silence import unverified_orders
from watcher.domain.step import Step
from watcher.texts.language import _, current
from watcher.texts.names import confidence_name, kind_name, stage_name


def unverified_ids(our: House) -> set[str]:
    """Return the orders at stake that the last check of their account did not see."""
    orders, cases = our.store.orders_under_way(), our.store.open_cases()
    return {
        order.id for account in our.store.accounts() for order in unverified_orders(account, orders, cases)
    }


def last_seen(order: Order, *, is_verified: bool) -> str:
    """Say when an order was last seen, and whether a check has missed it since."""
    at = moment(order.last_seen_at)
    return at if is_verified else _("{at}, NOT VERIFIED since").format(at=at)


@click.command("orders", help=_("All orders that are known."))
@config_option
@json_option
def orders_command(*, config_path: Path | None, as_json: bool) -> int:
    """List the orders."""
    with house(load_config(config_path)) as our:
        orders, unsure = our.store.orders(), unverified_ids(our)
        if as_json:
            print_json(
                [
                    {
                        **order_json(order),
                        **ship_by_json(order, our.promise()),
                        "verified": order.id not in unsure,
                    }
                    for order in orders
                ]
            )
            return 0
        until = _until_when(our)
    columns = (
        _("Order"),
        _("Stage"),
        _("Item"),
        _("Buyer"),
        _("Price"),
        _("Since"),
        _("How sure"),
        _("Last seen"),
    )
    rows = [
        (
            order.id,
            stage_name(order.stage, language=current()) + until.get(order.id, ""),
            order.title or "–",
            order.buyer or "–",
            euros(order.amount_cents),
            moment(order.stage_at),
            confidence_name(order.confidence, language=current()),
            last_seen(order, is_verified=order.id not in unsure),
        )
        for order in orders
    ]
    print_table(columns, rows)
    return 0


def _until_when(our: House) -> dict[str, str]:
    """Return until when each order that still waits at home should leave, where somebody says so."""
    from watcher.app.ship_by import still_to_go  # noqa: PLC0415 - `status` must be quick
    from watcher.texts.ship_by import until_words  # noqa: PLC0415

    at = now()
    return {
        going.order.id: _(", to ship by {until}").format(until=until_words(going.until, now=at))
        for going in still_to_go(our.store, promise=our.promise(), now=at)
        if going.until is not None
    }


@click.command("cases", help=_("All cases, the open ones first."))
@config_option
@json_option
def cases_command(*, config_path: Path | None, as_json: bool) -> int:
    """List the cases."""
    with house(load_config(config_path)) as our:
        cases = sorted(our.store.cases(), key=lambda case: not case.is_open)
        acks = acknowledgements(our.store, cases)
        orders = {order.id: order for order in our.store.orders()}
    if as_json:
        print_json([case_json(case) for case in cases])
        return 0
    columns = (
        _("Case"),
        _("Where the goods were"),
        _("Item"),
        _("Next step"),
        _("Due"),
        _("State"),
    )
    rows = []
    for case in cases:
        step = case.next_step
        state = state_words(case, acks.get(case.id)) or _("OPEN")
        rows.append(
            (
                case.id,
                kind_name(case.kind, language=current()),
                orders[case.order].title or case.order,
                _step_title(case, orders),
                _due(step),
                state,
            )
        )
    print_table(columns, rows)
    return 0


def _due(step: Step | None) -> str:
    from watcher.cli.step_lines import due_words  # noqa: PLC0415 - `status` must be quick and needs none

    return (due_words(step, at=now()) if step else "") or "–"


def _step_title(case: Case, orders: Mapping[str, Order]) -> str:
    from watcher.postman.letter_facts import subject_of  # noqa: PLC0415 - `status` must be quick and needs neither
    from watcher.texts.playbook import words_for  # noqa: PLC0415

    step = case.next_step
    if step is None or not case.is_open:
        return "–"
    return words_for(step.id, subject_of(orders[case.order], case), language=current()).title
