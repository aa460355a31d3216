"""Outcomes, causes, reasons, events and alerts in the seller's words, one line each."""

from watcher.domain.alert import AlertKind
from watcher.domain.answer_token import Refusal
from watcher.domain.cadence import Reason
from watcher.domain.event import EventKind
from watcher.domain.outcome import Cause, Outcome
from watcher.domain.reading import ProblemKind
from watcher.texts.language import _


def outcome_words(outcome: Outcome) -> str:
    """Return what a check met, and the way out."""
    return {
        Outcome.OK: _("read, everything understood"),
        Outcome.PARTIAL: _("only partly read: please look yourself"),
        Outcome.LOGGED_OUT: _("logged out: run `stornowacht login`"),
        Outcome.CONSENT: _("a consent page is in the way: run `stornowacht login` and answer it"),
        Outcome.CHALLENGE: _("the site wants to see a human: run `stornowacht login`"),
        Outcome.BLOCKED: _("blocked: Stornowacht waits and does not try again before its time"),
        Outcome.UNREACHABLE: _("not reachable"),
        Outcome.UNREADABLE: _("loaded, but not understood: please look yourself"),
    }[outcome]


def cause_words(cause: Cause, *, on_own_ads: bool = False) -> str:
    """Return what exactly stood in the way of the messages, or of the own ads, as a clause that can end a sentence."""
    if on_own_ads and cause is Cause.LOGIN_PAGE:
        return _("the login page came instead of your ads")
    return {
        Cause.DNS: _("the site's address was not found (DNS): check your internet connection"),
        Cause.TLS: _("no secure connection: check the clock, and whether an antivirus or proxy interferes"),
        Cause.TIMEOUT: _("no answer came in time"),
        Cause.REFUSED: _("the connection was refused"),
        Cause.RESET: _("the connection broke off"),
        Cause.OFFLINE: _("this machine is offline"),
        Cause.REDIRECTS: _("the site redirects in circles"),
        Cause.TOO_LARGE: _("the site's answer did not come to an end"),
        Cause.SERVER_ERROR: _("the site has an outage"),
        Cause.NO_ANSWER: _("no answer came"),
        Cause.CHECK_FAILED: _("the check itself could not be made: run `stornowacht doctor`"),
        Cause.TOOK_TOO_LONG: _("the check hung and was ended: run `stornowacht doctor`"),
        Cause.TOO_MUCH_MEMORY: _("the browser took more memory than [browser] memory allows, and was ended"),
        Cause.TOO_MANY_REQUESTS: _("too many requests, says the site"),
        Cause.FORBIDDEN: _("the site refuses access"),
        Cause.IP_BLOCK: _("the site blocks your internet connection"),
        Cause.CAPTCHA: _("the site shows a puzzle (captcha)"),
        Cause.CODE: _("the site asks for a code that it sent by text message or mail"),
        Cause.LOGIN_PAGE: _("the login page came instead of the messages"),
        Cause.NO_MARKER: _("the page does not show you as logged in"),
        Cause.GATEWAY_REFUSED: _("the login has run out"),
        Cause.CONSENT_PAGE: _("a consent page is in the way"),
        Cause.CONSENT_BANNER: _("a consent banner is in the way"),
        Cause.NOT_UNDERSTOOD: _("the page was not understood"),
        Cause.BUDGET_SPENT: _("today's page loads are used up"),
    }[cause]


def reason_words(reason: Reason) -> str:
    """Return why the next check comes when it comes."""
    return {
        Reason.PARCEL_CASE_OPEN: _("a cancelled parcel may be on its way"),
        Reason.CASE_OPEN: _("a case is open"),
        Reason.LIVE_ORDERS: _("sales are under way"),
        Reason.QUIET: _("nothing is under way"),
        Reason.BACK_OFF: _("it did not work; the pauses grow"),
        Reason.COOL_DOWN: _("cool-down after a block"),
        Reason.WAITING_FOR_HUMAN: _("waiting for you"),
        Reason.MORE_TO_READ: _("there is more to read"),
        Reason.MAIL: _("a mail came"),
        Reason.BUDGET: _("the day's page loads must last"),
        Reason.DECISIVE: _("a cancelled parcel is decided about then"),
    }[reason]


def problem_words(kind: str, *, what: str, detail: str) -> str:
    """Return what could not be read for certain. `what` names the sale or conversation; empty for the list."""
    words = {
        ProblemKind.JSON_MISSING: _("{what}: the page's data did not come, only its text was read."),
        ProblemKind.DOM_MISSING: _("{what}: the page's text was not understood, only its data were read."),
        ProblemKind.READERS_DISAGREE: _("{what}: the page's data and its text say different things."),
        ProblemKind.LIST_INCOMPLETE: _("{what} could not be read completely."),
        ProblemKind.THREAD_UNREADABLE: _("{what} could not be read."),
        ProblemKind.THREAD_GONE: _("{what} is not there any more, says the site."),
        ProblemKind.THREADS_POSTPONED: _("{detail} conversations wait for the next looks."),
        ProblemKind.ORDER_NOT_IN_THREAD: _("{what}: the sale is not in its conversation any more."),
        ProblemKind.BODY_LOST: _("{what}: a part of its data was lost on the way."),
        ProblemKind.SCREENSHOT_MISSING: _("{what}: no picture could be taken."),
        ProblemKind.PAGE_UNREAD: _("The page you added could not be read: {detail}"),
        ProblemKind.BUDGET_SPENT: _("The page you added waits until tomorrow: {detail}"),
    }[ProblemKind(kind)]
    return words.format(what=what or _("The list"), detail=detail)


