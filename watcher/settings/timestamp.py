"""Who confirms from outside since when the ledger has been as it is."""

from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from watcher.settings.table import Table, is_loopback, placed, split
from watcher.texts.language import _

NAME = r"[a-z][a-z0-9_-]{0,39}"


class OwnAuthority(Table):
    """A table [[timestamp.authority]]: an authority of the user's own choice, or one whose root the user brings."""

    name: str = Field(pattern=rf"^{NAME}$", description="How it is called here.", examples=["freetsa"])
    url: str | None = Field(
        default=None,
        description="Where it is asked. It may be left out where Stornowacht knows an authority of that name.",
        examples=["https://freetsa.org/tsr"],
    )
    roots: Path | None = Field(
        default=None,
        description="A PEM file with the root certificates that its stamps are trusted by.",
        examples=["/home/you/freetsa-root.pem"],
    )
    certificates: Path | None = Field(
        default=None,
        description="A PEM file with further certificates, for an authority that sends none along: its signer's, and those "
        "between it and the root.",
        examples=["/home/you/freetsa-signer.pem"],
    )
    certificates_in_answer: bool = Field(
        default=True, description="Whether its answers shall bring their certificates along."
    )
    qualified: Literal["yes", "no", "unknown"] = Field(
        default="unknown",
        description='Whether its stamps are qualified ones under eIDAS: "yes" if it is in the European list of trusted '
        "services.",
    )

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = split(value)
        if (
            parts is None
            or parts.scheme not in {"http", "https"}
            or not parts.hostname
            or "@" in parts.netloc
            or not value.isascii()
        ):
            raise ValueError(_('write an address such as "https://freetsa.org/tsr"'))
        return value

    @field_validator("roots", "certificates")
    @classmethod
    def _is_placed(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        return placed(value, info)

    @model_validator(mode="after")
    def _can_be_asked_and_trusted(self) -> "OwnAuthority":
        from watcher.timestamping.authority import authorities  # noqa: PLC0415 - few have one of their own

        known = authorities().get(self.name)
        if self.url is None and known is None:
            raise ValueError(_("url is missing: Stornowacht knows no authority of that name"))
        if self.roots is None and (known is None or not known.roots):
            raise ValueError(_("roots is missing: without a root certificate nothing can be trusted"))
        return self


class Timestamp(Table):
    """The table [timestamp]: whose stamps show that the archive was there, and as it is; without it nobody is asked."""

    authorities: tuple[str, ...] = Field(
        default=(),
        description="Who is asked, at least two, once a day and at each cancellation: a known one (digicert, sectigo, "
        "globalsign, identrust, dfn) or one of your own below. Only a hash and a random number leave this computer. Empty: all of your own.",
        examples=[["digicert", "sectigo"]],
    )
    authority: tuple[OwnAuthority, ...] = Field(
        default=(), description="Authorities of your own choice; each is a table [[timestamp.authority]]."
    )

    @property
    def asked(self) -> tuple[str, ...]:
        """The names of those who are asked, each once."""
        return tuple(dict.fromkeys(self.authorities or (own.name for own in self.authority)))

    @field_validator("authority")
    @classmethod
    def _have_names_of_their_own(cls, value: tuple[OwnAuthority, ...]) -> tuple[OwnAuthority, ...]:
        names = [own.name for own in value]
        if len(names) != len(set(names)):
            raise ValueError(_("two authorities have the same name"))
        return value

    @model_validator(mode="after")
    def _asks_whom_it_knows(self) -> "Timestamp":
        from watcher.timestamping.authority import authorities  # noqa: PLC0415 - where the table is set

        if not self.asked:
            raise ValueError(_("authorities is empty: name somebody to ask, or take the table out"))
        own = {each.name: each for each in self.authority}
        for name in self.asked:
            known = authorities().get(name)
            if name not in own and known is None:
                names = ", ".join(
                    sorted({*own, *(each for each, facts in authorities().items() if facts.roots)})
                )
                raise ValueError(
                    _("there is no authority {name!r}; known are {names}").format(name=name, names=names)
                )
            if name not in own and known is not None and not known.roots:
                raise ValueError(
                    _(
                        "{name}: its root certificate must come from you; add [[timestamp.authority]] with name and roots"
                    ).format(name=name)
                )
        return self

    @property
    def asked_here(self) -> tuple[str, ...]:
        """The names of those who are asked and are on this very machine: all that a practice site may ask."""
        here = {own.name for own in self.authority if own.url is not None and is_loopback(own.url)}
        return tuple(name for name in self.asked if name in here)
