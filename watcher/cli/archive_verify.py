"""`archive verify`: is the archive as it was written?"""

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from watcher.app.findings import Finding, Step, step_name
from watcher.app.verify import Unwatched, Verdict, Watch, verify
from watcher.bootstrap import house
from watcher.cli.common import config_option, json_option, load_config, print_json, printable
from watcher.errors import UsageError
from watcher.texts.language import _, ngettext

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_HEAD = re.compile(r"[0-9a-f]{64}")


@click.command("verify", help=_("Verify the ledger's chain, every file, and the time stamps."))
@click.option(
    "--head",
    "heads",
    multiple=True,
    metavar="HASH",
    help=_("A hash that stands under an alert mail or in an export: where is that line in the ledger?"),
)
@config_option
@json_option
def verify_command(heads: Sequence[str], *, config_path: Path | None, as_json: bool) -> int:
    """Verify the archive: exit code 0 when all is as it was written, 1 when something is not."""
    wanted = [_head_of(head) for head in heads]
    with house(load_config(config_path)) as our, _watched(quiet=as_json) as watch:
        verdict = verify(our.store, our.vault, judge=our.stamp_judge(), heads=wanted, watch=watch)
    if as_json:
        print_json(_json_of(verdict))
    else:
        _print(verdict)
    return 0 if verdict.ok else 1


def _head_of(text: str) -> str:
    """Return a hash as it was copied from a mail: spaces, line breaks and capitals do not matter.

    Raises:
        UsageError: it is none.
    """
    head = "".join(text.split()).lower()
    if not _HEAD.fullmatch(head):
        raise UsageError(
            _("{text} is no hash of a ledger line.").format(text=printable(text)),
            advice=_("It has 64 characters, 0 to 9 and a to f; mails end with it."),
        )
    return head


def _print(verdict: Verdict) -> None:
    for step in Step:
        faults = [fault for fault in verdict.faults if fault.step is step]
        mark, colour = ("✗", "red") if faults else ("✓", "green")
        looked_at = verdict.looked_at.get(step, 0)
        click.echo(f"{click.style(mark, fg=colour)} {step.value}. {step_name(step)} ({looked_at})")
        for fault in faults:
            click.secho(f"    ✗ {_line(fault)}", fg="red")
        for remark in (remark for remark in verdict.remarks if remark.step is step):
            click.echo(f"    · {_line(remark)}")
    for head, line in verdict.heads.items():
        click.echo(_("Head {head}: it is line {number} of the ledger.").format(head=head, number=line))
    click.echo(f"{_counts(verdict)}: {_words_of(verdict)}.")
    if verdict.head:
        click.echo(_("Head of the ledger: {head}").format(head=verdict.head))


def _line(finding: Finding) -> str:
    return printable(f"{finding.place}: {finding.reason}")


def _counts(verdict: Verdict) -> str:
    counts = _("{lines} ledger lines, {captures} captures, {files} files").format(
        lines=verdict.lines, captures=verdict.captures, files=verdict.files
    )
    if not verdict.stamps:
        return counts
    stamps = ngettext("{count} time stamp", "{count} time stamps", verdict.stamps).format(
        count=verdict.stamps
    )
    held = _("{count} checked to the end").format(count=verdict.stamps_held)
    return f"{counts}, {stamps} ({held})"


def _words_of(verdict: Verdict) -> str:
    return _("all as it was written") if verdict.ok else _("NOT as it was written")


def _json_of(verdict: Verdict) -> dict[str, Any]:
    return {
        "ok": verdict.ok,
        "lines": verdict.lines,
        "captures": verdict.captures,
        "files": verdict.files,
        "attachments": verdict.attachments,
        "notes": verdict.notes,
        "anchors": {"count": verdict.anchors, "stamps": verdict.stamps, "held": verdict.stamps_held},
        "ledger_head": verdict.head,
        "heads": dict(verdict.heads),
        "steps": [
            {
                "number": step.value,
                "name": step.name.lower(),
                "looked_at": verdict.looked_at.get(step, 0),
                "faults": sum(fault.step is step for fault in verdict.faults),
            }
            for step in Step
        ],
        "faults": [_finding_json(fault) for fault in verdict.faults],
        "remarks": [_finding_json(remark) for remark in verdict.remarks],
    }


def _finding_json(finding: Finding) -> dict[str, Any]:
    return {
        "step": finding.step.value,
        "kind": finding.kind.value,
        "place": finding.place,
        "reason": finding.reason,
    }


@contextmanager
def _watched(*, quiet: bool) -> Iterator[Watch]:
    """Show how far it has come, on a terminal; the bar goes when the answer comes."""
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        yield Unwatched()
        return
    from rich.console import Console  # noqa: PLC0415 - only on a terminal
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield _Bar(progress)


class _Bar:
    """One bar, for whichever step is under way."""

    def __init__(self, progress: "Progress") -> None:
        self._progress = progress
        self._task: TaskID | None = None

    def begin(self, step: Step, total: int | None) -> None:
        """Begin anew with a step."""
        if self._task is not None:
            self._progress.remove_task(self._task)
        self._task = self._progress.add_task(f"{step.value}. {step_name(step)}", total=total)

    def advance(self) -> None:
        """Count one."""
        if self._task is not None:
            self._progress.advance(self._task)
