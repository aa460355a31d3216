"""Time stamps: whether they can be verified here, how many authorities are asked, and how each one has answered."""

from watcher.app.anchor import StampState
from watcher.app.doctor.finding import Finding, bad, ok, skipped, warn
from watcher.domain.anchor import StampFault
from watcher.texts.fill import one_line
from watcher.texts.language import _, current
from watcher.texts.names import moment
from watcher.texts.stamps import HOW_TO_ADD, fault_name

_ENOUGH = 2
_ONLY_YOU = frozenset({StampFault.UNKNOWN_AUTHORITY, StampFault.MOVED, StampFault.UNTRUSTED})
"""What seldom passes by itself."""


def stamping(asked: int, *, is_set: bool, missing: str) -> Finding:
    """Say whether stamps are asked for, and can be verified.

    Args:
        asked: how many authorities are asked.
        is_set: whether the config has the table.
        missing: why stamps cannot be verified here; empty where they can.
    """
    if not is_set:
        return skipped(
            "stamps", _("none is set up: nobody outside confirms since when the archive is as it is")
        )
    if not asked:
        return skipped("stamps", _("the site is on this very machine: nobody outside is asked"))
    if missing:
        return bad(
            "stamps",
            _("they cannot be verified here: {reason}").format(reason=one_line(missing, limit=200)),
            HOW_TO_ADD.said(current()),
        )
    if asked < _ENOUGH:
        return warn(
            "stamps",
            _("only one authority is asked: should it fail or fall into disrepute, there is no other"),
            _("Name a second one under [timestamp] authorities."),
        )
    return ok(
        "stamps", _("{number} authorities are asked, and their answers are verified").format(number=asked)
    )


def authority(state: StampState) -> Finding:
    """Say how an authority has answered, as it is remembered: nobody is asked only to see."""
    name = f"stamps/{state.authority}"
    health, last = state.health, state.last
    if health.fault is None or health.failing_since is None:
        if last is None:
            return skipped(name, _("not asked yet"))
        at = moment(last.stamped_at, language=current())
        return ok(name, _("last stamp {at}; nobody was asked now").format(at=at))
    said = _("no stamp since {at}: {fault}").format(
        at=moment(health.failing_since, language=current()),
        fault=fault_name(health.fault, language=current()),
    )
    if health.detail:
        said += f" ({one_line(health.detail, limit=200)})"
    advice = (
        _("See its table [[timestamp.authority]], or name another authority.")
        if health.fault in _ONLY_YOU
        else _("It is asked again by itself; `stornowacht archive stamp` asks now.")
    )
    return warn(name, said, advice)
