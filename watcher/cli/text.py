"""`text`: the ready-made texts of a case, filled and ready to copy, and the seller's own versions of them.

The program never sends one of them.
"""

from collections.abc import Iterable
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path

import click

from watcher.bootstrap import House, house
from watcher.cli.clipboard import copy_text
from watcher.cli.common import (
    config_option,
    json_option,
    load_config,
    print_json,
    print_table,
    printable,
    say_beside,
)
from watcher.cli.hints import fitted
from watcher.cli.support import contact_warning, ways_to_support
from watcher.cli.text_edit import edit_text
from watcher.cli.text_matter import TextMatter, about_json, draft_json, drafts_of, matter_of
from watcher.errors import UsageError
from watcher.texts.language import LANGUAGES, Language, _, current
from watcher.texts.names import kind_name
from watcher.texts.own import NOT_KNOWN, own_path
from watcher.texts.playbook import (
    PLACEHOLDERS,
    Draft,
    Recipient,
    Subject,
    draft_for,
    pattern_for,
    steps_with,
    text_names,
    warning_for,
    words_for,
)


@click.command(
    "text",
    help=_(
        "The ready-made texts of a CASE (or order); with a NAME that text, filled, to copy. Without a case: all there are. "
        "Nothing is ever sent."
    ),
)
@click.argument("case", required=False)
@click.argument("name", required=False)
@click.option(
    "--list", "is_list", is_flag=True, help=_("All texts, and which of them are your own versions.")
)
@click.option("--copy", "is_copy", is_flag=True, help=_("Put the text on the clipboard."))
@click.option(
    "--edit",
    "is_edit",
    is_flag=True,
    help=_("Change the text in your editor, and keep it as your own version."),
)
@click.option("--language", type=click.Choice(LANGUAGES), help=_("Which of the two versions."))
@config_option
@json_option
def text_command(
    case: str | None,
    name: str | None,
    *,
    is_list: bool,
    is_copy: bool,
    is_edit: bool,
    language: Language | None,
    config_path: Path | None,
    as_json: bool,
) -> int:
    """List texts, or print, copy or edit one."""
    config = load_config(config_path)
    spoken = language or current()
    if case in text_names(spoken) and name is None:
        case, name = None, case
    if (is_copy or is_edit) and name is None:
        raise UsageError(
            _("Which text? --copy and --edit need its name."),
            advice=_("`stornowacht text --list` has the names."),
        )
    if name is not None:
        _known(name, spoken)
    if is_list or (case is None and name is None):
        return _list_all(spoken, as_json=as_json)
    if case is None and name is not None:
        return _unfilled(name, spoken, is_edit=is_edit, is_copy=is_copy, as_json=as_json)
    with house(config) as our:
        matter = _found(our, case or "", spoken)
    if name is None:
        return _list_of(matter, spoken, as_json=as_json)
    if is_edit:
        edit_text(name, spoken)
    patience = config.seller.support_again
    return _print_one(matter, name, spoken, patience=patience, is_copy=is_copy, as_json=as_json)


def _known(name: str, language: Language) -> None:
    names = text_names(language)
    if name in names:
        return
    close = _close_to(name, language)
    raise UsageError(
        _("There is no text {name!r}.").format(name=name),
        advice=_("Did you mean {names}?").format(names=", ".join(close))
        if close
        else _("`stornowacht text --list` has the names."),
    )


def _close_to(name: str, language: Language) -> list[str]:
    return get_close_matches(name, text_names(language), n=3)


def _found(our: House, wanted: str, language: Language) -> TextMatter:
    ids = [*(case.id for case in our.store.cases()), *(order.id for order in our.store.orders())]
    if not any(known.startswith(wanted) for known in ids) and _close_to(wanted, language):
        _known(wanted, language)  # a misspelt text, not a case
    return matter_of(our, wanted)


def _list_all(language: Language, *, as_json: bool) -> int:
    drafts = [draft_for(name, Subject(), language=language) for name in text_names(language)]
    if as_json:
        print_json(
            {"texts": [draft_json(draft, used_at=steps_with(draft.name, language)) for draft in drafts]}
        )
        return 0
    columns = (_("Text"), _("For"), _("What it is"), _("For the step"))
    rows = [
        (draft.name, _to(draft.to), draft.label, " · ".join(_titles(draft, language))) for draft in drafts
    ]
    print_table(columns, rows)
    folder = own_path("x", language)
    if folder is not None:
        click.echo(
            _("Your own versions lie in {folder}; `stornowacht text NAME --edit` makes one.").format(
                folder=printable(str(folder.parent))
            )
        )
    click.echo(_never_sent())
    return 0


