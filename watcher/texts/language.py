"""The language in force, and the catalogue of short strings.

Source strings are English; `locale/de` holds the German ones. German is the default.
"""

from collections.abc import Iterator
from functools import cache
from gettext import GNUTranslations, NullTranslations, translation
from pathlib import Path
from typing import Literal, get_args

Language = Literal["de", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
_DOMAIN = "stornowacht"
_in_force: list[Language] = ["de"]


def use(language: Language) -> None:
    """Speak this language from now on, in the whole process."""
    _in_force[0] = language


def current() -> Language:
    """Return the language in force."""
    return _in_force[0]


def _(message: str) -> str:
    """Return a short string in the language in force."""
    return _catalogue(current()).gettext(message)


def ngettext(one: str, many: str, number: int) -> str:
    """Return the singular or plural form in the language in force."""
    return _catalogue(current()).ngettext(one, many, number)


def catalogue_words() -> Iterator[str]:
    """Return every short string, in both languages: all that the program itself may say."""
    catalogue = _catalogue("de")
    if isinstance(catalogue, GNUTranslations):
        for message, told in vars(catalogue)["_catalog"].items():
            yield message if isinstance(message, str) else str(message[0])
            yield str(told)


@cache
def _catalogue(language: Language) -> GNUTranslations | NullTranslations:
    if language == "en":
        return NullTranslations()
    # Not through importlib.resources: that costs every command 15 ms, and the program is never run from an archive.
    folder = Path(__file__).with_name("locale")
    return translation(_DOMAIN, localedir=folder, languages=[language], fallback=True)
