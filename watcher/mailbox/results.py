"""What the own mail provider found out about a sender: the header Authentication-Results (RFC 8601).

A sender can write such a header, too. The provider puts its own on top of what it received, so the topmost counts;
with the provider's name (authserv-id) only those that bear it.

iCloud writes one header per method, the least telling on top: `bimi.icloud.com`, `arc.icloud.com`, `dmarc.icloud.com`,
`dkim-verifier.icloud.com`, `spf.icloud.com` (public mails and tests of several mail tools, read in November 2026).
Outlook.com leaves its own name out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from watcher.mailbox.headers import Headers, plain

_SPLIT = ("icloud.com",)
"""Providers that write one header per method, each under a name of its own below this one."""
_AROUND_SIGNS = re.compile(r" ?([=/]) ?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One finding, such as `dkim=pass header.d=example.org`; everything in lower case."""

    method: str
    value: str
    properties: tuple[tuple[str, str], ...]

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of a property."""
        return tuple(value for key, value in self.properties if key == name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """One header: whose it is, and what it says."""

    server: str
    """The authserv-id; empty where there is none."""
    results: tuple[Result, ...]


def parse_results(value: str) -> Results | None:
    """Return what a header says; `None` for one that cannot be read for certain."""
    text = plain(value)
    if text is None:
        return None
    tight = _AROUND_SIGNS.sub(r"\1", " ".join(text.split())).lower()
    first, *others = (segment.split() for segment in tight.split(";"))
    if first and "=" in first[0]:
        return Results(server="", results=tuple(_results([first, *others])))
    return Results(server=first[0] if first else "", results=tuple(_results(others)))


def trusted_results(headers: Headers, *, authserv_id: str | None) -> tuple[Result, ...] | None:
    """Return what the own provider found out, `None` where it says nothing that can be read.

    Args:
        headers: the mail's.
        authserv_id: the provider's name. Headers below this name count, too (for providers that split their findings);
            of each name the topmost header alone, and of each method the topmost that speaks of it.
    """
    written = [parse_results(value) for value in headers.all("authentication-results")]
    if not written:
        return None
    name = authserv_id.strip().lower() if authserv_id else None
    if name is None:
        top = written[0]
        name = next((name for name in _SPLIT if top and top.server.endswith(f".{name}")), None)
        if name is None:
            return top.results if top else None
    own: dict[str, Results] = {}
    for results in written:
        if results and (results.server == name or results.server.endswith(f".{name}")):
            own.setdefault(results.server, results)
    found: dict[str, tuple[Result, ...]] = {}
    for results in own.values():
        for method in dict.fromkeys(result.method for result in results.results):
            found.setdefault(method, tuple(each for each in results.results if each.method == method))
    return tuple(result for results in found.values() for result in results) if own else None


def _results(segments: list[list[str]]) -> Iterator[Result]:
    for words in segments:
        pairs = [(name, value) for name, sign, value in (word.partition("=") for word in words) if sign]
        if pairs and "=" in words[0]:
            method = pairs[0][0].partition("/")[0]
            yield Result(method=method, value=pairs[0][1], properties=tuple(pairs[1:]))
