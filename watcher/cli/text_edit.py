"""Changing a ready-made text in the seller's own editor; what comes of it is the seller's own version."""

import click

from watcher.cli.common import say_beside
from watcher.errors import UsageError
from watcher.texts.language import Language, _
from watcher.texts.own import drop_own, fault_in, own_text, save_own
from watcher.texts.playbook import PLACEHOLDERS, Subject, draft_for, pattern_for, shipped_pattern


def edit_text(name: str, language: Language) -> None:
    """Let the seller change a text in the editor, and keep what comes of it.

    Raises:
        UsageError: the editor does not work, the file cannot be written, or what was typed cannot be used (it is kept).
    """
    written_in = draft_for(name, Subject(), language=language).language
    own = own_text(name, written_in, known=PLACEHOLDERS)
    if own is not None and not own.is_readable:
        raise UsageError(
            _("{path}: {fault}.").format(path=own.path, fault=own.fault),
            advice=_("Mend or move that file first; it is not overwritten."),
        )
    pattern, shipped = pattern_for(name, language=language), shipped_pattern(name, language=language)
    notes = _edit_notes()
    try:
        edited = click.edit(pattern + "\n\n" + "\n".join(notes) + "\n")
    except click.ClickException as error:
        raise UsageError(
            _("The editor did not work: {reason}").format(reason=error.message),
            advice=_("The variable EDITOR names the program to use; your own versions are plain files, too."),
        ) from error
    kept = "\n".join(line for line in (edited or "").splitlines() if line not in notes).strip()
    if edited is None or kept == pattern:
        say_beside(_("Nothing was changed."))
        return
    if not kept or kept == shipped:
        drop_own(name, written_in)
        say_beside(_("{name} is the shipped text again.").format(name=name))
        return
    path = save_own(name, written_in, kept)
    fault = fault_in(kept, known=PLACEHOLDERS)
    if fault is not None:
        raise UsageError(
            _("Kept in {path}, but not used as it is: {fault}.").format(path=path, fault=fault),
            advice=_(
                "Mend it with `stornowacht text {name} --edit`; until then the shipped text is shown."
            ).format(name=name),
        )
    say_beside(_("Kept as your own version: {path}").format(path=path))


def _edit_notes() -> list[str]:
    """What stands below the text in the editor; these lines are taken out again."""
    return [
        "# "
        + _(
            "Lines like this one are not part of the text. Leave nothing else, and the shipped text is back."
        ),
        "# "
        + _("These are filled in: {known}").format(
            known=" ".join(f"{{{name}}}" for name in sorted(PLACEHOLDERS))
        ),
        "# "
        + _("[A part in brackets|and what to say instead] is left out when something in it is not known."),
    ]
