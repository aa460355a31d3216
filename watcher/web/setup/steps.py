"""The steps of the set-up, in their order."""

from collections.abc import Callable
from dataclasses import dataclass

from watcher.texts.language import _


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: one question."""

    path: str
    name: Callable[[], str]


STEPS = (
    Step(path="/", name=lambda: _("Welcome")),
    Step(path="/terms", name=lambda: _("The risk")),
    Step(path="/browser", name=lambda: _("Browser")),
    Step(path="/mail", name=lambda: _("E-mail")),
    Step(path="/ways", name=lambda: _("Screen and phone")),
    Step(path="/pace", name=lambda: _("Pace")),
    Step(path="/login", name=lambda: _("Login")),
    Step(path="/look", name=lambda: _("First look")),
    Step(path="/done", name=lambda: _("Ready")),
)
_FREE = 2
"""How many steps are open before the risk is accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where somebody is."""

    number: int
    """From 1."""
    is_free: bool
    """Whether every step can be gone to."""

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps."""
        return STEPS

    @property
    def here(self) -> Step:
        """The step that is shown."""
        return STEPS[self.number - 1]

    @property
    def before(self) -> Step | None:
        """The one that "back" leads to."""
        return STEPS[self.number - 2] if self.number > 1 else None

    @property
    def after(self) -> Step | None:
        """The one that comes next."""
        return STEPS[self.number] if self.number < len(STEPS) else None

    def is_open(self, number: int) -> bool:
        """Whether that step can be gone to from here."""
        return self.is_free or number <= _FREE


def progress(path: str, *, is_free: bool) -> Progress:
    """Return where somebody is who looks at this address; what lies below a step belongs to it."""
    top = "/" + path.strip("/").partition("/")[0]
    number = next((number for number, step in enumerate(STEPS, 1) if step.path == top), 1)
    return Progress(number=number, is_free=is_free)