def _titles(draft: Draft, language: Language) -> list[str]:
    """Return what the steps are called at which a text is offered."""
    titles = (
        words_for(step, Subject(), language=language).title for step in steps_with(draft.name, language)
    )
    return list(dict.fromkeys(titles))


def _list_of(matter: TextMatter, language: Language, *, as_json: bool) -> int:
    found = list(drafts_of(matter, language))
    if as_json:
        print_json(
            {
                **about_json(matter, language),
                "texts": [draft_json(draft, used_at=[step]) for step, draft in found],
            }
        )
        return 0
    title = printable(matter.order.title or matter.order.id)
    if matter.case is None:
        click.secho(_("{title}: no case").format(title=title), bold=True)
        click.echo(
            _("Without a case no text is due; each can be had all the same: `stornowacht text --list`")
        )
        return 0
    kind = kind_name(matter.case.kind, language=current())
    click.secho(f"{_('Case')} {matter.case.id}: {title} – {kind}", bold=True)
    titles = {step: words_for(step, matter.subject, language=language).title for step, _draft in found}
    rows = [(draft.name, _to(draft.to), draft.label, titles[step]) for step, draft in found]
    print_table((_("Text"), _("For"), _("What it is"), _("For the step")), rows)
    warning = warning_for(matter.case.kind, language=current())
    if warning:
        click.secho(fitted(f"! {warning}"), fg="yellow")
    click.echo(
        _("To read and copy one: `stornowacht text {case} NAME`, with --copy or --edit.").format(
            case=matter.case.id
        )
    )
    click.echo(_never_sent())
    return 0


def _print_one(
    matter: TextMatter,
    name: str,
    language: Language,
    *,
    patience: timedelta,
    is_copy: bool,
    as_json: bool,
) -> int:
    draft = draft_for(name, matter.subject, language=language)
    tool = copy_text(draft.text) if is_copy else None
    if as_json:
        about = about_json(matter, language) | {"copied": tool is not None}
        print_json({**about, **draft_json(draft, used_at=steps_with(name, language))})
    else:
        click.echo(draft.text)
        say_beside("")
        say_beside(_("For {whom}: {label}").format(whom=_to(draft.to), label=draft.label))
        if NOT_KNOWN in draft.text and draft.own:
            say_beside(
                _("What is not known yet is left blank ({blank}): fill it in.").format(blank=NOT_KNOWN)
            )
        for line in _beside(matter, draft, patience=patience):
            say_beside(fitted(line))
    return _copied(tool) if is_copy else 0


def _beside(matter: TextMatter, draft: Draft, *, patience: timedelta) -> Iterable[str]:
    """Say what belongs to the text: how to send it, what to enclose, what to mind."""
    if draft.to is Recipient.SUPPORT:
        yield from contact_warning(matter.earlier, patience=patience)
        yield from ways_to_support(language=current())
    if draft.to in {Recipient.SUPPORT, Recipient.POLICE} and matter.pictures:
        yield _("Pictures of the page, to enclose:")
        yield from (f"  {printable(str(path))}" for path in matter.pictures)
    yield _never_sent()


def _never_sent() -> str:
    return _("Stornowacht never sends a text: copy it, read it through, send it yourself.")


def _copied(tool: str | None) -> int:
    if tool is not None:
        say_beside(_("Copied to the clipboard ({tool}).").format(tool=tool))
        return 0
    say_beside(
        _(
            "Not copied: no program for the clipboard was found here that takes it. Install wl-clipboard, xclip or xsel, or "
            "copy the text above by hand."
        )
    )
    return 1


def _unfilled(name: str, language: Language, *, is_edit: bool, is_copy: bool, as_json: bool) -> int:
    """Show, copy or edit a text as it is before it is filled."""
    if is_edit:
        edit_text(name, language)
    pattern = pattern_for(name, language=language)
    draft = draft_for(name, Subject(), language=language)
    tool = copy_text(pattern) if is_copy else None
    if as_json:
        print_json(
            {
                **draft_json(draft, used_at=steps_with(name, language)),
                "text": pattern,
                "placeholders": sorted(PLACEHOLDERS),
                "copied": tool is not None,
            }
        )
    else:
        click.echo(pattern)
        say_beside("")
        say_beside(_("For {whom}: {label}").format(whom=_to(draft.to), label=draft.label))
        say_beside(_("Filled: `stornowacht text CASE {name}`").format(name=name))
    return _copied(tool) if is_copy else 0


def _to(recipient: Recipient) -> str:
    return {
        Recipient.BUYER: _("the buyer"),
        Recipient.CARRIER: _("the carrier"),
        Recipient.SUPPORT: _("support"),
        Recipient.POLICE: _("the police"),
    }[recipient]
