"""What the daemon's events are called, for people."""

from watcher.texts.language import _


def event_title(event: str) -> str:
    """Return what an event is called; one that has no words is called by its own name."""
    return {
        "answers_not_heard": _("answers to alerts could not be fetched"),
        "calendar_not_kept": _("the calendar file could not be written"),
        "carrier_mail_came": _("a mail of a carrier came"),
        "check_began": _("check begins"),
        "check_ended": _("check has ended"),
        "check_failed": _("CHECK FAILED"),
        "config_not_kept": _("the config in force could not be written down"),
        "config_refused": _("the changed config has mistakes, the old one stays"),
        "config_taken_over": _("the changed config is in force"),
        "dashboard_began": _("the dashboard is up"),
        "dashboard_not_served": _("the dashboard could not be started"),
        "end_not_remembered": _("the end of the watch could not be written down"),
        "failure_not_remembered": _("a failure could not be written down"),
        "job_ended": _("done"),
        "job_failed": _("FAILED"),
        "job_works_again": _("works again"),
        "left_behind": _("processes that were left behind were ended"),
        "library_said": _("a library says"),
        "mail_came": _("a mail of the platform came"),
        "mailbox_health": _("mailbox"),
        "mailbox_watch_began": _("the mailbox is being watched"),
        "mailbox_watch_ended": _("the mailbox is no longer watched"),
        "names_made": _("readable names made"),
        "names_not_made": _("readable names could not be made"),
        "not_watched": _("nobody has watched for a while"),
        "refusal_not_remembered": _("the refused config could not be written down"),
        "reply_came": _("a reply to an alert came"),
        "tracking_erased": _("old words of carriers were erased"),
        "cleared_away": _("what nobody needs any more was cleared away"),
        "watch_began": _("THE WATCH BEGINS"),
        "watch_begins_anew": _("the watch begins anew with the changed config"),
        "watch_died_before": _("THE WATCH DIED soon after its last start"),
        "watch_ended": _("THE WATCH HAS ENDED"),
        "watch_is_ending": _("the watch is ending"),
        "watch_is_stuck": _("THE WATCH IS STUCK and ends itself"),
    }.get(event, event.replace("_", " "))
