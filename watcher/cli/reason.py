"""`reason`: why a buyer cancelled. What was found in the chat is a hint; the seller's word counts."""

from collections.abc import Iterator
from pathlib import Path

import click

from watcher.app.seller import find, name_reason
from watcher.bootstrap import House, house, now
from watcher.cli.common import config_option, json_option, load_config, print_json
from watcher.cli.hints import fitted, found_quote, found_words, link_lines, paragraph, reason_json
from watcher.cli.report import case_json
from watcher.domain.case import Case
from watcher.domain.order import Order
from watcher.domain.reason import CancelReason, FoundReason
from watcher.errors import UsageError
from watcher.texts.language import LANGUAGES, _, current
from watcher.texts.names import reason_name


@click.command(
    "reason",
    help=_("Why the buyer of a case cancelled: what was found, what there is to choose, or your word."),
)
@click.argument("case")
@click.argument("reason", required=False)
@config_option
@json_option
def reason_command(case: str, reason: str | None, *, config_path: Path | None, as_json: bool) -> int:
    """Show the reason and the set to choose from; with a reason, keep it."""
    with house(load_config(config_path)) as our:
        before = find(case, our.store.cases(), what="case")
        found = our.store.found_reason(before.id)
        if reason is None:
            _show(before, found, as_json=as_json)
            return 0
        after = name_reason(our.store, before.id, _named(reason), rules=our.case_rules(), clock=now)
        if as_json:
            print_json({**case_json(after), **_json(after, found)})
        else:
            _tell(our, before, after)
    return 0


def _named(text: str) -> CancelReason:
    """Return the reason of that id, or of that name in either language.

    Raises:
        UsageError: there is none.
    """
    wanted = " ".join(text.casefold().replace("-", "_").split())
    for reason in CancelReason:
        names = {reason_name(reason, language=language).casefold() for language in LANGUAGES}
        if wanted in {reason.value, *(name.replace("-", "_") for name in names)}:
            return reason
    raise UsageError(
        _("There is no reason {reason!r}.").format(reason=text),
        advice=_("There are: {reasons}.").format(reasons=", ".join(CancelReason)),
    )


def _show(case: Case, found: FoundReason | None, *, as_json: bool) -> None:
    if as_json:
        print_json(_json(case, found))
        return
    if case.reason is not None and not case.reason_found:
        name = reason_name(case.reason, language=current())
        click.echo(_("You named it: {reason}.").format(reason=name))
    if found is None:
        click.echo(_("No reason was found in the chat."))
    else:
        click.echo(fitted(_("Found: {found}").format(found=found_words(found))))
        click.echo(paragraph(found_quote(found), indent=2))
    click.echo(_("Name it with `stornowacht reason {case} REASON`:").format(case=case.id))
    for line in _choices(case):
        click.echo(line)


def _choices(case: Case) -> Iterator[str]:
    """Return the set to choose from, with a mark at what stands in the case."""
    for reason in CancelReason:
        mark = ("?" if case.reason_found else "✓") if reason is case.reason else " "
        yield f"  {mark} {reason.value:<18}{reason_name(reason, language=current())}"


def _json(case: Case, found: FoundReason | None) -> dict[str, object]:
    whole = reason_json(case, found) or {}
    names = [
        {"id": reason.value, **{language: reason_name(reason, language=language) for language in LANGUAGES}}
        for reason in CancelReason
    ]
    return {**whole, "reasons": names}


def _tell(our: House, before: Case, after: Case) -> None:
    """Say what was kept, and which steps came with it."""
    name = reason_name(after.reason, language=current()) if after.reason else ""
    click.echo(_("Kept for {case}: {reason}.").format(case=after.id, reason=name))
    known = {step.id for step in before.steps if step.is_open}
    new = [step.id for step in after.steps if step.is_open and step.id not in known]
    if not new:
        return
    order = find(after.order, our.store.orders(), what="order")
    click.echo(_("These steps come with it:"))
    for line in _step_lines(new, order, after):
        click.echo(fitted(line))
    click.echo(_("`stornowacht show {order}` says what comes first.").format(order=order.id))


def _step_lines(steps: list[str], order: Order, case: Case) -> Iterator[str]:
    from watcher.postman.letter_facts import subject_of  # noqa: PLC0415 - most reasons bring no steps
    from watcher.texts.playbook import words_for  # noqa: PLC0415

    for step in steps:
        yield f"  · {words_for(step, subject_of(order, case), language=current()).title}  [{step}]"
        yield from link_lines(step)
