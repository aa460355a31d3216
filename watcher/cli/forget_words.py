"""What `archive forget` says of what goes, what went, and what it cannot reach."""

from collections.abc import Iterator

import click

from watcher.app.copies import Copies
from watcher.app.doctor.storage import size
from watcher.app.forget import Forgotten
from watcher.app.forget_plan import Going, Plan
from watcher.cli.common import moment, printable
from watcher.cli.report import Json, time_json
from watcher.texts.language import _, current, ngettext
from watcher.texts.names import stage_name


def plan_lines(plan: Plan) -> Iterator[str]:
    """Say what goes, before anything does; nothing where nothing goes."""
    if plan.is_nothing:
        return
    yield _("This goes:")
    for going in plan.orders:
        yield f"  {_order_line(going)}"
        if going.shares_with:
            yield "    " + _(
                "Its captures stay: the conversation is that of {others}, too. They go with the last of them."
            ).format(others=", ".join(going.shares_with))
    if plan.pages:
        yield "  " + ngettext(
            "{number} capture of the conversation list or another page that is about several orders",
            "{number} captures of the conversation list or other pages that are about several orders",
            len(plan.pages),
        ).format(number=len(plan.pages))
    yield ngettext(
        "Together {captures} capture, at most {size}. The ledger keeps ids, times and hashes.",
        "Together {captures} captures, at most {size}. The ledger keeps ids, times and hashes.",
        plan.captures,
    ).format(captures=plan.captures, size=size(plan.size, language=current()))
    if plan.staying:
        yield ngettext(
            "{number} capture of the conversation list stays although it names one of them: it also proves an order under way, "
            "or a case.",
            "{number} captures of the conversation list stay although they name one of them: they also prove an order under "
            "way, or a case.",
            len(plan.staying),
        ).format(number=len(plan.staying))


def _order_line(going: Going) -> str:
    order, held = going.order, going.holding
    parts = [
        stage_name(order.stage, language=current()),
        _("last change {at}").format(at=moment(going.moved_at)),
        ngettext("{number} capture", "{number} captures", len(going.captures)).format(
            number=len(going.captures)
        ),
    ]
    if held.attachments:
        parts.append(
            ngettext("{number} file", "{number} files", held.attachments).format(number=held.attachments)
        )
    if held.notes:
        parts.append(ngettext("{number} note", "{number} notes", held.notes).format(number=held.notes))
    if going.had_case:
        parts.append(_("had a case"))
    name = printable(order.title or order.id)
    buyer = f", {printable(order.buyer)}" if order.buyer else ""
    return f"{name}{buyer} ({order.id}): {', '.join(parts)}"


def say_forgotten(forgotten: Forgotten, copies: Copies) -> None:
    """Say what went, what could not be removed yet, and which copies still hold it."""
    orders, notes = len(forgotten.orders), forgotten.notes
    parts = [
        ngettext("{number} order", "{number} orders", orders).format(number=orders),
        ngettext("{number} capture", "{number} captures", forgotten.captures).format(
            number=forgotten.captures
        ),
        ngettext("{number} file", "{number} files", forgotten.files).format(number=forgotten.files),
        ngettext("{number} note", "{number} notes", notes).format(number=notes),
    ]
    click.echo(_("Forgotten: {what}.").format(what=", ".join(parts)))
    for leftover in forgotten.leftovers:
        click.secho(
            _(
                "Could not be removed yet: {what} ({reason}). Run `stornowacht archive forget --due` again."
            ).format(what=leftover.what, reason=leftover.reason),
            fg="yellow",
            err=True,
        )
    for line in copy_lines(copies):
        click.echo(line)


def copy_lines(copies: Copies) -> Iterator[str]:
    """Say which copies still hold it: they are out of the program's reach."""
    for path in copies.old_databases:
        yield _("It still stands in {path}, made before an update. Delete that when all is well.").format(
            path=path
        )
    if copies.backups:
        yield ngettext(
            "One backup was made before, on {last}: it holds everything as it was then.",
            "{number} backups were made before, the last on {last}: they hold everything as it was then.",
            len(copies.backups),
        ).format(number=len(copies.backups), last=moment(copies.backups[-1]))
    if copies.exports:
        yield ngettext(
            "Evidence was exported once, on {last}: that file is wherever you put it.",
            "Evidence was exported {number} times, the last time on {last}: those files are wherever you put them.",
            len(copies.exports),
        ).format(number=len(copies.exports), last=moment(copies.exports[-1]))
    yield _(
        "Alerts already sent lie in your mailbox, and the browser's own cache may hold a page for a while."
    )


def plan_json(plan: Plan) -> Json:
    """Return what goes."""
    return {
        "orders": [
            {
                "id": going.order.id,
                "stage": going.order.stage.value,
                "captures": [capture.id for capture in going.captures],
                "attachments": going.holding.attachments,
                "notes": going.holding.notes,
                "had_case": going.had_case,
                "last_change": time_json(going.moved_at),
                "captures_shared_with": list(going.shares_with),
            }
            for going in plan.orders
        ],
        "pages": [capture.id for capture in plan.pages],
        "pages_staying": [capture.id for capture in plan.staying],
        "size": plan.size,
    }


def forgotten_json(forgotten: Forgotten) -> Json:
    """Return what went."""
    return {
        "forgotten": list(forgotten.orders),
        "captures": forgotten.captures,
        "files": forgotten.files,
        "attachments": forgotten.attachments,
        "notes": forgotten.notes,
        "leftovers": [{"what": each.what, "reason": each.reason} for each in forgotten.leftovers],
    }


def copies_json(copies: Copies) -> Json:
    """Return which copies still hold it."""
    return {
        "still_in": {
            "old_databases": [str(path) for path in copies.old_databases],
            "backups": [time_json(at) for at in copies.backups],
            "exports": [time_json(at) for at in copies.exports],
        }
    }
