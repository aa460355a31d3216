"""The first page of a window in which the human browses: what is recorded, and that clicks are real there."""

from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template

from watcher.errors import StorageError
from watcher.pages.addresses import message_box
from watcher.texts.language import Language, _, current, use

_NAME = "stornowacht-welcome.html"


def write_welcome(folder: Path, *, base_url: str, language: Language) -> str:
    """Write that page, in this language, into a folder that the browser can read, and return its address.

    Nothing is loaded for it. It is a file because browsers call a page that stands in its own address "not secure".

    Raises:
        StorageError: the folder cannot be written.
    """
    file = folder / _NAME
    try:
        file.write_text(welcome(base_url, language=language), encoding="utf-8")
    except OSError as error:
        raise StorageError(
            _("The browser profile {folder} cannot be written: {reason}.").format(
                folder=folder, reason=error.strerror or error
            ),
            advice=_("Choose another one with [storage] dir in the config, or make this one writable."),
        ) from error
    return file.resolve().as_uri()


def welcome(base_url: str, *, language: Language) -> str:
    """Return the page's markup."""
    page = Template(files(__package__).joinpath("welcome.html").read_text(encoding="utf-8"))
    return page.substitute({name: escape(value) for name, value in _words(base_url, language).items()})


def _words(base_url: str, language: Language) -> dict[str, str]:
    with _speaking(language):
        return {
            "language": language,
            "title": _("Stornowacht looks over your shoulder"),
            "what": _(
                "Browse your messages as always. Whatever list or conversation you open here is archived as proof and "
                "read; all other pages are left alone, and so is your password."
            ),
            "warning": _(
                "The read-only guard is off in this window: whatever you click here really happens."
            ),
            "address": message_box(base_url),
            "go": _("To my messages"),
            "end": _("Close this window when you are done."),
        }


@contextmanager
def _speaking(language: Language) -> Iterator[None]:
    before = current()
    use(language)
    try:
        yield
    finally:
        use(before)
