"""What `status` says about what is erased soon, and what still has to be."""

from collections.abc import Iterator

from watcher.app.retention import announcements
from watcher.bootstrap import House
from watcher.cli.common import moment
from watcher.cli.report import Json, time_json
from watcher.texts.language import _, ngettext


def forgetting_lines(our: House) -> Iterator[str]:
    """Say what goes by itself, and when; nothing where nothing was announced."""
    coming = [entry for entry in announcements(our.store) if entry.orders]
    if coming:
        count = sum(len(entry.orders) for entry in coming)
        yield ngettext(
            "From {at} on {number} old order is erased; `stornowacht archive forget --due --dry-run` shows it.",
            "From {at} on {number} old orders are erased; `stornowacht archive forget --due --dry-run` shows them.",
            count,
        ).format(at=moment(min(entry.goes_from for entry in coming)), number=count)
    if our.store.erasing().is_unfinished():
        yield _(
            "Something forgotten still lies on the disk: `stornowacht archive forget --due` removes it; `run` does so by itself."
        )


def forgetting_json(our: House) -> Json:
    """Return what goes by itself, and when."""
    coming = [entry for entry in announcements(our.store) if entry.orders]
    return {
        "from": time_json(min((entry.goes_from for entry in coming), default=None)),
        "orders": [order for entry in coming for order in entry.orders],
        "unfinished": our.store.erasing().is_unfinished(),
    }
