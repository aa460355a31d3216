"""`archive forget`: erase an order's names, texts and captures; a tombstone stays, and the ledger stays whole."""

import sys
from collections.abc import Collection
from pathlib import Path

import click

from watcher.app.copies import Copies, copies_of
from watcher.app.forget import BY_SELLER, finish_forgetting, forget
from watcher.app.forget_plan import Plan, blocked, older_than, plan_forgetting
from watcher.app.seller import find
from watcher.bootstrap import House, house, now
from watcher.cli.common import config_option, json_option, load_config, moment, print_json
from watcher.cli.forget_words import (
    copies_json,
    copy_lines,
    forgotten_json,
    plan_json,
    plan_lines,
    say_forgotten,
)
from watcher.domain.order import Order
from watcher.domain.retention import GONE_AFTER, Holds
from watcher.errors import UsageError
from watcher.settings.archive import parse_days
from watcher.texts.language import _, current
from watcher.texts.names import stage_name


@click.command(
    "forget",
    help=_(
        "Erase an order for good, or all to which nothing has happened for a while: captures, files, names, texts. You see "
        "first what goes, and are asked. A tombstone stays, so that the ledger can still be verified."
    ),
)
@click.argument("order", required=False)
@click.option(
    "--older-than", metavar=_("SPAN"), help=_("All to which nothing has happened for so long, such as 180d.")
)
@click.option(
    "--due",
    is_flag=True,
    help=_(
        "Keep to [archive] in the config: announce what goes within a week, erase what was announced and is due. With "
        "--dry-run: what goes within two weeks."
    ),
)
@click.option("--dry-run", is_flag=True, help=_("Only say what would go."))
@click.option("--yes", is_flag=True, help=_("Do not ask."))
@config_option
@json_option
def forget_command(
    order: str | None,
    *,
    older_than: str | None,
    due: bool,
    dry_run: bool,
    yes: bool,
    config_path: Path | None,
    as_json: bool,
) -> int:
    """Forget what was named. Exit code 1 when something could not be removed from the disk yet."""
    _check_usage(order, older_than, due=due)
    if as_json and not (yes or dry_run or due):
        raise _nobody_to_ask()
    with house(load_config(config_path)) as our:
        if due and not dry_run:
            return _forget_due(our, as_json=as_json)
        plan = _plan(our, order, older_than, due=due)
        copies = _copies(our, plan)
        if not as_json:
            for line in plan_lines(plan):
                click.echo(line)
        if plan.is_nothing:
            leftovers = [] if dry_run else finish_forgetting(our.store.erasing())
            return _nothing(our, order, plan, leftovers=bool(leftovers), as_json=as_json)
        if dry_run:
            return _dry_run(plan, copies, as_json=as_json)
        if not yes:
            agreed = _agreed(our, plan, order, older_than)
            if agreed is None:
                return 0
            plan, copies = agreed, _copies(our, agreed)
        forgotten = forget(our.store, our.store.erasing(), plan, reason=BY_SELLER, clock=now)
    if as_json:
        print_json({**plan_json(plan), "done": True, **forgotten_json(forgotten), **copies_json(copies)})
    else:
        say_forgotten(forgotten, copies)
    return 1 if forgotten.leftovers else 0


def _check_usage(order: str | None, span: str | None, *, due: bool) -> None:
    if sum((order is not None, span is not None, due)) != 1:
        raise UsageError(
            _("Say what is to be forgotten: ORDER, --older-than or --due, one of them."),
            advice=_("`stornowacht orders` lists the orders. --dry-run only says what would go."),
        )


def _agreed(our: House, shown: Plan, order: str | None, span: str | None) -> Plan | None:
    """Ask, and return what may go then, for minutes may have passed; `None`: nothing, as was said."""
    if not _is_meant():
        click.echo(_("Nothing was erased."))
        return None
    plan = _plan(our, order, span, due=False, shown=shown.about)
    if plan.is_nothing:
        click.echo(_("Nothing was erased: what was shown may not go any more, or has gone already."))
        return None
    return plan


