"""What the examinations are called."""

from watcher.texts.language import _


def title(name: str) -> str:
    """Return what an examination is called, and what it is about where there are several of its kind."""
    kind, _slash, what = name.partition("/")
    words = {
        "versions": _("Versions"),
        "config": _("Config"),
        "terms": _("Terms"),
        "browser": _("Browser"),
        "guard": _("Read-only guard"),
        "sandbox": _("Sandbox"),
        "display": _("Display"),
        "allow": _("Exceptions"),
        "storage": _("Storage folder"),
        "disk": _("Disk"),
        "database": _("Database"),
        "names": _("Readable names"),
        "replay": _("Archive and readers"),
        "clock": _("Clock"),
        "daemon": _("Watch"),
        "service": _("Start with the computer"),
        "profile": _("Browser profile"),
        "session": _("Login"),
        "readers": _("Wording"),
        "site": _("Site"),
        "proxy": _("Proxy"),
        "channel": _("Channel"),
        "mailbox": _("Mailbox"),
        "tracking": _("Parcel tracking"),
        "stamps": _("Time stamps"),
    }.get(kind, kind)
    return f"{words} {what}".rstrip()
