"""What a form of the dashboard sends: checked to be its own, bounded, as plain text."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from watcher.texts.language import _

CSRF_FIELD = "csrf"
CSRF_HEADER = "X-Stornowacht"
MOST_FIELDS, MOST_FILES = 50, 20
LONGEST_FIELD = 100_000
"""Bytes of one field that is no file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The fields of a form, and its files."""

    fields: dict[str, str] = field(default_factory=dict)
    files: tuple[UploadFile, ...] = ()

    def text(self, name: str) -> str:
        """Return a field without blanks around it; one that was not sent is empty."""
        return self.fields.get(name, "").strip()


def writes(act: Callable[[Request, Form], Response]) -> Callable[[Request], Awaitable[Response]]:
    """Make a route of what a form does: it runs in a thread, and only for the dashboard's own forms."""

    async def route(request: Request) -> Response:
        async with request.form(
            max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=LONGEST_FIELD
        ) as sent:
            form = Form(
                fields={name: value for name, value in sent.items() if isinstance(value, str)},
                files=tuple(value for _name, value in sent.multi_items() if isinstance(value, UploadFile)),
            )
            offered = request.headers.get(CSRF_HEADER) or form.text(CSRF_FIELD)
            if not request.app.state.key.is_own_form(offered):
                raise HTTPException(
                    403, _("This form is too old. Load the page again and send it once more.")
                )
            return await run_in_threadpool(act, request, form)

    return route
