"""`archive export`: the evidence of an order, or a case, for somebody else."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watcher import __version__
from watcher.app.wishes import Names, SupportWords, Variant, Wishes
from watcher.bootstrap import House, house, now
from watcher.cli.common import config_option, json_option, load_config, print_json, printable
from watcher.cli.report import Json
from watcher.errors import UsageError
from watcher.texts.language import _, current, ngettext

if TYPE_CHECKING:
    from watcher.app.export import Exported, Handed

EXPORTS = "exports"
"""Below the storage folder: private like it, and not in a folder that other programs carry elsewhere."""


@click.command(
    "export",
    help=_(
        "The evidence of an ORDER (or CASE) as a ZIP that anybody can check: originals, ledger, time stamps, and a dossier to "
        "read (PDF)."
    ),
)
@click.argument("wanted", metavar="ORDER|CASE")
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    help=_("Into which folder; without it, `exports` in the storage folder. Nothing is overwritten."),
)
@click.option(
    "--redact",
    is_flag=True,
    help=_("Beside the original, make a version in which addresses, numbers and names are covered."),
)
@click.option(
    "--names",
    type=click.Choice([each.value for each in Names]),
    default=Names.OTHERS.value,
    show_default=True,
    help=_(
        "With --redact: whose names. `others`: all but yours; `strangers`: all but yours and the buyer's."
    ),
)
@click.option(
    "--cover",
    multiple=True,
    metavar="TEXT",
    help=_("With --redact: cover this, too; can be given several times."),
)
@click.option(
    "--for",
    "audience",
    type=click.Choice(["support"]),
    help=_("Make a folder, too, with the few pictures and the text that the platform's support asks for."),
)
@config_option
@json_option
def export_command(
    wanted: str,
    *,
    to: Path | None,
    redact: bool,
    names: str,
    cover: tuple[str, ...],
    audience: str | None,
    config_path: Path | None,
    as_json: bool,
) -> int:
    """Export evidence: exit code 0 when all of it could be had, 1 when something is missing in it."""
    if not redact and (cover or names != Names.OTHERS):
        raise UsageError(
            _("--names and --cover say what is covered in a redacted version, and none is asked for."),
            advice=_("Add --redact."),
        )
    from watcher.app.export import export  # noqa: PLC0415 - `archive list` needs no page readers

    config = load_config(config_path)
    with house(config) as our, _shown_progress(quiet=as_json) as say:
        wishes = Wishes(
            to=(to or config.storage_dir / EXPORTS).expanduser(),
            redact=redact,
            names=Names(names),
            cover=cover,
            support=_support_words(our, wanted) if audience == "support" else None,
        )
        done = export(
            our.export_sources(),
            our.bindery(),
            wanted,
            wishes=wishes,
            lore_of=our.lore,
            program=f"stornowacht {__version__}",
            clock=now,
            say=say,
        )
    if as_json:
        print_json(_json_of(done))
    else:
        _print(done)
    return 0 if done.ok else 1


def _support_words(our: House, wanted: str) -> SupportWords:
    """Return what the ready-made texts for support say of this case; without a case none is due."""
    from watcher.cli.support import contact_warning, ways_to_support  # noqa: PLC0415 - only for this folder
    from watcher.cli.text_matter import drafts_of, matter_of  # noqa: PLC0415
    from watcher.texts.playbook import Recipient  # noqa: PLC0415

    matter, language = matter_of(our, wanted), current()
    drafts = [draft for _step, draft in drafts_of(matter, language) if draft.to is Recipient.SUPPORT]
    return SupportWords(
        texts=tuple((draft.label, draft.text) for draft in drafts),
        ways=tuple(ways_to_support(language=language)[1:]),
        warnings=tuple(contact_warning(matter.earlier, patience=our.config.seller.support_again)),
    )


@contextmanager
def _shown_progress(*, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Show on a terminal how far the pictures have come; anywhere else nothing is shown."""
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console  # noqa: PLC0415 - only on a terminal
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(_("Pictures"), total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def _print(done: "Exported") -> None:
    for handed in done.handed:
        click.echo(f"{_variant_words(handed.variant)}:")
        click.secho(f"  {printable(str(handed.path))}", bold=True)
    sealed = done.handed[0]
    evidence = done.evidence
    counts = ngettext("{count} capture", "{count} captures", len(evidence.captures))
    click.echo(
        _("{captures}, a ledger of {lines} lines; hash of the manifest {manifest}").format(
            captures=counts.format(count=len(evidence.captures)),
            lines=evidence.lines,
            manifest=sealed.manifest,
        )
    )
    click.echo(_("To check it: unpack it and run `python3 verify.py` in its folder."))
    for handed in done.handed:
        if handed.variant is Variant.REDACTED:
            _print_covered(handed)
    for gap in done.gaps:
        click.secho(f"✗ {printable(gap.place)}: {printable(gap.reason)}", fg="red")
    if done.gaps:
        click.echo(_("What is missing stands in the dossier and in the README, too."))


def _print_covered(handed: "Handed") -> None:
    total = sum(handed.covered.values())
    said = ngettext("{count} detail is covered.", "{count} details are covered.", total).format(count=total)
    click.echo(
        f"{said} "
        + _(
            "Look at the redacted version before you hand it on: no program finds what stands in photos or is paraphrased."
        )
    )


def _variant_words(variant: Variant) -> str:
    return {
        Variant.SEALED: _("The original, with all that is in it"),
        Variant.REDACTED: _("The redacted version, for showing"),
        Variant.SUPPORT: _("The folder for support"),
    }[variant]


def _json_of(done: "Exported") -> Json:
    evidence = done.evidence
    by_variant = {
        handed.variant.value: {
            "path": str(handed.path),
            "manifest_sha256": handed.manifest,
            "covered": handed.covered,
        }
        for handed in done.handed
    }
    return {
        "ok": done.ok,
        "order": done.order.id,
        "case": evidence.wanted_case,
        **{variant.value: by_variant.get(variant.value) for variant in Variant},
        "files": [str(handed.path) for handed in done.handed],
        "captures": len(evidence.captures),
        "lines": evidence.lines,
        "ledger_head": evidence.head,
        "gaps": [{"place": gap.place, "reason": gap.reason} for gap in done.gaps],
    }
