"""Outcomes, events, alerts and faults in the seller's words, one line each."""

from watcher.domain.alert import AlertKind
from watcher.domain.event import EventKind
from watcher.domain.outcome import Outcome
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


def event_words(kind: str) -> str:
    """Return the name of an event."""
    return {
        EventKind.ORDER_SEEN: _("new"),
        EventKind.STAGE_CHANGED: _("goes on"),
        EventKind.ORDER_CANCELLED: _("CANCELLED"),
        EventKind.ORDER_REFUNDED: _("REFUNDED"),
        EventKind.ORDER_DISPUTED: _("PROBLEM REPORTED"),
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
    }[EventKind(kind)]


def alert_words(kind: AlertKind) -> str:
    """Return what an alert is about."""
    return {
        AlertKind.CASE_OPENED: _("a new case"),
        AlertKind.CASE_REMINDER: _("a reminder"),
        AlertKind.REFUND_SEEN: _("a refund that was seen"),
        AlertKind.ORDER_UNKNOWN: _("something that was not understood"),
        AlertKind.ORDER_MISSING: _("an order that is missing"),
        AlertKind.ACCOUNT_TROUBLE: _("trouble with the account"),
        AlertKind.ACCOUNT_RECOVERED: _("the end of a trouble"),
        AlertKind.TEST: _("a test"),
    }[kind]
