"""What was typed about the mailbox, and the table of the config that it becomes."""

from dataclasses import dataclass
from typing import Any

from notifiers.mail_address import parsed
from notifiers.mail_preset import MailPreset, preset_for, presets
from notifiers.mail_settings import MailSettings
from watcher.texts.language import Language, _

OTHER = "other"
SECURITIES = ("", "ssl", "starttls", "none")
_LONGEST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class MailDraft:
    """The answers so far. The password is kept here only, never in a page."""

    to: str = ""
    provider: str = ""
    """The name of a preset, or `other`."""
    username: str = ""
    password: str = ""
    host: str = ""
    port: str = ""
    security: str = ""

    @property
    def preset(self) -> MailPreset | None:
        """What is known about the provider."""
        return presets().get(self.provider)

    @property
    def needs_login(self) -> bool:
        """Whether a password must be had."""
        return self.preset is not None or bool(self.username)


def addresses(text: str, *, language: Language) -> tuple[str, ...]:
    """Return the addresses that were typed, separated by commas.

    Raises:
        ValueError: one of them is none; in the user's language.
    """
    found = [part.strip() for part in text.split(",") if part.strip()]
    if not found:
        raise ValueError(_("Type your e-mail address."))
    return tuple(parsed(each, language=language).addr_spec for each in found)


def first_draft(to: tuple[str, ...], provider: str = "") -> MailDraft:
    """Return what is likely for these addresses: the provider by its domain, the address as login name."""
    known = preset_for(to[0])
    chosen = provider if provider in presets() or provider == OTHER else known.name if known else OTHER
    is_own = known is not None and known.name == chosen
    return MailDraft(
        to=", ".join(to),
        provider=chosen,
        username=to[0] if is_own or (chosen == OTHER and known is None) else "",
        host=f"smtp.{to[0].rpartition('@')[2]}" if chosen == OTHER else "",
    )


def draft_of(settings: MailSettings) -> MailDraft:
    """Return what the config says, to be changed."""
    return MailDraft(
        to=", ".join(settings.to),
        provider=settings.preset or OTHER,
        username=settings.username or "",
        host=settings.host or "",
        port=str(settings.port or ""),
        security=settings.security or "",
    )


def table_of(
    draft: MailDraft, *, reference: str | None, before: MailSettings | None, language: Language
) -> dict[str, Any]:
    """Return the keys of [notify.email] that change; those that are `None` go back to their default.

    What this page does not ask for (a sender, a port beside a preset) stays, as long as the mailbox stays the same.

    Raises:
        ValueError: something typed cannot be, in the user's language.
    """
    to = addresses(draft.to, language=language)
    if len(draft.password) > _LONGEST or any(not char.isprintable() for char in draft.password):
        raise ValueError(
            _("The password holds a line break or another sign that none can have. Type it anew.")
        )
    if draft.port and not draft.port.isdecimal():
        raise ValueError(_("The port is a number, such as 465 or 587."))
    if draft.needs_login and not draft.username:
        raise ValueError(_("Type the login name of the mailbox that sends."))
    if draft.needs_login and reference is None:
        raise ValueError(_("Type the password of the mailbox that sends."))
    table: dict[str, Any] = {
        "to": to[0] if len(to) == 1 else list(to),
        "username": draft.username or None,
        "password": reference if draft.username else None,
    }
    if draft.preset is None:
        table |= {
            "preset": None,
            "host": draft.host or None,
            "port": int(draft.port) if draft.port else None,
            "security": draft.security or None,
        }
    elif before is None or before.preset != draft.provider:
        table |= {"preset": draft.provider, "host": None, "port": None, "security": None}
    if before is None or (before.username or "") != draft.username or before.sender is None:
        # Alerts come from the mailbox that sends; where its login name is no address, from the one they go to.
        table["sender"] = None if "@" in draft.username else to[0]
    return table
