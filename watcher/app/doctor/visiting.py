"""What a visit needs: a browser that obeys the guard, a profile, a display."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from watcher.app.doctor.finding import Finding, bad, ok, skipped, warn
from watcher.app.doctor.storage import size
from watcher.texts.fill import one_line
from watcher.texts.language import _, current

_OTHERS = 0o077


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserFacts:
    """Which browser is used."""

    program: Path
    chosen_by: str
    """`executable` or `channel`, as in the config; `itself`: found without being named."""
    version: str | None
    """As it says itself, e.g. `156.0.8078.79`; `None` where it does not answer."""

    @property
    def major(self) -> int | None:
        """The major version."""
        return int(self.version.partition(".")[0]) if self.version else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileFacts:
    """How an account's browser profile stands."""

    account: str
    folder: Path
    is_there: bool
    is_held: bool = False
    """Whether a check or a login window of ours is at work with it."""
    holder: str | None = None
    """Host and process of the browser that says it has the profile open."""
    written_by: int | None = None
    """Major version of the browser that last used it."""
    mode: int | None = None
    size: int = 0


def browser(facts: BrowserFacts) -> Finding:
    """Say which browser is used, and why this one."""
    why = {"executable": _("named in [browser] executable"), "channel": _("named in [browser] channel")}.get(
        facts.chosen_by, _("found by itself")
    )
    if facts.version is None:
        said = _("{program} ({why}) does not say its version").format(program=facts.program, why=why)
        return warn("browser", said, _("Does it start by hand? Otherwise name another one in [browser]."))
    said = _("{program}, version {version} ({why})").format(
        program=facts.program, version=one_line(facts.version), why=why
    )
    return ok("browser", said)


def guard(facts: BrowserFacts, *, proven: bool | None) -> Finding:
    """Say whether the read-only guard was proven in this browser; `None`: it could not be looked up."""
    if facts.version is None or proven is None:
        return skipped("guard", _("not known whether it was proven here; each visit asks anew"))
    if proven:
        return ok("guard", _("proven in this version, with the rules in force"))
    return skipped(
        "guard",
        _(
            "not yet proven in this version; the next visit does it first, `stornowacht doctor --prove` does it now"
        ),
    )


def proven_now() -> Finding:
    """Say that a proof was made; one that fails is a fault and told as such."""
    return ok("guard", _("proven just now: on a page on this machine no way to write got through"))


def sandbox(*, works: bool) -> Finding:
    """Say whether the browser's own sandbox is on."""
    if works:
        return ok("sandbox", _("the browser's own sandbox stays on"))
    return warn(
        "sandbox",
        _("you are root: the browser runs without its own sandbox"),
        _("Run Stornowacht as an ordinary user."),
    )


def display(*, headless: bool, has_display: bool) -> Finding:
    """Say whether windows can be shown where they are needed."""
    if has_display:
        return ok("display", _("a window can be shown"))
    if headless:
        return ok("display", _("none here, and visits need none; `stornowacht login` does"))
    return bad(
        "display",
        _("visits are to show their window, and there is no display"),
        _("Set [browser] headless = true, or start Stornowacht on the desktop."),
    )


def profile(facts: ProfileFacts, *, present: int | None) -> Finding:
    """Say whether a profile can be used.

    Args:
        facts: how it stands.
        present: the major version of the browser that would use it; `None`: not known.
    """
    name = f"profile/{facts.account}"
    if not facts.is_there:
        return skipped(name, _("not there yet: `stornowacht login {account}`").format(account=facts.account))
    if facts.holder is not None and not facts.is_held:
        return bad(
            name,
            _("open in another browser ({holder})").format(holder=one_line(facts.holder)),
            _(
                "Close that window. If there is none (the machine had another name, or a shared folder was cut off), "
                "delete the file SingletonLock in that folder."
            ),
        )
    if facts.written_by is not None and present is not None and facts.written_by > present:
        return bad(
            name,
            _("last used by version {written}, your browser is version {present}").format(
                written=facts.written_by, present=present
            ),
            _(
                "Take the newer browser again ([browser] executable), or move the profile folder aside and log in anew."
            ),
        )
    if facts.mode is not None and facts.mode & _OTHERS:
        return warn(
            name,
            _("others can enter {folder}, and your login is in it (mode {mode:o})").format(
                folder=facts.folder, mode=facts.mode
            ),
            _("`chmod 700` it. The next visit does so, too; find out what changes it."),
        )
    return ok(name, "; ".join(_of_a_good_one(facts)))


def _of_a_good_one(facts: ProfileFacts) -> Sequence[str]:
    told = [size(facts.size, language=current())]
    if facts.written_by is not None:
        told.append(_("last used by version {written}").format(written=facts.written_by))
    told.append(_("yours alone"))
    if facts.is_held:
        told.append(_("in use right now, by a check or a window of Stornowacht"))
    return told
