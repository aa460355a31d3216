"""References to secrets: a config names the place, never the password itself."""

import os
import re
import shlex
import stat
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from notifiers import words
from notifiers.words import Language, Phrase

_ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_KEYRING_ENTRY = re.compile(r"(?P<service>.+)/(?P<user>[^/]+)")
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class SecretError(ValueError):
    """A secret cannot be had. Names its reference, never the secret.

    A ValueError, so that a config model reports it among its other mistakes.

    Attributes:
        message: What is wrong, in the user's language.
        advice: The way out.
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, message: str, *, advice: str) -> None:
        super().__init__(f"{message} {advice}")
        self.message = message
        self.advice = advice

    def diagnostics(self) -> str:
        """What is wrong and the way out, as lines for the user."""
        return f"{self.message}\n{self.advice}"


def _error(what: Phrase, way_out: Phrase, language: Language, **values: object) -> SecretError:
    return SecretError(what.said(language, **values), advice=way_out.said(language, **values))


def is_reference(text: str) -> bool:
    """Whether it is meant as a reference, where something else may stand, too."""
    return text.strip().partition(":")[0] in {"env", "file", "keyring"}


def checked(reference: str, *, language: Language = "de", base: Path | None = None) -> str:
    """The reference itself, if it has the form of one; a file's path is made absolute, counted from `base`.

    Looks at nothing outside the text, so a config can be checked on another machine.

    Raises:
        SecretError: It is no reference. It may then be a password, so the message does not repeat it.
    """
    scheme, _, rest = reference.strip().partition(":")
    match scheme:
        case "env" if _ENV_NAME.fullmatch(rest):
            return f"env:{rest}"
        case "file" if rest.strip():
            path = Path(rest.strip()).expanduser()
            return f"file:{path if path.is_absolute() else (base or Path.cwd()) / path}"
        case "keyring" if _KEYRING_ENTRY.fullmatch(rest):
            return f"keyring:{rest}"
        case _:
            raise _error(words.SECRET_NO_REFERENCE, words.SECRET_FORMS, language)


def resolve(reference: str, *, language: Language = "de", base: Path | None = None) -> str:
    """The secret behind ``env:NAME``, ``file:/path`` or ``keyring:service/user``; never empty.

    A file's path may start with ``~`` or be relative to `base` (default: the working directory); the line
    break at its end is not part of the secret. On POSIX a file that others may read is refused.

    Raises:
        SecretError: The reference leads nowhere, or to a place that is not secret.
    """
    place = checked(reference, language=language, base=base)
    scheme, _, rest = place.partition(":")
    read: dict[str, Callable[[str, Language], str]] = {"env": _env, "file": _file, "keyring": _keyring}
    secret = read[scheme](rest, language)
    if not secret:
        raise _error(words.SECRET_EMPTY, words.SECRET_FILL, language, reference=place)
    return secret


def sendable(reference: str, *, language: Language = "de") -> str:
    """The secret behind a reference, if it can stand in a line that is sent: printable ASCII without spaces.

    Raises:
        SecretError: It leads nowhere, to a place that is not secret, or to something else.
    """
    found = resolve(reference, language=language).strip()
    if not re.fullmatch(r"[!-~]+", found):
        raise _error(words.SECRET_UNSENDABLE, words.SECRET_COPY_AGAIN, language, reference=reference)
    return found


def _env(name: str, language: Language) -> str:
    try:
        return os.environ[name]
    except KeyError:
        raise _error(words.SECRET_ENV_UNSET, words.SECRET_ENV_SET, language, name=name) from None


def _file(name: str, language: Language) -> str:
    path = Path(name)
    try:
        with path.open(encoding="utf-8") as file:
            mode = os.fstat(file.fileno()).st_mode  # of the open file: nothing can be swapped in between
            if os.name == "posix" and stat.S_ISREG(mode) and mode & _OTHERS:
                raise _error(
                    words.SECRET_FILE_OPEN,
                    words.SECRET_FILE_CHMOD,
                    language,
                    path=path,
                    quoted=shlex.quote(name),
                )
            return file.read().rstrip("\r\n")
    except OSError as error:
        raise _error(
            words.SECRET_FILE_UNREADABLE, words.SECRET_FILE_MAKE, language, path=path, reason=error.strerror
        ) from error
    except UnicodeDecodeError:
        # `from None`: the error would carry the file's bytes along.
        raise _error(words.SECRET_FILE_NOT_TEXT, words.SECRET_FILE_MAKE, language, path=path) from None


def _keyring(entry: str, language: Language) -> str:
    service, _, user = entry.rpartition("/")
    try:
        import keyring  # noqa: PLC0415  an extra, and slow to import
        from keyring.errors import KeyringError  # noqa: PLC0415
    except ImportError as error:
        raise _error(words.SECRET_KEYRING_MISSING, words.SECRET_KEYRING_INSTALL, language) from error
    try:
        secret = keyring.get_password(service, user)
    except KeyringError as error:
        raise _error(
            words.SECRET_KEYRING_FAILED,
            words.SECRET_KEYRING_UNLOCK,
            language,
            entry=entry,
            # Not the library's own words: where no key ring is set up they speak of packages to install.
            reason=type(error).__name__,
        ) from error
    if secret is None:
        raise _error(
            words.SECRET_KEYRING_UNSET,
            words.SECRET_KEYRING_SET,
            language,
            entry=entry,
            service=shlex.quote(service),
            user=shlex.quote(user),
        )
    return secret
