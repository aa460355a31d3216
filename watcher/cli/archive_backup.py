"""`archive backup`, `archive restore`: one file with everything, and back again."""

from pathlib import Path

import click

from watcher import __version__
from watcher.app.doctor.storage import size
from watcher.bootstrap import backed_up, house, restored
from watcher.cli.common import (
    config_option,
    json_option,
    load_config,
    moment,
    print_json,
    printable,
    say_beside,
)
from watcher.cli.report import time_json
from watcher.config import default_path
from watcher.config_file import peek_language
from watcher.texts.language import _, current, use


@click.command(
    "backup",
    help=_(
        "Back everything up into one file, also while `run` is watching: database, ledger, captures, attachments, stamps. It "
        "is read again and compared before it counts, and never overwrites anything."
    ),
)
@click.argument("target", required=False, type=click.Path(path_type=Path))
@click.option(
    "--with-profiles",
    is_flag=True,
    help=_("The browser profiles, too. They hold your log-in: whoever has the file is logged in as you."),
)
@config_option
@json_option
def backup_command(
    target: Path | None, *, with_profiles: bool, config_path: Path | None, as_json: bool
) -> int:
    """Make a backup. Exit code 1 when the archive itself has faults: the backup holds it as it is."""
    with house(load_config(config_path)) as our:
        made = backed_up(our, target or Path.cwd(), program=__version__, with_profiles=with_profiles)
    if as_json:
        print_json(
            {
                "path": str(made.path),
                "size": made.size,
                "manifest_sha256": made.digest,
                "files": len(made.manifest.files),
                "lines": made.manifest.lines,
                "ledger_head": made.manifest.head or None,
                "profiles": made.manifest.profiles,
                "skipped": list(made.skipped),
                "faults": list(made.faults),
                "private": made.is_private,
            }
        )
        return 1 if made.faults else 0
    click.echo(
        _("Backed up and read again: {path} ({size}, {files} files, {lines} ledger lines).").format(
            path=printable(str(made.path)),
            size=size(made.size, language=current()),
            files=len(made.manifest.files),
            lines=made.manifest.lines,
        )
    )
    if made.manifest.profiles:
        _warn(_("It holds your log-in: whoever has this file is logged in as you. Keep it accordingly."))
    else:
        click.echo(_("Your log-in is not in it: after a restore you log in once more."))
    click.echo(_("It holds names and messages of buyers, and is not encrypted. Your config is not in it."))
    if not made.is_private:
        _warn(_("This drive knows no permissions: whoever has it can read the backup."))
    if made.skipped:
        _warn(
            _("{number} files of the browser were left out, their names fit no other system.").format(
                number=len(made.skipped)
            )
        )
    _say_faults(made.faults)
    return 1 if made.faults else 0


@click.command(
    "restore",
    help=_(
        "Put a backup back, into a folder that is not there yet or is empty. Every file is compared with its hash and the "
        "ledger's chain followed, before anything is there."
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--to", "target", required=True, type=click.Path(path_type=Path), help=_("The folder to restore into.")
)
@config_option
@json_option
def restore_command(file: Path, target: Path, *, config_path: Path | None, as_json: bool) -> int:
    """Restore a backup; needs no config. Exit code 1 when the archive had faults when it was backed up."""
    use(peek_language(config_path or default_path()))
    back = restored(file, target)
    manifest = back.manifest
    if as_json:
        print_json(
            {
                "folder": str(target),
                "made_at": time_json(manifest.made_at),
                "program": manifest.program,
                "files": len(manifest.files),
                "lines": manifest.lines,
                "ledger_head": manifest.head or None,
                "profiles": manifest.profiles,
                "faults": list(back.faults),
            }
        )
        return 1 if back.faults else 0
    click.echo(
        _(
            "Restored to {folder}: the state of {at}, {files} files, {lines} ledger lines. All hashes fit."
        ).format(
            folder=printable(str(target)),
            at=moment(manifest.made_at),
            files=len(manifest.files),
            lines=manifest.lines,
        )
    )
    _say_faults(back.faults)
    click.echo(
        _("To use it, name it in the config:")
        + f'\n    [storage]\n    dir = "{printable(str(target.absolute()))}"'
    )
    if not manifest.profiles:
        click.echo(_("Then log in once: stornowacht login"))
    click.echo(_("What was forgotten after this backup is in it again: forget it once more."))
    return 1 if back.faults else 0


def _warn(line: str) -> None:
    say_beside(click.style(line, fg="yellow"))


def _say_faults(faults: tuple[str, ...]) -> None:
    if faults:
        _warn(
            _("The archive itself had faults when it was backed up; `stornowacht archive verify` names them:")
        )
    for fault in faults:
        say_beside(f"  ✗ {printable(fault)}")
