"""`attach`: files that belong to an order: photos before shipping, receipts, mails."""

from pathlib import Path

import click

from watcher.app.attach import Attached, attach
from watcher.app.attachments import Attachment
from watcher.app.doctor.storage import size
from watcher.app.seller import find
from watcher.bootstrap import House, house, new_id, new_salt, now
from watcher.cli.common import config_option, json_option, load_config, moment, print_json, printable
from watcher.cli.report import Json, time_json
from watcher.domain.order import Order
from watcher.errors import StornowachtError
from watcher.texts.language import _, current

_REFUSED = 2


@click.command(
    "attach",
    help=_(
        "Add files to an order: photos of the item and the parcel, receipts, mails. They are copied and never changed; "
        "the ledger gets their hash."
    ),
)
@click.argument("order")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@config_option
@json_option
def attach_command(order: str, files: tuple[Path, ...], *, config_path: Path | None, as_json: bool) -> int:
    """Add each file by itself: one that is refused keeps none of the others out. Exit code 2 when any was."""
    done: list[Attached] = []
    refused: list[tuple[Path, StornowachtError]] = []
    with house(load_config(config_path)) as our:
        found = find(order, our.store.orders(), what="order")
        for file in files:
            try:
                attached = _attach(our, found, file)
            except StornowachtError as error:
                refused.append((file, error))
                if not as_json:
                    click.echo(printable_lines(error), err=True)
            else:
                done.append(attached)
                if not as_json:
                    _say(attached, found)
        if as_json:
            known = our.store.attachments().of(found.id)
            print_json(_json(found, done, refused, known))
    return _REFUSED if refused else 0


def printable_lines(error: StornowachtError) -> str:
    """Return a fault's words; a file's name in them must not steer the terminal."""
    return "\n".join(map(printable, error.diagnostics().splitlines()))


def attachment_json(attachment: Attachment) -> Json:
    """Return an attachment."""
    return {
        "id": attachment.id,
        "at": time_json(attachment.at),
        "name": attachment.name,
        "media_type": attachment.media_type,
        "size": attachment.size,
        "sha256": attachment.sha256,
        "path": attachment.path,
    }


def attachment_line(attachment: Attachment, storage: Path) -> str:
    """Return an attachment as `show` lists it."""
    return _("Attachment of {at}: {name} ({size}) – {path}").format(
        at=moment(attachment.at),
        name=printable(attachment.name),
        size=size(attachment.size, language=current()),
        path=storage / attachment.path,
    )


def _attach(our: House, order: Order, file: Path) -> Attached:
    return attach(
        our.store,
        our.store.attachments(),
        order,
        file,
        largest=our.config.archive.largest_attachment,
        clock=now,
        new_id=new_id,
        new_salt=new_salt,
    )


def _say(attached: Attached, order: Order) -> None:
    kept = attached.attachment
    name, how_large = printable(kept.name), size(kept.size, language=current())
    if attached.followed is not None:
        click.echo(
            _("{name} is a link: what it leads to was taken, {file}.").format(
                name=name, file=printable(str(attached.followed))
            )
        )
    if not attached.is_new:
        click.echo(
            _("{name} is there already, since {at}: byte by byte the same. Nothing was stored again.").format(
                name=name, at=moment(kept.at)
            )
        )
        return
    click.echo(
        _("Attached to {order}: {name} ({type}, {size}).").format(
            order=order.id, name=name, type=kept.media_type, size=how_large
        )
    )
    click.echo(f"  SHA-256 {kept.sha256}")


def _json(
    order: Order,
    done: list[Attached],
    refused: list[tuple[Path, StornowachtError]],
    known: list[Attachment],
) -> Json:
    return {
        "order": order.id,
        "attached": [{**attachment_json(each.attachment), "new": each.is_new} for each in done],
        "refused": [
            {"file": str(file), "reason": error.message, "advice": error.advice} for file, error in refused
        ],
        "attachments": [attachment_json(attachment) for attachment in known],
    }
