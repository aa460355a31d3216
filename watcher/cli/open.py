"""`open`: the human browses, Stornowacht records what the human opens."""

from pathlib import Path

import click

from watcher.bootstrap import House, house, new_id, now
from watcher.cli.common import account_names, config_option, load_config, require_terms
from watcher.domain.capture import Capture
from watcher.texts.language import _, current


@click.command(
    "open",
    help=_(
        "Browse yourself in a window; Stornowacht only records and reads what you open. It visits nothing."
    ),
)
@click.argument("account", required=False)
@config_option
def open_command(account: str | None, *, config_path: Path | None) -> int:
    """Accompany the human until the window is closed."""
    from watcher.browser.login import require_display  # noqa: PLC0415 - 0.2 s that other commands do not need
    from watcher.browser.passive import accompany  # noqa: PLC0415

    config = load_config(config_path)
    require_terms(config)
    name = account_names(config, account)[0]
    with house(config) as our:
        require_display()
        our.note_start()
        click.echo(_("A window opens. What you click in it is yours: the read-only guard is off there."))
        opened = _Opened(our, name)
        accompany(
            name,
            settings=our.browser_settings(),
            on_capture=opened.take,
            clock=now,
            new_id=new_id,
            language=current(),
        )
        click.echo(
            _("The window is closed. {count} pages were recorded.").format(count=opened.count)
            if opened.count
            else _("The window is closed. No page of your messages was opened, so nothing was recorded.")
        )
    return 0


class _Opened:
    """What is done with each page that the human opens: remembered, told, and delivered at once."""

    def __init__(self, our: House, name: str) -> None:
        self._our = our
        self._rules = our.rules()
        self._lore = our.lore(name)
        self.count = 0

    def take(self, capture: Capture) -> None:
        """Remember one page, and say what it told."""
        from watcher.app.opened import remember_opened  # noqa: PLC0415 - the page readers come along
        from watcher.cli.report import check_json  # noqa: PLC0415
        from watcher.cli.watch import deliver, keep_names, tell  # noqa: PLC0415

        our = self._our
        report = remember_opened(
            capture, rules=self._rules, store=our.store, vault=our.vault, clock=now, lore=self._lore
        )
        self.count += 1
        names = keep_names(our, report.captures) if report.captures else {}
        tell(check_json(report, names), report.reading.outcome)
        deliver(our)