def _is_meant() -> bool:
    """Ask whether it may go; only a yes, in either language, is one."""
    if not sys.stdin.isatty():
        raise _nobody_to_ask()
    answer: str = click.prompt(_("Erase this for good? (yes/no)"), default=_("no"))
    return answer.strip().lower() in {"y", "yes", "j", "ja"}


def _nobody_to_ask() -> UsageError:
    return UsageError(
        _("Nobody can be asked here whether it may go; nothing was erased."),
        advice=_("Add --yes to erase it, or --dry-run to only see what would go."),
    )


def _plan(
    our: House, order: str | None, span: str | None, *, due: bool, shown: Collection[str] | None = None
) -> Plan:
    """Return what goes; where something was shown already, no order that was not."""
    store, erasing, at = our.store, our.store.erasing(), now()
    if order is not None:
        found = find(order, store.orders(), what="order")
        _refuse_blocked(our, found)
        return plan_forgetting(store, erasing, [found], now=at)
    from watcher.app.retention import HORIZON, due_plan, with_old_pages  # noqa: PLC0415 - not for a single order

    if due:
        return due_plan(store, erasing, our.config.archive.keeping, now=at, within=HORIZON)
    try:
        patience = parse_days(span)
    except ValueError as error:
        raise UsageError(f"--older-than: {error}", advice=_("Example: --older-than 180d")) from error
    old = [each for each in older_than(store, erasing, patience, now=at) if shown is None or each.id in shown]
    return with_old_pages(store, erasing, plan_forgetting(store, erasing, old, now=at), patience, now=at)


def _copies(our: House, plan: Plan) -> Copies:
    return copies_of(our.store, our.store.erasing(), [going.order.id for going in plan.orders])


def _refuse_blocked(our: House, order: Order) -> None:
    why = blocked(our.store, order, now=now())
    if why is Holds.OPEN_CASE:
        cases = [case.id for case in our.store.cases() if case.order == order.id and case.is_open]
        raise UsageError(
            _("{order} has an open case: what proves it must stay.").format(order=order.id),
            advice=_("When it is over: `stornowacht close {case}`, then forget it.").format(case=cases[0]),
        )
    if why is Holds.UNDER_WAY:
        raise UsageError(
            _(
                "{order} is still under way ({stage}): a cancellation may yet come, and then you need its proof."
            ).format(order=order.id, stage=stage_name(order.stage, language=current())),
            advice=_(
                "It can be forgotten once it has ended, or when no check has seen it for {days} days. If it is something "
                "else than it is taken for, `stornowacht confirm {order}` says so."
            ).format(days=GONE_AFTER.days, order=order.id),
        )


def _nothing(our: House, order: str | None, plan: Plan, *, leftovers: bool, as_json: bool) -> int:
    if as_json:
        print_json({**plan_json(plan), "done": False})
    elif order is not None:
        found = find(order, our.store.orders(), what="order")
        click.echo(
            _("{order} was forgotten already, {at}.").format(order=found.id, at=moment(found.forgotten_at))
            if found.forgotten_at
            else _("Of {order} there is nothing to erase.").format(order=found.id)
        )
    else:
        click.echo(_("There is nothing that old."))
    return 1 if leftovers else 0


def _dry_run(plan: Plan, copies: Copies, *, as_json: bool) -> int:
    if as_json:
        print_json({**plan_json(plan), "done": False, **copies_json(copies)})
    else:
        click.echo(_("Nothing was erased: that was a dry run."))
        for line in copy_lines(copies):
            click.echo(line)
    return 0


def _forget_due(our: House, *, as_json: bool) -> int:
    from watcher.app.retention import keep_to_it  # noqa: PLC0415 - not for a single order

    erasing, channels = our.store.erasing(), list(our.config.channels)
    found = keep_to_it(our.store, erasing, our.config.archive.keeping, channels=channels, clock=now)
    leftovers = found.leftovers if found else tuple(finish_forgetting(erasing))
    copies = copies_of(our.store, erasing, found.orders if found else ())
    if as_json:
        done = forgotten_json(found) if found else {"forgotten": []}
        print_json({"done": found is not None, **done, **copies_json(copies)})
    elif found is None:
        click.echo(_("Nothing is due, or it was not announced yet."))
    else:
        say_forgotten(found, copies)
    return 1 if leftovers else 0
