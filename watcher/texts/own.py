"""The seller's own versions of the ready-made texts: one file a text and language, `ask_why.de.txt`.

They are read anew each time they are shown. A version that cannot be used is never a reason to say nothing: the shipped
text stands in for it, and what is wrong is told beside it.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from watcher.errors import UsageError
from watcher.texts.fill import LONGEST as LONGEST_FACT
from watcher.texts.fill import fill, harmless_lines
from watcher.texts.language import Language, _

LONGEST = 10_000
"""Letters; more than any message box takes."""
NOT_KNOWN = "___"
"""What stands for a fact that is not known, where an own version names it outside of brackets."""
_BRACES = re.compile(r"\{([^{}\n]*)\}")
_OUTSIDE_OF_BRACKETS = re.compile(r"(\[[^\[\]]*\])")
_in_force: list[Path | None] = [None]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnText:
    """One own version: its words, or what is wrong with them."""

    path: Path
    pattern: str = ""
    fault: str | None = None
    """Why it cannot be used, for the seller."""
    is_readable: bool = True


def use_folder(folder: Path | None) -> None:
    """Look for own versions in this folder from now on, in the whole process; it need not exist."""
    _in_force[0] = folder


def own_path(name: str, language: Language) -> Path | None:
    """Return where the own version of a text lies, or would; `None` while no folder is in force."""
    folder = _in_force[0]
    return None if folder is None else folder / f"{name}.{language}.txt"


def own_text(name: str, language: Language, *, known: Collection[str]) -> OwnText | None:
    """Return the own version of a text; `None` where there is none.

    Args:
        name: the text's name.
        language: which of its versions.
        known: the facts that it may name.
    """
    path = own_path(name, language)
    if path is None:
        return None
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or _("it is no UTF-8 text")
        fault = _("it cannot be read: {reason}").format(reason=reason)
        return OwnText(path=path, fault=fault, is_readable=False)
    pattern = harmless_lines(text).strip()
    return OwnText(path=path, pattern=pattern, fault=fault_in(pattern, known=known))


def fault_in(pattern: str, *, known: Collection[str]) -> str | None:
    """Return what is wrong with an own version, in words; `None` where nothing is."""
    if not pattern.strip():
        return _("it is empty")
    if len(pattern) > LONGEST:
        return _("it is longer than {count} letters").format(count=LONGEST)
    unknown = next((name for name in _BRACES.findall(pattern) if name not in known), None)
    if unknown is None:
        return None
    return _("there is no {placeholder}; there are {known}").format(
        placeholder=f"{{{unknown[:40]}}}", known=" ".join(f"{{{name}}}" for name in sorted(known))
    )


def fill_own(pattern: str, facts: Mapping[str, str | None], *, limit: int = LONGEST_FACT) -> str:
    """Return an own version, filled; a fact that is not known leaves a blank to be seen, unless it stands in brackets."""
    pieces = _OUTSIDE_OF_BRACKETS.split(pattern)
    pieces[::2] = [_BRACES.sub(rf"[{{\1}}|{NOT_KNOWN}]", piece) for piece in pieces[::2]]
    return fill("".join(pieces), facts, limit=limit)


def save_own(name: str, language: Language, text: str) -> Path:
    """Keep an own version, right or wrong: nothing that was typed is lost.

    Raises:
        UsageError: the file cannot be written.
    """
    path = own_path(name, language)
    if path is None:
        raise UsageError(_("There is no folder for own texts."))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.strip() + "\n", encoding="utf-8", errors="replace")
    except OSError as error:
        raise UsageError(
            _("{path} cannot be written: {reason}.").format(path=path, reason=error.strerror or error),
            advice=_("[texts] folder in the config names another folder."),
        ) from error
    return path


def drop_own(name: str, language: Language) -> Path | None:
    """Remove an own version; returns where it was, `None` where there was none.

    Raises:
        UsageError: the file cannot be removed.
    """
    path = own_path(name, language)
    if path is None or not path.is_file():
        return None
    try:
        path.unlink()
    except OSError as error:
        raise UsageError(
            _("{path} cannot be removed: {reason}.").format(path=path, reason=error.strerror or error)
        ) from error
    return path
