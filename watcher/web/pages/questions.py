"""Questions of buyers that wait for an answer, and how soon the seller answered so far."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from watcher.app.questions import waiting_questions
from watcher.texts.question_words import fine_print
from watcher.web.desk import desk_of
from watcher.web.questions_view import answers_view, waiting_views
from watcher.web.render import page


def questions(request: Request) -> Response:
    """Show what waits, the oldest first, and the own answer times."""
    desk = desk_of(request)
    names = [each.name for each in desk.config.account]
    asked = request.query_params.get("account", "")
    account = asked if asked in names else None
    with desk.house() as our:
        told = waiting_questions(our.store, account, now=desk.clock())
    return page(
        request,
        "questions.html",
        waiting=waiting_views(told.open, desk),
        old=waiting_views(told.old, desk),
        answers=answers_view(told.answers),
        account=account,
        accounts=names,
        reminds=desk.config.answers.remind_after is not None,
        fine_print=fine_print(),
    )


ROUTES = (Route("/questions", questions),)
