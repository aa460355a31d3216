"""Templates to pages: escaped by default, in the language of the config, with the words the rest of the program uses."""

from datetime import datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from watcher import __version__
from watcher.texts import names
from watcher.texts.language import _, current, ngettext
from watcher.web.desk import desk_of
from watcher.web.forms import CSRF_FIELD
from watcher.web.places import PLACES


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
    """Return a page. Every text in `values` is escaped, whoever wrote it."""
    desk = desk_of(request)
    known = {
        "language": current(),
        "path": request.url.path,
        "places": PLACES,
        "csrf": desk.key.csrf,
        "csrf_field": Markup('<input type="hidden" name="{}" value="{}">').format(CSRF_FIELD, desk.key.csrf),
        "now": desk.clock(),
        "version": __version__,
        "is_practice": desk.config.is_practice,
    }
    return HTMLResponse(environment().get_template(template).render(**known | values), status_code=status)


@cache
def environment() -> Environment:
    """Return the templates, with what they may call."""
    made = Environment(
        loader=PackageLoader("watcher.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(_, ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.filters |= {
        "moment": moment,
        "clock": lambda at: names.clock(at, language=current()),
        "day": lambda at: names.day(at, language=current()),
        "euros": lambda cents: "–" if cents is None else names.money(cents, language=current()),
        "lasting": lambda span: names.lasting(span, language=current()),
        "iso": lambda at: at.isoformat(timespec="seconds"),
        "stage_name": lambda stage: names.stage_name(stage, language=current()),
        "kind_name": lambda kind: names.kind_name(kind, language=current()),
        "goods_name": lambda kind: names.goods_name(kind, language=current()),
        "milestone_name": lambda milestone: names.milestone_name(milestone, language=current()),
        "confidence_name": lambda confidence: names.confidence_name(confidence, language=current()),
        "plain": plain,
    }
    return made


def moment(at: datetime | None) -> str:
    """Return day and time on a German clock; a dash for none."""
    return "–" if at is None else names.moment(at, language=current())


def plain(text: str | None) -> str:
    """Return a stranger's text without control and direction marks, which could turn a line around."""
    return "".join(char if char.isprintable() or char == "\n" else " " for char in text or "")
