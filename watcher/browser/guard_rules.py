"""The one table from which the guard's extension is made: what is stopped, what is let through, and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from watcher.browser.exact_address import exact

READ_METHODS: Final = ("get", "head", "options")
LOOPBACK: Final = ("127.0.0.1", "localhost")
# Named one by one: a rule that names no types spares top-level navigations, and with them a posted form.
RESOURCE_TYPES: Final = (
    "main_frame", "sub_frame", "stylesheet", "script", "image", "font", "object", "xmlhttprequest", "ping",
    "csp_report", "media", "websocket", "webtransport", "webbundle", "other",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One declarativeNetRequest rule: what it does, to which requests, and why it is needed."""

    why: str
    action: Mapping[str, object]
    condition: Mapping[str, object]
    priority: int = 1


# The numbers decide who wins: what the user lets through beats the blocks, and nothing beats the removal of headers
# that would make the browser itself write later on.
RULES: Final[tuple[Rule, ...]] = (
    Rule(
        why="only reading methods pass; named by exclusion, so that unknown and misspelt methods are stopped as well",
        action={"type": "block"},
        condition={"excludedRequestMethods": READ_METHODS, "resourceTypes": RESOURCE_TYPES},
    ),
    Rule(
        why="a WebSocket or WebTransport session begins like a read and then carries anything",
        action={"type": "block"},
        condition={"resourceTypes": ("websocket", "webtransport")},
    ),
    Rule(
        why="reports and session registrations are posted by the network service, out of sight of the rules above; "
        "an answer that does not ask for them gets none",
        action={
            "type": "modifyHeaders",
            "responseHeaders": tuple(
                {"header": header, "operation": "remove"}
                for header in (
                    "reporting-endpoints",
                    "report-to",
                    "nel",
                    "sec-session-registration",
                    "secure-session-registration",
                    "attribution-reporting-register-source",
                    "attribution-reporting-register-trigger",
                )
            ),
        },
        condition={"resourceTypes": RESOURCE_TYPES},
        priority=3,
    ),
)


def site_hosts(base_url: str, *others: str) -> tuple[str, ...]:
    """Return the hosts that belong to a site: whatever lies under the name that its address has without a `www.`.

    `others` are further addresses, or bare host names, that belong to it; those that are covered already are left out. An
    address in numbers and `localhost` stand for themselves.
    """
    hosts: list[str] = []
    for address in (base_url, *others):
        host = (urlsplit(address).hostname if "//" in address else address) or ""
        host = host.removeprefix("www.")
        if host and not any(host == known or host.endswith(f".{known}") for known in hosts):
            hosts.append(host)
    return tuple(hosts)


def host_rules(hosts: Sequence[str]) -> tuple[Rule, ...]:
    """Return the rules that keep a visit on the site; none for no hosts.

    The canary and the proof stand on loopback and must be reached; a page of a real site must not look around there.
    """
    if not hosts:
        return ()
    foreign = Rule(
        why="nothing is loaded from hosts that are not the site's: no ads, no trackers, and a visit never leaves it",
        action={"type": "block"},
        condition={
            "excludedRequestDomains": sorted({*hosts, *LOOPBACK}),
            "resourceTypes": RESOURCE_TYPES,
        },
    )
    sites = sorted(set(hosts) - set(LOOPBACK))
    if not sites:
        return (foreign,)
    return (
        foreign,
        Rule(
            why="a page of the site does not look around on this machine",
            action={"type": "block"},
            condition={
                "initiatorDomains": sites,
                "requestDomains": sorted(LOOPBACK),
                "resourceTypes": RESOURCE_TYPES,
            },
        ),
        Rule(
            why="nor does it send the browser there: a page that is rendered ahead shows no initiator",
            action={"type": "block"},
            condition={"requestDomains": sorted(LOOPBACK), "resourceTypes": ("main_frame",)},
        ),
        *(
            Rule(
                why="the pages of the canary and of the proof, which stand on loopback",
                action={"type": "allow"},
                condition={
                    "urlFilter": f"|http://127.0.0.1:*/{page}.html^",
                    "requestMethods": ["get"],
                    "resourceTypes": ("main_frame",),
                },
                priority=2,
            )
            for page in ("canary", "empty", "proof")
        ),
    )


def exception_rules(entry: str) -> Iterable[Rule]:
    """Make the rules of one entry: the bare address, and the address with any query."""
    method, address = exact(entry)
    methods = {"requestMethods": [method]} if method else {"excludedRequestMethods": READ_METHODS}
    for pattern in (f"|{address}|", f"|{address}?"):
        yield Rule(
            why="the user lets it through",
            action={"type": "allow"},
            condition={
                "urlFilter": pattern,
                "isUrlFilterCaseSensitive": True,
                "resourceTypes": [kind for kind in RESOURCE_TYPES if not kind.startswith("web")],
                **methods,
            },
            priority=2,
        )
