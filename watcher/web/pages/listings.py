"""The own ads against the seven tips: what was found, why it matters, better words to copy."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from watcher.app.listings import listings
from watcher.listings.rules import tips
from watcher.texts.language import current
from watcher.web.desk import desk_of
from watcher.web.listings_view import listings_view
from watcher.web.render import page


def ads(request: Request) -> Response:
    """Show the own ads of one account, those with the most to mend first."""
    desk = desk_of(request)
    names = [each.name for each in desk.config.account]
    asked = request.query_params.get("account", "")
    account = asked if asked in names else names[0]
    at = desk.clock()
    with desk.house() as our:
        told = listings(our.store, account, desk.config.listings.rules, at=at)
    return page(
        request,
        "listings.html",
        view=listings_view(told, base_url=desk.config.site.base_url, at=at),
        accounts=names,
        unseen=[
            (tip.number, tip.title.said(current()), tip.unseen.said(current()))
            for tip in tips()
            if tip.unseen
        ],
    )


ROUTES = (Route("/listings", ads),)
