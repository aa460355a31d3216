"""All sales: by stage, by letters, page by page."""

from typing import TypeVar

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from watcher.app.catalogue import Group, OrderQuery, Sorting
from watcher.domain.silence import unverified_orders
from watcher.domain.stage import Stage
from watcher.web.desk import desk_of
from watcher.web.render import page

_LONGEST_SEARCH, _MOST_DIGITS = 200, 8
Choice = TypeVar("Choice", Group, Stage, Sorting)


def orders(request: Request) -> Response:
    """Show the sales that somebody looks for."""
    desk, query = desk_of(request), query_of(request.query_params)
    with desk.house() as our:
        catalogue = our.store.catalogue()
        found, counts = catalogue.find_orders(query), catalogue.counts()
        open_cases = {case.order: case for case in catalogue.open_cases()}
        at_stake = catalogue.at_stake()
        unseen = {
            order.id
            for account in our.store.accounts()
            for order in unverified_orders(account, at_stake, open_cases.values())
        }
    template = "orders_part.html" if request.headers.get("HX-Target") == "found" else "orders.html"
    return page(
        request,
        template,
        query=query,
        found=found,
        counts=[(stage, counts[stage]) for stage in Stage if counts.get(stage)],
        all_orders=sum(counts.values()),
        open_cases=open_cases,
        unseen=unseen,
        groups=list(Group),
        sortings=list(Sorting),
        several_accounts=len(desk.config.account) > 1,
    )


def query_of(sent: QueryParams) -> OrderQuery:
    """Return what an address asks for; what makes no sense in it is left out."""
    return OrderQuery(
        words=sent.get("words", "").strip()[:_LONGEST_SEARCH],
        group=_one_of(Group, sent.get("group", "")) or Group.ALL,
        stage=_one_of(Stage, sent.get("stage", "")),
        account=sent.get("account") or None,
        sorting=_one_of(Sorting, sent.get("sorting", "")) or Sorting.LATEST,
        page=page_number(sent),
    )


def page_number(sent: QueryParams) -> int:
    """Return which page an address asks for; the first one where it says nothing sensible."""
    number = sent.get("page", "1")
    return int(number) if number.isascii() and number.isdigit() and len(number) < _MOST_DIGITS else 1


def _one_of(kind: type[Choice], value: str) -> Choice | None:
    return next((choice for choice in kind if choice.value == value), None)


ROUTES = (Route("/orders", orders),)
