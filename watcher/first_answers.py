"""What a new config says, whoever writes it: `init`, or the set-up in the browser."""

from typing import Any

from notifiers.mail_preset import preset_for
from watcher.texts.language import Language, _, current
from watcher.texts.stamps import HOW_TO_ADD

STAMPED_BY = ("digicert", "sectigo")
"""Who is asked for time stamps in a new config."""
Answers = dict[str, dict[str, Any]]
"""Table -> key -> value."""


def first_answers(*, language: Language, accepted: bool) -> Answers:
    """Return what every new config says."""
    answers: Answers = {
        "": {"language": language},
        "terms": {"i_accept_the_risk": accepted},
        "account": {"name": "main"},
    }
    return answers | stamp_answers()


def stamp_answers() -> Answers:
    """Return the table of time stamps, where what verifies them is installed."""
    from watcher.timestamping.library import missing  # noqa: PLC0415 - only where a config is written

    return {} if missing() else {"timestamp": {"authorities": list(STAMPED_BY)}}


def stamp_words(*, asks: bool) -> str:
    """Say who is asked for time stamps, or how that is had."""
    if not asks:
        return _(
            "No time stamps: {how}; then set [timestamp] in the config, which says what they are for."
        ).format(how=HOW_TO_ADD.said(current()))
    return _(
        "Time stamps: once a day {authorities} confirm that your archive was there. Only a hash leaves this computer; without the table [timestamp] nobody is asked."
    ).format(authorities=", ".join(STAMPED_BY))


def mail_place(address: str) -> dict[str, Any]:
    """Return where mail of this address is sent through, as far as its domain tells."""
    preset = preset_for(address)
    return {"preset": preset.name} if preset else {"host": f"smtp.{address.rpartition('@')[2]}"}
