"""What is known about mail providers; the facts stand in ``mail_presets.toml``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

from notifiers.words import Phrase

Security = Literal["starttls", "ssl", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPreset:
    """One provider: its outgoing server, and what it wants first.

    Attributes:
        name: As written in the config.
        title: As the provider calls itself.
        needs: What the user has to do at the provider; said when a login is refused.
        source: Where the facts were read.
        seen: The day on which they were read.
        confidence: How sure they are.
    """

    name: str
    title: str
    host: str
    port: int
    security: Security
    domains: tuple[str, ...]
    needs: Phrase
    source: str
    seen: date
    confidence: Literal["certain", "likely", "unsure"]


@cache
def presets() -> Mapping[str, MailPreset]:
    """All known providers by name."""
    table = tomllib.loads(files("notifiers").joinpath("mail_presets.toml").read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            name: MailPreset(
                name=name,
                title=facts["title"],
                host=facts["host"],
                port=facts["port"],
                security=facts["security"],
                domains=tuple(facts["domains"]),
                needs=Phrase(de=facts["de"], en=facts["en"]),
                source=facts["source"],
                seen=facts["seen"],
                confidence=facts["confidence"],
            )
            for name, facts in table.items()
        }
    )


def preset_for(address: str) -> MailPreset | None:
    """The provider an address belongs to, as far as its domain tells."""
    domain = address.rpartition("@")[2].strip().lower()
    return next((preset for preset in presets().values() if domain in preset.domains), None)
