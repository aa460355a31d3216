"""Which authorities there are: those with a file here, and the user's own, who may replace or complete one of them."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from watcher.domain.anchor import Qualified
from watcher.timestamping.authority import AuthorityFacts, authorities
from watcher.timestamping.pem import PemError, ders_of, pems_in


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnEntry:
    """What the user says of an authority."""

    name: str
    url: str | None = None
    roots: Path | None = None
    certificates: Path | None = None
    wants_certificates: bool = True
    qualified: Qualified = Qualified.UNKNOWN


def with_own(own: Iterable[OwnEntry]) -> dict[str, AuthorityFacts]:
    """Return every authority by its name. A file that cannot be read becomes the authority's problem, not a fault here."""
    found = dict(authorities())
    for entry in own:
        found[entry.name] = _merged(entry, found.get(entry.name))
    return found


def _merged(entry: OwnEntry, known: AuthorityFacts | None) -> AuthorityFacts:
    """Return an own entry; where the user asks the known authority itself, what is known of it still holds."""
    base = known or AuthorityFacts(name=entry.name, title=entry.name, url=entry.url or "")
    is_the_same = known is not None and entry.url in {None, known.url}
    try:
        roots = pems_in(entry.roots) if entry.roots else ()
        certificates = pems_in(entry.certificates) if entry.certificates else ()
        _check(roots, base.root_sha256 if is_the_same else "")
    except PemError as error:
        return replace(base, url=entry.url or base.url, roots=(), problem=str(error), fact=None)
    if is_the_same:
        return replace(
            base,
            roots=(*base.roots, *(root for root in roots if root not in base.roots)),
            certificates=certificates,
            wants_certificates=entry.wants_certificates and base.wants_certificates,
            qualified=base.qualified if entry.qualified is Qualified.UNKNOWN else entry.qualified,
        )
    return AuthorityFacts(
        name=entry.name,
        title=entry.name,
        url=entry.url or base.url,
        qualified=entry.qualified,
        roots=roots,
        certificates=certificates,
        wants_certificates=entry.wants_certificates,
    )


def _check(roots: tuple[str, ...], fingerprint: str) -> None:
    """Make sure that the root which the authority names is among those that the user brings."""
    if fingerprint and fingerprint not in {
        hashlib.sha256(der).hexdigest() for root in roots for der in ders_of(root)
    }:
        raise PemError(f"another root certificate than the authority's ({fingerprint})")
