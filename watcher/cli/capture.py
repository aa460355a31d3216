"""`capture`: keep what the page says of an order now, whether it has changed or not; and its ad."""

from pathlib import Path

import click

from watcher.app.seller import find
from watcher.app.shelf import Why
from watcher.bootstrap import House, house
from watcher.cli.common import (
    account_names,
    config_option,
    json_option,
    load_config,
    print_json,
    printable,
    require_terms,
    say_beside,
)
from watcher.cli.report import Json, order_json
from watcher.cli.watch import check_once, deliver, tell
from watcher.domain.capture import PageKind
from watcher.domain.order import Order
from watcher.domain.outcome import Outcome
from watcher.texts.language import _


@click.command(
    "capture",
    help=_("Look now, and keep the order's page and its ad in the archive, also when nothing has changed."),
)
@click.argument("order")
@config_option
@json_option
def capture_command(order: str, *, config_path: Path | None, as_json: bool) -> int:
    """Capture an order: exit codes as `check`; 5 also where the visit went well and the order's page was not to be had."""
    config = load_config(config_path)
    with house(config) as our:
        found = find(order, our.store.orders(), what="order")
        account_names(config, found.account)
        require_terms(config)
        result, outcome = check_once(our, found.account, keep={found.conversation: Why.ASKED})
        current = find(found.id, our.store.orders(), what="order")
        captures = _of_order(our, current, result)
        if as_json:
            said = {
                name: result[name] for name in ("outcome", "cause", "held_back", "problems", "next_check")
            }
            print_json({"order": order_json(current), **said, "captures": captures})
        else:
            _say(our, current, result, outcome, captures)
        deliver(our)
    has_page = any(capture["page"] == PageKind.CONVERSATION for capture in captures)
    if outcome is Outcome.OK and not has_page:
        return Outcome.UNREADABLE.exit_code
    return outcome.exit_code


def _of_order(our: House, order: Order, result: Json) -> list[Json]:
    """Return what this visit has kept of the order: its page, and its ad."""
    own = {each.id for each in our.store.orders(order.account) if each.conversation == order.conversation}
    return [capture for capture in result["captures"] if capture["order"] in own]


def _say(our: House, order: Order, result: Json, outcome: Outcome, captures: list[Json]) -> None:
    if outcome is not Outcome.OK:
        tell(result, outcome)
    title = printable(order.title or order.id)
    if captures:
        click.echo(_("Kept of {title}, in {folder}:").format(title=title, folder=our.config.storage_dir))
    for capture in captures:
        place = printable(capture["name"] or capture["path"] or capture["id"])
        doubt = "" if capture["complete"] else " " + _("(incomplete)")
        click.echo(f"  {place}{doubt}")
        if capture["page"] == PageKind.AD and capture["reason"] == Why.PROBLEM:
            say_beside(_("The ad could not be read: what stood in the way was kept instead."))
    if not any(capture["page"] == PageKind.CONVERSATION for capture in captures) and not result["held_back"]:
        say_beside(_("The page of {title} was not to be had: nothing of it was kept.").format(title=title))
