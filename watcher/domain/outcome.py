"""How a visit ended, and what exactly was met."""

from enum import StrEnum


class Cause(StrEnum):
    """What exactly stood in the way; an outcome has several, and each has its own way out."""

    DNS = "dns"
    TLS = "tls"
    TIMEOUT = "timeout"
    REFUSED = "refused"
    RESET = "reset"
    OFFLINE = "offline"
    REDIRECTS = "redirects"
    SERVER_ERROR = "server_error"
    TOO_LARGE = "too_large"
    """The page, or what it asked for, did not come to an end, and was stopped."""
    NO_ANSWER = "no_answer"
    CHECK_FAILED = "check_failed"
    """The check itself could not be made: no browser, broken down."""
    TOOK_TOO_LONG = "took_too_long"
    """The check hung, and was ended at its deadline."""
    TOO_MUCH_MEMORY = "too_much_memory"
    """The check's browser held more memory than it may, and was ended."""
    TOO_MANY_REQUESTS = "too_many_requests"
    FORBIDDEN = "forbidden"
    IP_BLOCK = "ip_block"
    CAPTCHA = "captcha"
    CODE = "code"
    """A code that the site sends by SMS or mail."""
    LOGIN_PAGE = "login_page"
    NO_MARKER = "no_marker"
    """A page that offers to log in and lacks the mark of a logged-in one."""
    GATEWAY_REFUSED = "gateway_refused"
    """The page stands, but its data were refused: the session is over."""
    CONSENT_PAGE = "consent_page"
    CONSENT_BANNER = "consent_banner"
    NOT_UNDERSTOOD = "not_understood"
    BUDGET_SPENT = "budget_spent"


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
