"""`cost`, `money`: what a sale brought, what went back, and what it cost besides."""

from collections.abc import Sequence
from pathlib import Path

import click

from watcher.app.money import MoneyLine, cents_of, enter_cost, money_lines, take_back
from watcher.bootstrap import house, now
from watcher.cli.common import (
    config_option,
    euros,
    json_option,
    load_config,
    moment,
    print_json,
    print_table,
    printable,
)
from watcher.cli.report import Json, time_json
from watcher.domain.money import Cost, CostKind, MoneyState, Payer, total
from watcher.texts.language import _, current, ngettext
from watcher.texts.names import cost_name, money_name, payer_name, stage_name

_SUMS = tuple(state for state in MoneyState if state not in {MoneyState.NONE, MoneyState.UNKNOWN})


@click.command(
    "cost",
    help=_(
        "Write down money beside the price: KIND is intercept_fee, return_postage, postage, refund_part (a part of the "
        "price that went back) or other; AMOUNT such as 12,50."
    ),
)
@click.argument("order")
@click.argument("kind", type=click.Choice([kind.value for kind in CostKind]))
@click.argument("amount")
@click.argument("text", default="")
@click.option(
    "--who",
    type=click.Choice([payer.value for payer in Payer]),
    help=_("Who bears it; open while that is not settled. Default: open, for refund_part seller."),
)
@click.option("--undo", is_flag=True, help=_("Take such an entry back; both stay to be seen."))
@config_option
@json_option
def cost_command(
    order: str,
    kind: str,
    amount: str,
    text: str,
    *,
    who: str | None,
    undo: bool,
    config_path: Path | None,
    as_json: bool,
) -> int:
    """Write a cost down, or take one back."""
    what, cents = CostKind(kind), cents_of(amount)
    payer = Payer(who) if who else Payer.SELLER if what is CostKind.REFUND_PART else Payer.OPEN
    with house(load_config(config_path)) as our:
        if undo:
            cost = take_back(our.store, order, kind=what, cents=cents, payer=payer, clock=now)
        else:
            cost = enter_cost(our.store, order, kind=what, cents=cents, payer=payer, text=text, clock=now)
    if as_json:
        print_json({"order": cost.order, **_cost_json(cost)})
        return 0
    words = _("Taken back for {order}: {entry}") if undo else _("Written down for {order}: {entry}")
    click.echo(words.format(order=cost.order, entry=_entry(cost)))
    if cost.payer is Payer.OPEN and not undo:
        click.echo(
            _("Who bears it is open. Once that is settled: --undo this entry, and enter it with --who.")
        )
    return 0


@click.command(
    "money",
    help=_(
        "Where the money of your sales is: expected, held, at risk, paid out, refunded; and what they cost."
    ),
)
@click.argument("order", required=False)
@config_option
@json_option
def money_command(order: str | None, *, config_path: Path | None, as_json: bool) -> int:
    """Show the money of all orders, or of one with its entries."""
    with house(load_config(config_path)) as our:
        lines = money_lines(our.store, now=now(), order_id=order)
    if as_json:
        print_json({"orders": [_line_json(line) for line in lines], "totals": _totals(lines)})
    elif order is None:
        _print_all(lines)
    else:
        _print_one(lines[0])
    return 0


