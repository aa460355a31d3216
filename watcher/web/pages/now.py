"""The start page: what is open, what to do now, until when, and that it is being watched."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from watcher.app.case_book import as_tracked
from watcher.app.ship_by import still_to_go
from watcher.bootstrap import House
from watcher.domain.order import Order
from watcher.domain.permission import comes_by_itself
from watcher.domain.question import apart
from watcher.web.case_view import CaseView, by_urgency, case_view
from watcher.web.desk import Desk, desk_of
from watcher.web.questions_view import waiting_views
from watcher.web.render import page
from watcher.web.ship_by_view import MOST, until_views
from watcher.web.watch_view import WatchLine, watch_line


def now(request: Request) -> Response:
    """Show what is open, the most urgent first, and how the watch stands."""
    desk = desk_of(request)
    with desk.house() as our:
        at_stake, cases = our.store.catalogue().at_stake(), open_cases(our, desk)
        watch = watch_lines(our, desk, at_stake)
        to_ship = until_views(
            still_to_go(our.store, promise=our.promise(), now=desk.clock()), at=desk.clock()
        )
        waiting, _old = apart(our.store.questions().waiting(), now=desk.clock())
        questions = waiting_views(waiting, desk)
    live = sum(order.stage.is_live for order in at_stake)
    unacknowledged = sum(view.case.acknowledged_at is None for view in cases)
    # Only that part is asked for again when something has changed: what is being typed elsewhere stays.
    template = "now_part.html" if "HX-Request" in request.headers else "now.html"
    return page(
        request,
        template,
        cases=cases,
        watch=watch,
        live=live,
        unacknowledged=unacknowledged,
        to_ship=to_ship[:MOST],
        more_to_ship=len(to_ship[MOST:]),
        questions=questions[:MOST],
        more_questions=len(questions[MOST:]),
    )


def open_marks(request: Request) -> Response:
    """Tell an open page how many cases are open, for its title and its icon."""
    with desk_of(request).house() as our:
        cases = our.store.catalogue().open_cases()
    unacknowledged = sum(case.acknowledged_at is None for case in cases)
    return page(request, "open.html", cases=len(cases), unacknowledged=unacknowledged)


def open_cases(our: House, desk: Desk) -> list[CaseView]:
    """Return every open case as it stands, the most urgent first."""
    store, at = our.store, desk.clock()
    cases = store.catalogue().open_cases()
    orders = store.catalogue().orders_by_id([case.order for case in cases])
    views = [
        case_view(
            store,
            case,
            as_tracked(orders[case.order], store.sightings(case.order), at=at),
            base_url=desk.config.site.base_url,
            at=at,
        )
        for case in cases
    ]
    return sorted(views, key=by_urgency)


def watch_lines(our: House, desk: Desk, orders: list[Order]) -> list[WatchLine]:
    """Return how it stands with each account."""
    store, config = our.store, desk.config
    cases = store.catalogue().open_cases()
    return [
        watch_line(
            account,
            orders,
            cases,
            comes_by_itself=comes_by_itself(
                account, config.watch.mode, asked=bool(store.asked_for(account.name))
            ),
            at=desk.clock(),
        )
        for account in (store.account(table.name) for table in config.account)
    ]


ROUTES = (Route("/", now), Route("/open", open_marks))
