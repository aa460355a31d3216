"""Templates to pages of the set-up."""

from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from watcher import __version__
from watcher.texts.language import current
from watcher.web.forms import CSRF_FIELD
from watcher.web.render import environment
from watcher.web.setup.desk import setup_of
from watcher.web.setup.steps import progress


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
    """Return a page of the set-up. Every text in `values` is escaped, whoever wrote it."""
    desk = setup_of(request)
    is_part = "HX-Request" in request.headers
    known = {
        "language": current(),
        "csrf": desk.key.csrf,
        "csrf_field": Markup('<input type="hidden" name="{}" value="{}">').format(CSRF_FIELD, desk.key.csrf),
        "version": __version__,
        "config_path": desk.path,
        "command": lambda words: f"{desk.command} {words}{desk.option}",
        "now": desk.clock(),
        "is_part": is_part,
        "progress": progress(request.url.path, is_free=desk.standing().is_accepted),
        "fault": "",
        "advice": "",
        "is_running": False,
    }
    text = environment().get_template(f"setup/{template}").render(**known | values)
    return HTMLResponse(text, status_code=status)
