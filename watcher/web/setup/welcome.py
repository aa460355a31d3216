"""The first two pages: what Stornowacht does and never does, and the risk; without a yes nothing is visited."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from watcher.config import ConfigError
from watcher.texts.language import LANGUAGES, _, use
from watcher.texts.terms import TERMS
from watcher.web.forms import Form, writes
from watcher.web.setup.browser import prove
from watcher.web.setup.desk import ElsewhereError, setup_of, words_of
from watcher.web.setup.page import page


def welcome(request: Request) -> Response:
    """Say what comes; name the mistakes of a config that cannot be used."""
    return _welcome(request)


def _welcome(request: Request, *, status: int = 200, fault: str = "", advice: str = "") -> Response:
    standing = setup_of(request).standing()
    return page(request, "welcome.html", status=status, standing=standing, fault=fault, advice=advice)


def speak(request: Request, form: Form) -> Response:
    """Choose the language; a config that is there is told, too."""
    desk = setup_of(request)
    chosen = next((language for language in LANGUAGES if language == form.text("language")), desk.language)
    desk.language = chosen
    use(chosen)
    config = desk.standing().config
    if config is not None and config.language != chosen:
        try:
            desk.change({"": {"language": chosen}})
        except ConfigError as error:
            return _welcome(request, status=422, **words_of(error))
    return RedirectResponse("/", status_code=303)


def replace(request: Request, form: Form) -> Response:
    """Do as the person says with a config that cannot be used: it makes room for a new one, once the risk is accepted."""
    desk = setup_of(request)
    if desk.standing().is_broken and form.text("sure") != "yes":
        fault = _("Tick the box first: the file that is there will be replaced.")
        return _welcome(request, status=422, fault=fault)
    desk.may_replace = True
    return RedirectResponse("/terms", status_code=303)


def terms(request: Request) -> Response:
    """Show the risk, and ask."""
    return _terms(request)


def _terms(request: Request, *, status: int = 200, fault: str = "", advice: str = "") -> Response:
    standing = setup_of(request).standing()
    return page(
        request, "terms.html", status=status, standing=standing, terms=_(TERMS), fault=fault, advice=advice
    )


def accept(request: Request, form: Form) -> Response:
    """Write that the risk is accepted; only a tick that was set now counts. Then the browser is examined."""
    desk = setup_of(request)
    standing = desk.standing()
    if not standing.is_accepted and form.text("accept") != "yes":
        fault = _("Without this tick nothing is set up and nothing is visited. You can close this page.")
        return _terms(request, status=422, fault=fault)
    if standing.is_broken and not desk.may_replace:
        raise ElsewhereError("/")
    try:
        if standing.config is None:
            desk.begin()
            desk.may_replace = False
        elif not standing.is_accepted:
            desk.change({"terms": {"i_accept_the_risk": True}, "": {"language": desk.language}})
    except ConfigError as error:
        return _terms(request, status=422, **words_of(error))
    prove(desk)
    return RedirectResponse("/browser", status_code=303)


def withdraw(request: Request, form: Form) -> Response:  # noqa: ARG001 - a button has no fields
    """Take the yes back: from then on nothing is visited."""
    desk = setup_of(request)
    if desk.standing().is_accepted:
        try:
            desk.change({"terms": {"i_accept_the_risk": False}})
        except ConfigError as error:
            return _terms(request, status=422, **words_of(error))
    return RedirectResponse("/terms", status_code=303)


ROUTES = (
    Route("/", welcome),
    Route("/language", writes(speak), methods=["POST"]),
    Route("/replace", writes(replace), methods=["POST"]),
    Route("/terms", terms),
    Route("/terms", writes(accept), methods=["POST"]),
    Route("/terms/withdraw", writes(withdraw), methods=["POST"]),
)
