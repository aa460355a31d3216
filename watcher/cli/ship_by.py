"""Until when parcels should leave, as commands say it."""

from collections.abc import Iterator

from watcher.app.ship_by import Going, still_to_go
from watcher.bootstrap import House, now
from watcher.cli.common import printable
from watcher.cli.report import Json, time_json
from watcher.domain.order import Order
from watcher.domain.ship_by import Promise, ShipBy, ship_by
from watcher.domain.stage import Stage
from watcher.texts.language import _
from watcher.texts.ship_by import left_words, until_words, waiting_words


def ship_by_json(order: Order, promise: Promise | None) -> Json:
    """Return until when an order should leave, and who says so, for scripts; `null` where nobody does, or it has left."""
    until = ship_by(order, promise) if order.stage is Stage.PAID else None
    return {
        "ship_by": time_json(until.at) if until else None,
        "ship_by_from": until.origin.value if until else None,
    }


def ship_by_words(until: ShipBy) -> str:
    """Return until when, who says so, and how much time is left."""
    at = now()
    return f"{until_words(until, now=at)}, {left_words(until, now=at)}"


def going_lines(our: House) -> Iterator[str]:
    """Say for each paid order that is still to be handed in until when it should leave, and since when it waits."""
    at = now()
    for going in still_to_go(our.store, promise=our.promise(), now=at):
        yield _going_line(going)


def _going_line(going: Going) -> str:
    order, until = going.order, going.until
    waits = waiting_words(order, now=now())
    name = printable(order.title or order.id)
    if until is None:
        return _("To ship: {title} ({order}), {waits}").format(title=name, order=order.id, waits=waits)
    return _("To ship by {until}: {title} ({order}), {waits}").format(
        until=ship_by_words(until), title=name, order=order.id, waits=waits
    )
