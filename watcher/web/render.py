"""Templates to pages: escaped by default, in the language of the config, with the words the rest of the program uses."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from watcher import __version__
from watcher.app.archive import StoredFile
from watcher.app.catalogue import Group, OrderQuery, Sorting
from watcher.app.doctor.storage import size
from watcher.carriers.knowledge import OTHER
from watcher.carriers.own import carrier_here
from watcher.domain.capture import Role
from watcher.texts import names
from watcher.texts.language import _, current, ngettext
from watcher.texts.stamps import fault_name
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
        "ending_name": lambda ending: names.ending_name(ending, language=current()),
        "cost_name": lambda kind: names.cost_name(kind, language=current()),
        "payer_name": lambda payer: names.payer_name(payer, language=current()),
        "date": lambda day: f"{day:%d.%m.%Y}" if current() == "de" else f"{day.day} {day:%B %Y}",
        "job_name": job_name,
        "group_name": group_name,
        "sorting_name": sorting_name,
        "carrier_name": carrier_name,
        "order_address": order_address,
        "picture": picture,
        "bytes": lambda count: size(count, language=current()),
        "picture_name": lambda path: path.rsplit("/", 1)[-1],
        "plain": plain,
        "code": code,
        "kept_because": kept_because,
        "role_name": role_name,
        "fault_name": lambda fault: fault_name(fault, language=current()),
    }
    return made


def moment(at: datetime | None) -> str:
    """Return day and time on a German clock; a dash for none."""
    return "–" if at is None else names.moment(at, language=current())


def picture(files: Sequence[StoredFile], role: str) -> StoredFile | None:
    """Return the picture of that role among a capture's files."""
    return next((file for file in files if file.role == role and file.media_type.startswith("image/")), None)


def job_name(name: str) -> str:
    """Return what a command is called that a page has started."""
    return {
        "capture": _("A fresh capture"),
        "export": _("The dossier"),
        "check": _("A look at the messages"),
        "ship": _("The look before handing in"),
        "verify": _("The archive's check"),
        "notify": _("The test message"),
        "forget": _("The erasing"),
        "stamp": _("The time stamp"),
    }.get(name, name)


def group_name(group: Group) -> str:
    """Return what a choice of orders is called."""
    return {
        Group.ALL: _("all"),
        Group.LIVE: _("under way"),
        Group.OPEN_CASE: _("with an open case"),
        Group.ENDED: _("ended"),
    }[group]


def sorting_name(sorting: Sorting) -> str:
    """Return by what orders are sorted."""
    return {
        Sorting.LATEST: _("latest change"),
        Sorting.OLDEST: _("oldest change"),
        Sorting.AMOUNT: _("highest price"),
        Sorting.TITLE: _("title"),
    }[sorting]


def carrier_name(carrier: str) -> str:
    """Return what a carrier is called; one that nobody has described keeps the page's word for it."""
    known = carrier_here(carrier)
    return known.name if known.id != OTHER else plain(carrier)


def order_address(query: OrderQuery, number: int) -> str:
    """Return the address of another page of the same search."""
    wanted = {
        "words": query.words,
        "group": "" if query.group is Group.ALL else query.group.value,
        "stage": query.stage.value if query.stage else "",
        "account": query.account or "",
        "sorting": "" if query.sorting is Sorting.LATEST else query.sorting.value,
        "page": str(number),
    }
    return "/orders?" + urlencode({name: value for name, value in wanted.items() if value})


def kept_because(reason: str) -> str:
    """Return why a capture was kept."""
    return {
        "changed": _("something changed"),
        "problem": _("something could not be read"),
        "recovered": _("left by a killed check"),
        "milestone": _("the case moved on"),
        "ship": _("asked before handing in"),
        "asked": _("you asked for it"),
        "daily": _("once a day while a case is open"),
        "sale": _("the ad as it was sold"),
        "listing": _("one of your ads, new or changed"),
    }.get(reason, reason)


def role_name(role: Role) -> str:
    """Return what a file of a capture is."""
    return {
        Role.SCREENSHOT: _("whole page"),
        Role.PREVIEW: _("the part that matters"),
        Role.THUMBNAIL: _("small picture"),
        Role.PART: _("part of the page"),
        Role.HTML: _("the page's markup"),
        Role.MHTML: _("the page in one file"),
        Role.OUTLINE: _("the page's words"),
        Role.TEXT_MAP: _("where which text stands"),
        Role.JSON: _("data that the page received"),
        Role.FACTS: _("facts about the capture"),
    }[role]


def code(words: str) -> Markup:
    """Return our own words with what stands in backticks set as something to type."""
    parts = [
        Markup("<code>{}</code>").format(part) if number % 2 else escape(part)
        for number, part in enumerate(words.split("`"))
    ]
    return Markup("").join(parts)


def plain(text: str | None) -> str:
    """Return a stranger's text without control and direction marks, which could turn a line around."""
    return "".join(char if char.isprintable() or char == "\n" else " " for char in text or "")
