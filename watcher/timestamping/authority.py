"""What is known of each authority: where it is asked, what its stamps are trusted by, and how sure that is.

One TOML file in `authorities/` is one authority; a new file is found by itself.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from watcher.domain.anchor import Qualified
from watcher.domain.fact import Fact, Grade, Saying


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityFacts:
    """One authority."""

    name: str
    """Its name in the config."""
    title: str
    url: str
    qualified: Qualified = Qualified.UNKNOWN
    country: str = ""
    """Where it is established, as an ISO 3166 code; empty where that is not known."""
    terms: Saying | None = None
    """What it wants of those who ask, as far as somebody has read it."""
    roots: tuple[str, ...] = field(default=(), repr=False)
    """The certificates that its stamps are trusted by, each as PEM. None: nothing can be trusted."""
    certificates: tuple[str, ...] = field(default=(), repr=False)
    """Further ones on the way from a root to the signer, for answers that bring none along."""
    root_sha256: str = ""
    """Which root the user must bring, where none is shipped: the SHA-256 fingerprint of its DER form."""
    wants_certificates: bool = True
    """Whether the answer shall bring its certificates along."""
    policies: frozenset[str] = frozenset()
    """The policies under which a stamp counts; empty: whichever the authority uses."""
    fact: Fact | None = None
    """`None` for the user's own entry."""
    problem: str = ""
    """Why nothing can be trusted, where that is known: a file that cannot be read."""


@cache
def authorities() -> Mapping[str, AuthorityFacts]:
    """Return every authority that has a file, by its name, sorted."""
    folder = files(__package__).joinpath("authorities")
    found = {}
    for file in folder.iterdir():
        if file.name.endswith(".toml"):
            name = file.name.removesuffix(".toml")
            found[name] = _read(name, tomllib.loads(file.read_text(encoding="utf-8")))
    return MappingProxyType(dict(sorted(found.items())))


def _read(name: str, data: Mapping[str, Any]) -> AuthorityFacts:
    return AuthorityFacts(
        name=name,
        title=data["title"],
        url=data["url"],
        qualified=Qualified(data["qualified"]),
        country=data["country"],
        terms=Saying(de=data["terms"]["de"], en=data["terms"]["en"]),
        roots=tuple(root["pem"].strip() + "\n" for root in data.get("root", ())),
        root_sha256=data.get("root_sha256", ""),
        wants_certificates=data.get("wants_certificates", True),
        policies=frozenset(data.get("policies", ())),
        fact=Fact(
            source=data["source"],
            seen=data["seen"],
            confidence=Grade(data["confidence"]),
            published=data.get("published"),
        ),
    )
