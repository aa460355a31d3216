"""The mailbox whose mails make a check come sooner."""

import re
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator, model_validator

from watcher.settings.table import Table, is_loopback, placed
from watcher.texts.language import _

_DOMAIN = re.compile(r"(?:[a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}", re.ASCII | re.IGNORECASE)

_ADDRESS = re.compile(
    r"[^\s<>@:;,\"()]{1,64}@(?:[a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}", re.ASCII | re.IGNORECASE
)


class Mailbox(Table):
    """The table [mailbox]."""

    host: str = Field(
        min_length=1, description="Your mail provider's IMAP server.", examples=["imap.example.org"]
    )
    port: int = Field(default=993, ge=1, le=65535, description="Its port.")
    security: Literal["tls", "starttls", "none"] = Field(
        default="tls", description='"tls", "starttls", or "none" for a server on this very machine.'
    )
    username: str = Field(min_length=1, description="Your user name there.", examples=["me@example.org"])
    password: str = Field(
        min_length=1,
        description="Where the password is found: env:NAME, file:/path or keyring:service/user.",
        examples=["keyring:stornowacht/me@example.org"],
    )
    folder: str = Field(
        default="INBOX",
        min_length=1,
        description="The folder to watch. It is only read; no mail is marked as seen.",
    )
    domains: tuple[str, ...] = Field(
        default=("kleinanzeigen.de",), description="The domains from which the platform writes."
    )
    carrier_domains: tuple[str, ...] = Field(
        default=(),
        description="More domains from which carriers write; those of DHL, Hermes, DPD, GLS and UPS are known. Their mails "
        "tell where a parcel is, as far as your provider has checked their sender.",
        examples=[["paketdienst.example"]],
    )
    authserv_id: str | None = Field(
        default=None,
        description="How your provider signs its Authentication-Results; default: the topmost one counts.",
        examples=["mx.example.org"],
    )
    ca_file: Path | None = Field(
        default=None,
        description="For a mail server of your own: a PEM file with the only authorities to trust.",
    )
    account: str | None = Field(
        default=None,
        description="The account that the mails are about; default: the first one.",
        examples=["main"],
    )

    replies: bool = Field(
        default=False,
        description='true: the mailbox is also watched where [watch] mode has no "mail", for replies to alert mails alone: a '
        "reply stops the reminders of its case. With that mode replies are read anyway.",
    )
    reply_from: tuple[str, ...] = Field(
        default=(),
        description="From which addresses a reply counts, as far as your provider has checked the sender. "
        "Default: those of [notify.email] to.",
        examples=[["me@example.org"]],
    )

    _in_place = field_validator("ca_file")(placed)

    @field_validator("password")
    @classmethod
    def _is_a_reference(cls, value: str) -> str:
        if not value.startswith(("env:", "file:", "keyring:")):
            raise ValueError(
                _("say where the password is found: env:NAME, file:/path or keyring:service/user")
            )
        return value

    @field_validator("carrier_domains")
    @classmethod
    def _are_domains(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(map(_DOMAIN.fullmatch, value)):
            raise ValueError(_("write domains without @, such as paketdienst.example"))
        return value

    @field_validator("reply_from")
    @classmethod
    def _are_addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(map(_ADDRESS.fullmatch, value)):
            raise ValueError(_("write whole addresses, such as me@example.org"))
        return value

    @model_validator(mode="after")
    def _is_private(self) -> "Mailbox":
        if self.security == "none" and not is_loopback(f"imap://{self.host}"):
            raise ValueError(_("without TLS only a server on this very machine is spoken to"))
        return self
