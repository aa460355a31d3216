"""The one table from which the guard's extension is made: what is stopped, what is let through, and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from watcher.browser.exact_address import exact

READ_METHODS: Final = ("get", "head", "options")
LOOPBACK: Final = ("127.0.0.1", "localhost")
# Plays the foreign host in the proof; on loopback, but nobody's site, so that the rule for foreign hosts must stop it.
STRANGER: Final = "127.0.0.2"
BLOCKED: Final = "ERR_BLOCKED_BY_CLIENT"
"""How Chromium calls it when an extension's rule stops a request; what fails for another reason has another name."""
# Named one by one: a rule that names no types spares top-level navigations, and with them a posted form.
RESOURCE_TYPES: Final = (
    "main_frame", "sub_frame", "stylesheet", "script", "image", "font", "object", "xmlhttprequest", "ping",
    "csp_report", "media", "websocket", "webtransport", "webbundle", "other",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One declarativeNetRequest rule: what it does, to which requests (in words, and for Chromium), and why."""

    what: str
    why: str
    action: Mapping[str, object]
    condition: Mapping[str, object]
    priority: int = 1


_REPORTING: Final = (
    "reporting-endpoints", "report-to", "nel", "sec-session-registration", "secure-session-registration",
    "attribution-reporting-register-source", "attribution-reporting-register-trigger",
)  # fmt: skip

# The numbers decide who wins: what the user lets through beats the blocks, and nothing beats the removal of headers
# that would make the browser itself write later on.
RULES: Final[tuple[Rule, ...]] = (
    Rule(
        what=f"every method but {', '.join(READ_METHODS).upper()}, to any host",
        why="only reading methods pass; named by exclusion, so that unknown and misspelt methods are stopped as well",
        action={"type": "block"},
        condition={"excludedRequestMethods": READ_METHODS, "resourceTypes": RESOURCE_TYPES},
    ),
    Rule(
        what="WebSocket and WebTransport, to any host",
        why="a WebSocket or WebTransport session begins like a read and then carries anything",
        action={"type": "block"},
        condition={"resourceTypes": ("websocket", "webtransport")},
    ),
    Rule(
        what=f"the answers' headers {', '.join(f'`{header}`' for header in _REPORTING)}",
        why="reports and session registrations are posted by the network service, out of sight of the rules above; "
        "an answer that does not ask for them gets none",
        action={
            "type": "modifyHeaders",
            "responseHeaders": tuple({"header": header, "operation": "remove"} for header in _REPORTING),
        },
        condition={"resourceTypes": RESOURCE_TYPES},
        priority=3,
    ),
)


# What was seen to pass in Chromium 156, with rules and switches in force.
NOT_CLOSED: Final = (
    (
        "WebRTC to a relay over TCP: Chromium has no switch for it. It speaks STUN and TURN framing only and cannot form an "
        "HTTP request or a WebSocket, so it reaches no account."
    ),
    (
        "Payment methods: a page can make the browser fetch the description of one. Connections made ahead: nothing is said on "
        "them. These and WebRTC get no further than the site's hosts and this machine; with `[browser] proxy`, as far as the "
        "proxy lets them."
    ),
    (
        "A GET that the site itself takes for a write: what an address does is its server's business. The program opens the "
        "message box, its conversations and the pages that you add, and presses nothing in them."
    ),
    "The windows of `stornowacht login` and `stornowacht open`: there a human acts, and the guard is off.",
)


def site_hosts(base_url: str, *others: str) -> tuple[str, ...]:
    """Return the hosts that belong to a site: whatever lies under the name that its address has without a `www.`.

    `others` are further addresses, or bare host names, that belong to it; those that are covered already are left out. An
    address in numbers and `localhost` stand for themselves. A name in other letters becomes what a browser makes of it,
    and what no browser could look up is left out. Nothing is guessed from what two names have in common: that may be a
    suffix under which strangers live, such as `co.uk`.
    """
    hosts: list[str] = []
    for address in (base_url, *others):
        host = _host_of(address).removeprefix("www.")
        if host and not any(host == known or host.endswith(f".{known}") for known in hosts):
            hosts.append(host)
    return tuple(hosts)


def _host_of(address: str) -> str:
    """Return a host as a rule must spell it, for one rule that Chromium cannot read would take all others with it."""
    try:
        host = (urlsplit(address).hostname if "//" in address else address.lower()) or ""
        return f"[{host.strip('[]')}]" if ":" in host else host.encode("idna").decode("ascii")
    except ValueError:
        return ""


def host_rules(hosts: Sequence[str]) -> tuple[Rule, ...]:
    """Return the rules that keep a visit on the site; none for no hosts.

    The canary and the proof stand on loopback and must be reached; a page of a real site must not look around there. Nor
    in the network at home: those are other hosts like all others.
    """
    if not hosts:
        return ()
    foreign = Rule(
        what="everything from hosts that are not the site's, addresses in the home network among them",
        why="no ads, no trackers, no captcha frames, no fonts from elsewhere, and a visit never leaves the site",
        action={"type": "block"},
        condition={
            "excludedRequestDomains": sorted({*hosts, *LOOPBACK}),
            "resourceTypes": RESOURCE_TYPES,
        },
    )
    closed = sorted(set(LOOPBACK) - set(hosts))
    return (foreign, *(_machine_rules(closed, hosts) if closed else ()))


def _machine_rules(closed: Sequence[str], hosts: Sequence[str]) -> tuple[Rule, ...]:
    return (
        Rule(
            what=f"reading from {' and '.join(closed)}, unless a page that stands there asks",
            # By exclusion: frames and workers that hide whose they are, and pages rendered ahead, show no initiator. Of
            # reading alone: the proof's writes from such frames must meet the rule for writes, or it would show nothing.
            why="a page of the site does not look around on this machine, nor does it send the browser there",
            action={"type": "block"},
            condition={
                "requestDomains": closed,
                "excludedRequestDomains": sorted(hosts),
                "excludedInitiatorDomains": sorted(LOOPBACK),
                "requestMethods": READ_METHODS,
                "resourceTypes": RESOURCE_TYPES,
            },
        ),
        Rule(
            what="the guard's own test pages on 127.0.0.1",
            why="the canary and the proof must be opened; they ask for the rest themselves",
            action={"type": "allow"},
            condition={
                # The whole address: anything looser can be had by a host whose user name is "127.0.0.1".
                "regexFilter": r"^http://127\.0\.0\.1:[0-9]+/(canary|empty|proof)\.html$",
                "isUrlFilterCaseSensitive": True,
                "requestMethods": ("get",),
                "resourceTypes": ("main_frame",),
            },
            priority=2,
        ),
    )


def exception_rules(entry: str) -> Iterable[Rule]:
    """Make the rules of one entry: the bare address, and the address with any query."""
    method, address = exact(entry)
    methods = {"requestMethods": [method]} if method else {"excludedRequestMethods": READ_METHODS}
    for pattern in (f"|{address}|", f"|{address}?"):
        yield Rule(
            what=f"{method.upper() if method else 'any method that writes,'} to {address}",
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
