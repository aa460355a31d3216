"""What past sales teach: figures with their counts, charts of the same numbers, a file for a spreadsheet."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from watcher.app.insight_figures import as_spreadsheet
from watcher.app.insights import insights, since_when
from watcher.domain.insights import Insights
from watcher.texts.insight_words import fine_print
from watcher.texts.language import _
from watcher.web.desk import Desk, desk_of
from watcher.web.insights_view import insights_view
from watcher.web.render import page

SPANS = ("90d", "1y", "all")
_USUAL = "1y"
_MOST_KEPT = 8


def figures(request: Request) -> Response:
    """Show the figures of a stretch of time."""
    desk = desk_of(request)
    since, account = _wanted(request, desk)
    return page(
        request,
        "insights.html",
        view=insights_view(_told(request, since, account)),
        since=since,
        spans=[(span, _span_name(span)) for span in SPANS],
        account=account,
        accounts=[each.name for each in desk.config.account],
        fine_print=fine_print(),
    )


def table(request: Request) -> Response:
    """Hand the figures out as a table."""
    since, account = _wanted(request, desk_of(request))
    content = as_spreadsheet(_told(request, since, account)).encode("utf-8-sig")
    name = f"stornowacht-insights-{since}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


def _wanted(request: Request, desk: Desk) -> tuple[str, str | None]:
    """Return from when on and of which account; what makes no sense in an address is left out."""
    since, account = request.query_params.get("since", ""), request.query_params.get("account", "")
    known = {each.name for each in desk.config.account}
    return since if since in SPANS else _USUAL, account if account in known else None


def _told(request: Request, since: str, account: str | None) -> Insights:
    """Return the figures; they are counted once until something is written again, or the day changes."""
    desk, kept = desk_of(request), _kept(request)
    at = desk.clock()
    begins = since_when(since, now=at)
    with desk.house() as our:
        key = (our.store.past_sales().mark(), begins, account)
        told = kept.get(key) or insights(our.store, since=begins, account=account, now=at)
    request.app.state.insights = dict([*kept.items(), (key, told)][-_MOST_KEPT:])
    return told


def _kept(request: Request) -> dict[object, Insights]:
    """Return what this dashboard has counted lately."""
    kept: dict[object, Insights] = getattr(request.app.state, "insights", {})
    return kept


def _span_name(span: str) -> str:
    return {
        "90d": _("the last 90 days"),
        "1y": _("the last year"),
        "all": _("everything"),
    }[span]


ROUTES = (Route("/insights", figures), Route("/insights.csv", table))