def _print_all(lines: Sequence[MoneyLine]) -> None:
    sales = [line for line in lines if line.money.state is not MoneyState.NONE or line.costs]
    columns = (
        _("Order"),
        _("Item"),
        _("Money"),
        _("Price"),
        _("Refunded"),
        _("Your costs"),
        _("Not settled"),
        _("Overdue since"),
    )
    rows = [
        (
            line.order.id,
            line.order.title or "–",
            money_name(line.money.state, language=current()),
            euros(line.money.price_cents),
            _refunded(line),
            _sum(line.money.own_costs_cents),
            _sum(line.money.open_costs_cents),
            moment(line.money.overdue_since),
        )
        for line in sales
    ]
    print_table(columns, rows)
    if len(sales) < len(lines):
        count = len(lines) - len(sales)
        click.echo(
            ngettext(
                "{count} request without a sale is left out.",
                "{count} requests without a sale are left out.",
                count,
            ).format(count=count)
        )
    totals = _totals(lines)
    for state in _SUMS:
        if totals[state.value]:
            click.echo(f"{money_name(state, language=current())}: {euros(totals[state.value])}")
    click.echo(
        _("Your costs: {own}; not settled: {open}.").format(
            own=euros(totals["own_costs"]), open=euros(totals["open_costs"])
        )
    )
    late = [line for line in sales if line.money.overdue_since is not None]
    if late:
        click.secho(
            ngettext(
                "The money of {count} sale is overdue: see `stornowacht show ORDER`.",
                "The money of {count} sales is overdue: see `stornowacht show ORDER`.",
                len(late),
            ).format(count=len(late)),
            fg="yellow",
        )
    unpriced = sum(line.money.price_cents is None for line in sales)
    if unpriced:
        click.echo(
            ngettext(
                "The price of {count} sale is not known and counts nothing.",
                "The prices of {count} sales are not known and count nothing.",
                unpriced,
            ).format(count=unpriced)
        )


def _print_one(line: MoneyLine) -> None:
    order, money = line.order, line.money
    click.secho(f"{order.id}: {printable(order.title or '–')}", bold=True)
    lines = [
        (_("Stage"), stage_name(order.stage, language=current())),
        (_("Money"), money_name(money.state, language=current())),
        (_("Price"), euros(money.price_cents)),
        (_("Refunded"), _refunded(line)),
        (_("Your costs"), _sum(money.own_costs_cents)),
        (_("Not settled"), _sum(money.open_costs_cents)),
        (_("Overdue since"), moment(money.overdue_since)),
    ]
    width = max(len(name) for name, _value in lines) + 2
    for name, value in lines:
        click.echo(f"  {name + ':':<{width}}{value}")
    for cost in line.costs:
        click.echo(f"  {moment(cost.at)}  {_entry(cost)}")


def _entry(cost: Cost) -> str:
    sign = "–" if cost.cents < 0 else ""
    text = f" – {printable(cost.text)}" if cost.text else ""
    kind, payer = cost_name(cost.kind, language=current()), payer_name(cost.payer, language=current())
    return f"{kind}, {sign}{euros(abs(cost.cents))} ({payer}){text}"


def _refunded(line: MoneyLine) -> str:
    cents = line.money.refunded_cents
    return "?" if cents is None else _sum(cents)


def _sum(cents: int) -> str:
    return euros(cents) if cents else "–"


def _totals(lines: Sequence[MoneyLine]) -> dict[str, int]:
    money = [line.money for line in lines]
    return {
        **{state.value: total(money, state) for state in _SUMS},
        "refunded_to_buyers": sum(each.refunded_cents or 0 for each in money),
        "own_costs": sum(each.own_costs_cents for each in money),
        "open_costs": sum(each.open_costs_cents for each in money),
    }


def _line_json(line: MoneyLine) -> Json:
    money = line.money
    return {
        "order": line.order.id,
        "account": line.order.account,
        "title": line.order.title,
        "stage": line.order.stage.value,
        "state": money.state.value,
        "price_cents": money.price_cents,
        "refunded_cents": money.refunded_cents,
        "own_costs_cents": money.own_costs_cents,
        "open_costs_cents": money.open_costs_cents,
        "overdue_since": time_json(money.overdue_since),
        "costs": [_cost_json(cost) for cost in line.costs],
    }


def _cost_json(cost: Cost) -> Json:
    return {
        "at": time_json(cost.at),
        "kind": cost.kind.value,
        "cents": cost.cents,
        "payer": cost.payer.value,
        "text": cost.text,
    }