def event_words(kind: str) -> str:
    """Return the name of an event."""
    return {
        EventKind.ORDER_SEEN: _("new"),
        EventKind.STAGE_CHANGED: _("goes on"),
        EventKind.ORDER_CANCELLED: _("CANCELLED"),
        EventKind.ORDER_REFUNDED: _("REFUNDED"),
        EventKind.ORDER_DISPUTED: _("PROBLEM REPORTED"),
        EventKind.ORDER_REINSTATED: _("not cancelled any more, says the page: please look yourself"),
        EventKind.ORDER_UNKNOWN: _("something new that Stornowacht does not know: please look yourself"),
        EventKind.ORDER_MISSING: _("not in the list any more"),
        EventKind.ORDER_STILL_MISSING: _("still not in the list"),
        EventKind.ORDER_FOUND_AGAIN: _("is there again"),
        EventKind.SESSION_ENDED: _("the login has ended"),
        EventKind.CONSENT_NEEDED: _("consent is asked for"),
        EventKind.CHALLENGE_MET: _("the site asks for a human"),
        EventKind.ACCOUNT_BLOCKED: _("the site blocks"),
        EventKind.SITE_UNREACHABLE: _("the site cannot be reached"),
        EventKind.PAGE_UNREADABLE: _("the page was not understood"),
        EventKind.PAGE_PARTLY_READ: _("the page was only partly read"),
        EventKind.ACCOUNT_READABLE_AGAIN: _("readable again"),
        EventKind.PAGE_CHANGED: _("an added page says something else"),
    }[EventKind(kind)]


def alert_words(kind: AlertKind) -> str:
    """Return what an alert is about."""
    return {
        AlertKind.CASE_OPENED: _("a new case"),
        AlertKind.CASE_REMINDER: _("a reminder"),
        AlertKind.REMINDERS_STOP: _("the end of the reminders"),
        AlertKind.ASK_BACK: _("the question whether it is done"),
        AlertKind.DIGEST: _("messages that came too late"),
        AlertKind.REFUND_SEEN: _("a refund that was seen"),
        AlertKind.ORDER_UNKNOWN: _("something that was not understood"),
        AlertKind.ORDER_MISSING: _("an order that is missing"),
        AlertKind.ACCOUNT_TROUBLE: _("trouble with the account"),
        AlertKind.ACCOUNT_RECOVERED: _("the end of a trouble"),
        AlertKind.ACCOUNT_UNVERIFIED: _("an account that nobody has looked at for certain"),
        AlertKind.SESSION_ENDING: _("a login that ends soon"),
        AlertKind.ORDER_REINSTATED: _("a cancellation that is no longer shown"),
        AlertKind.PAGE_WORDS: _("words on an added page"),
        AlertKind.MAIL_SUSPICIOUS: _("a suspicious mail"),
        AlertKind.MAILBOX_TROUBLE: _("a mailbox that is not watched"),
        AlertKind.KEY_REFUSED: _("a carrier's key that is refused"),
        AlertKind.BUDGET_SPENT: _("the day's page loads, which are used up"),
        AlertKind.CASE_CLOSED: _("a case that has ended"),
        AlertKind.STEP_DUE: _("a step that is due"),
        AlertKind.PAYOUT_OVERDUE: _("money that is late"),
        AlertKind.NIGHT_WATCH: _("a parcel that is decided tonight"),
        AlertKind.HAND_IN_SOON: _("paid orders that wait to be handed in"),
        AlertKind.SHIP_BY_NEAR: _("a parcel that should leave soon"),
        AlertKind.SHIP_BY_OVER: _("a parcel that should have left"),
        AlertKind.QUESTIONS_WAIT: _("questions of buyers that wait"),
        AlertKind.SIGNS_SEEN: _("something worth a second look"),
        AlertKind.CHANNEL_DEAD: _("a channel that does not work"),
        AlertKind.CHANNEL_BACK: _("a channel that works again"),
        AlertKind.SUMMARY: _("the summary"),
        AlertKind.FORGET_SOON: _("old orders that are erased soon"),
        AlertKind.NOT_WATCHED: _("a time in which nobody watched"),
        AlertKind.STAMPS_MISSING: _("time stamps that stay away"),
        AlertKind.KEEPS_FAILING: _("something that fails again and again"),
        AlertKind.WORKS_AGAIN: _("something that works again"),
        AlertKind.CONFIG_REFUSED: _("a config with mistakes"),
        AlertKind.TEST: _("a test"),
    }[kind]


def refusal_words(refusal: Refusal) -> str:
    """Return why an answer to an alert had no effect, as a clause that can end a sentence."""
    return {
        Refusal.UNKNOWN: _("it belongs to no alert of this channel"),
        Refusal.USED: _("that alert had been answered already"),
        Refusal.EXPIRED: _("it answers an alert that is too old"),
        Refusal.CLOSED: _("the case is closed"),
        Refusal.STRANGER: _(
            "the mail came from an address that gets no alerts ([mailbox] reply_from names others)"
        ),
        Refusal.UNPROVEN: _("your mail provider did not confirm the sender of the mail"),
        Refusal.AUTOMATIC: _("a machine wrote the mail, such as an out-of-office note"),
    }[refusal]
