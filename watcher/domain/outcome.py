"""How a visit ended."""

from enum import StrEnum


class Outcome(StrEnum):
    """What a check met; each visit ends as exactly one of these."""

    OK = "ok"
    PARTIAL = "partial"
    """Something was read, something was not: what was not is named in the reading's problems."""
    LOGGED_OUT = "logged_out"
    CONSENT = "consent"
    CHALLENGE = "challenge"
    """A captcha or a code by SMS or mail: only a human can go on."""
    BLOCKED = "blocked"
    UNREACHABLE = "unreachable"
    UNREADABLE = "unreadable"
    """Loaded, and not understood."""

    @property
    def was_read(self) -> bool:
        """Whether orders were read at all."""
        return self in {Outcome.OK, Outcome.PARTIAL}

    @property
    def needs_human(self) -> bool:
        """Whether waiting cannot help."""
        return self in {Outcome.LOGGED_OUT, Outcome.CONSENT, Outcome.CHALLENGE, Outcome.BLOCKED}

    @property
    def exit_code(self) -> int:
        """The exit code of `check`, as the command line's contract has it."""
        return {
            Outcome.OK: 0,
            Outcome.UNREACHABLE: 4,
            Outcome.PARTIAL: 5,
            Outcome.UNREADABLE: 5,
        }.get(self, 3)
