"""`archive stamp`: have the ledger stamped now; and the hidden `anchor`, which does what is due."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watcher.bootstrap import House, house
from watcher.cli.common import config_option, json_option, load_config, moment, print_json, printable
from watcher.cli.report import Json, time_json
from watcher.config import ConfigError
from watcher.texts.language import _, current

if TYPE_CHECKING:
    from watcher.app.anchor import Asked


@click.command(
    "stamp", help=_("Have the archive stamped by the authorities under [timestamp]: only a hash leaves.")
)
@config_option
@json_option
def stamp_command(*, config_path: Path | None, as_json: bool) -> int:
    """Ask every authority now: exit code 0 when all have stamped, 1 when one has not."""
    from watcher.domain.anchor import AnchorReason  # noqa: PLC0415 - few commands need it

    with house(load_config(config_path)) as our:
        if not our.config.stamped_by:
            raise _nobody_to_ask(our)
        asked = our.stamp_now(AnchorReason.BY_HAND)
    if as_json:
        print_json(stamping_json(asked))
    else:
        _say(asked)
    return 0 if all(each.stamp is not None for each in asked) else 1


@click.command("anchor", hidden=True)
@config_option
def anchor_command(*, config_path: Path | None) -> int:
    """Anchor and ask as far as it is due; the daemon starts this when something is."""
    with house(load_config(config_path)) as our:
        our.stamp_what_is_due()
    return 0


def stamping_json(asked: "Sequence[Asked]") -> Json:
    """Return what came of asking."""
    anchor = asked[0].anchor
    return {
        "lines": anchor.lines,
        "head": anchor.head,
        "digest": anchor.digest,
        "authorities": [
            {
                "authority": each.authority,
                "ok": each.stamp is not None,
                "new": each.is_new and each.stamp is not None,
                "stamped_at": time_json(each.stamp.stamped_at) if each.stamp else None,
                "qualified": each.stamp.qualified if each.stamp else None,
                "serial": each.stamp.serial if each.stamp else None,
                "answer": each.stamp.path if each.stamp else None,
                "sha256": each.stamp.sha256 if each.stamp else None,
                "fault": None if each.stamp else each.health.fault,
                "detail": "" if each.stamp else each.health.detail,
                "not_before": None if each.stamp else time_json(each.health.not_before),
            }
            for each in asked
        ],
    }


def _say(asked: "Sequence[Asked]") -> None:
    from watcher.texts.stamps import fault_name, qualified_name  # noqa: PLC0415

    anchor = asked[0].anchor
    click.echo(
        _("Ledger lines 1 to {lines}, hash {digest}:").format(lines=anchor.lines, digest=anchor.digest)
    )
    for each in asked:
        if each.stamp is not None:
            said = _("stamped {at}").format(at=moment(each.stamp.stamped_at))
            kind = qualified_name(each.stamp.qualified, language=current())
            before = "" if each.is_new else " – " + _("nothing new since")
            click.echo(f"{click.style('✓', fg='green')} {each.title}: {said} ({kind}){before}")
            continue
        fault = each.health.fault
        said = fault_name(fault, language=current()) if fault else _("no answer")
        detail = f" ({printable(each.health.detail)})" if each.health.detail else ""
        click.echo(f"{click.style('✗', fg='red')} {each.title}: {said}{detail}")
        click.echo("    " + _("It is asked again by itself, and nothing is lost meanwhile."))


def _nobody_to_ask(our: House) -> ConfigError:
    if our.config.timestamp is not None:
        return ConfigError(
            _("The site is on this very machine: nobody outside is asked about a practice."),
            advice=_("An authority of your own on this machine can be set up under [[timestamp.authority]]."),
        )
    return ConfigError(
        _("No authority for time stamps is set up."),
        advice=_('Add a table [timestamp] with authorities = ["digicert", "sectigo"] to the config.'),
    )
