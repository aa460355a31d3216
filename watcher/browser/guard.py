"""The read-only guard: a bundled Chromium extension, and the switches that go with it.

The browser's own network layer stops what could write before it leaves the machine, also from workers and from pages
that are already gone; no script of ours runs in a page, and the HTTP cache stays on. It guards the regular profile
only: private (off-the-record) contexts load no extensions, so visits use a persistent context. That a given browser
obeys is never assumed but shown: `proof.prove` once per browser, `proof.canary` at every visit.

Not closed, because Chromium has no switch for it: WebRTC to a relay over TCP. It speaks STUN and TURN framing only and
cannot form an HTTP request or a WebSocket, so it reaches no account.
"""

import hashlib
import json
import os
import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, urlsplit

READ_METHODS: Final = ("get", "head", "options")
WRITE_METHODS: Final = ("delete", "patch", "post", "put")
# What an exception may name: a write, or the reading of one address of another host.
_NAMED_METHODS: Final = ("delete", "get", "patch", "post", "put")
_LOOPBACK: Final = ("127.0.0.1", "localhost")
# Named one by one: a rule that names no types spares top-level navigations, and with them a posted form.
RESOURCE_TYPES: Final = (
    "main_frame", "sub_frame", "stylesheet", "script", "image", "font", "object", "xmlhttprequest", "ping",
    "csp_report", "media", "websocket", "webtransport", "webbundle", "other",
)  # fmt: skip

# Playwright's own default would switch the guard off.
IGNORED_DEFAULT_ARGUMENTS: Final[tuple[str, ...]] = ("--disable-extensions",)

# Rules for WebSockets do not see those of service and shared workers, but the proxy settings do: plain requests go
# where they always go, WebSockets to a port where nobody listens. Loopback is no exception, or it could not be proven.
_DEAD_END: Final = "socks5://127.0.0.1:1"


# The canary and the proof stand on loopback and need no proxy; WebSockets to there still go to the dead end.
_PAST_THE_PROXY: Final = ("<-loopback>", "http://127.0.0.1", "http://localhost")
# Whom browsers call by themselves: a proxy would look these names up, so they are sent past it, where nobody knows them.
_MAKERS: Final = (
    "google.com", "*.google.com", "*.googleapis.com", "*.gstatic.com", "*.googleusercontent.com", "*.microsoft.com",
    "*.bing.com", "*.msn.com",
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
            "excludedRequestDomains": sorted({*hosts, *_LOOPBACK}),
            "resourceTypes": RESOURCE_TYPES,
        },
    )
    sites = sorted(set(hosts) - set(_LOOPBACK))
    if not sites:
        return (foreign,)
    return (
        foreign,
        Rule(
            why="a page of the site does not look around on this machine",
            action={"type": "block"},
            condition={
                "initiatorDomains": sites,
                "requestDomains": sorted(_LOOPBACK),
                "resourceTypes": RESOURCE_TYPES,
            },
        ),
        Rule(
            why="nor does it send the browser there: a page that is rendered ahead shows no initiator",
            action={"type": "block"},
            condition={"requestDomains": sorted(_LOOPBACK), "resourceTypes": ("main_frame",)},
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


def write_extension(folder: Path, *, allow: Sequence[str] = (), hosts: Sequence[str] = ()) -> Path:
    """Write the guard's extension into `folder` (made if missing) and return it.

    `allow` lists what the user lets through in spite of the guard: an exact address (scheme, host, path; any query goes
    with it), or one method at that address, as in ``PUT https://host/path``, or ``GET`` for one of another host. Never a
    WebSocket. Name the method wherever one address does several things. `hosts` are the site's; nothing is loaded from
    others (none given: from anywhere). The files depend on these alone, not on their order, and are touched only when they
    differ. Chromium keeps an index in the same folder: give browsers that run at the same time one each.

    Raises:
        ValueError: an entry of `allow` is not an exact address; the message names it and says what is wrong.

    """
    rules = [
        *RULES,
        *host_rules(hosts),
        *(rule for entry in sorted(set(allow)) for rule in _let_through(entry)),
    ]
    folder.mkdir(parents=True, exist_ok=True)
    _write_if_different(folder / "manifest.json", _MANIFEST)
    _write_if_different(
        folder / "rules.json",
        [
            {"id": number, "priority": rule.priority, "action": rule.action, "condition": rule.condition}
            for number, rule in enumerate(rules, start=1)
        ],
    )
    return folder


def check_allowed(entries: Iterable[str]) -> None:
    """Say what is wrong with the first entry that is no exact address.

    Raises:
        ValueError: as for `write_extension`.

    """
    for entry in entries:
        _exact(entry)


def launch_arguments(
    extension: Path, *, proxy: str = "direct://", hosts: Sequence[str] = (), allow: Sequence[str] = ()
) -> list[str]:
    """Return the switches that load the guard and close what its rules cannot see.

    They replace the system's proxy settings; whoever needs a proxy names it here, as in ``http://host:3128``. With `hosts`
    no other name is looked up (but those that `allow` names): a browser also calls its maker by itself, beside any page.

    Raises:
        ValueError: the extension's path holds a comma, where Chromium would cut it in two.

    """
    folder = str(extension.resolve())
    if "," in folder:
        raise ValueError(f"Chromium loads no extension from a path with a comma: {folder}")
    return [
        f"--load-extension={folder}",
        f"--disable-extensions-except={folder}",
        "--disable-shared-workers",
        f"--proxy-server=http={proxy};https={proxy};socks={_DEAD_END}",
        f"--proxy-bypass-list={';'.join((*_PAST_THE_PROXY, *(_MAKERS if hosts else ())))}",
        "--webrtc-ip-handling-policy=disable_non_proxied_udp",
        *_known_names(hosts, allow),
    ]


def _known_names(hosts: Sequence[str], allow: Sequence[str]) -> list[str]:
    if not hosts:
        return []
    allowed = (urlsplit(_exact(entry)[1]).hostname or "" for entry in allow)
    known = sorted({*hosts, *allowed, *_LOOPBACK})
    rules = ["MAP * ~NOTFOUND", *(f"EXCLUDE {pattern}" for host in known for pattern in (host, f"*.{host}"))]
    return [f"--host-resolver-rules={', '.join(rules)}"]


def fingerprint(extension: Path) -> str:
    """Return the SHA-256 over the written rules and all switches, wherever the extension lies.

    A proof holds for one fingerprint and one browser version; either changing asks for a new proof.

    Raises:
        FileNotFoundError: no extension was written there.

    """
    digest = hashlib.sha256()
    for name in ("manifest.json", "rules.json"):
        digest.update((extension / name).read_bytes())
    switches = [part.replace(str(extension.resolve()), "") for part in launch_arguments(extension)]
    digest.update(_json([*switches, *IGNORED_DEFAULT_ARGUMENTS]))
    return digest.hexdigest()


def proof_key(product: str, fingerprint: str, *, headless: bool) -> str:
    """Return under which name a proof is remembered."""
    return f"{product} {fingerprint} headless={headless}"


_MANIFEST: Final = {
    "manifest_version": 3,
    "name": "Stornowacht read-only guard",
    "version": "1.0",
    "description": "Stops every request that could change something.",
    "permissions": ["declarativeNetRequest"],
    "host_permissions": ["<all_urls>"],
    "declarative_net_request": {
        "rule_resources": [{"id": "read-only", "enabled": True, "path": "rules.json"}],
    },
}


def _let_through(entry: str) -> Iterable[Rule]:
    """Make the rules of one entry: the bare address, and the address with any query."""
    method, address = _exact(entry)
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


_HOST_CHARACTERS: Final = frozenset(string.ascii_lowercase + string.digits + "-.:[]")
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
# Asked in this order; the first that is true is the reason given.
_FLAWS: Final[tuple[tuple[str, Callable[[SplitResult], object]], ...]] = (
    (
        "it must begin with https:// or http://; WebSockets never pass",
        lambda to: to.scheme not in _DEFAULT_PORTS,
    ),
    ("it names no host", lambda to: not to.hostname),
    ("user name and password do not belong here", lambda to: "@" in to.netloc),
    ("the host must be plain, in lower case", lambda to: not set(to.netloc) <= _HOST_CHARACTERS),
    (
        "leave out the default port",
        lambda to: to.netloc.endswith(":") or to.port == _DEFAULT_PORTS[to.scheme],
    ),
    ("leave out ? and # and what follows; any query goes along", lambda to: set("?#") & set(to.geturl())),
    ("it names no path; a whole host cannot be let through", lambda to: not to.path),
    ("the path must not contain . or .. steps", lambda to: {".", ".."} & set(to.path.split("/"))),
)


def _exact(entry: str) -> tuple[str | None, str]:
    """Split an entry into method and address, or say why it is no exact address."""
    method, space, address = entry.rpartition(" ")
    if space and method.lower() not in _NAMED_METHODS:
        known = ", ".join(name.upper() for name in _NAMED_METHODS)
        raise _refused(entry, f"the word before the address must be one of {known}")
    if not (address.isascii() and address.isprintable()):
        raise _refused(entry, "only printable ASCII; write the rest percent-encoded")
    # The first three mean something else in a rule than in an address.
    if wild := sorted(set(address) & set("*^|\\")):
        raise _refused(entry, f"an exact address has no {' '.join(wild)}")
    try:
        parts = urlsplit(address)
        reason = next((reason for reason, applies in _FLAWS if applies(parts)), None)
    except ValueError as error:
        raise _refused(entry, str(error)) from error
    # A lone "?" or "#", an upper-case scheme: whatever parsing tidied away was not exact.
    if reason is None and parts.geturl() != address:
        reason = f"write it as {parts.geturl()}"
    if reason is not None:
        raise _refused(entry, reason)
    return method.lower() or None, address


def _refused(entry: str, reason: str) -> ValueError:
    return ValueError(f"cannot let {entry!r} through: {reason}")


def _write_if_different(file: Path, content: object) -> None:
    wanted = _json(content)
    if file.is_file() and file.read_bytes() == wanted:
        return
    # Replaced as a whole: a browser that starts meanwhile reads the old rules or the new ones, never half.
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.write_bytes(wanted)
    draft.replace(file)


def _json(content: object) -> bytes:
    return json.dumps(content, indent=1, sort_keys=True).encode() + b"\n"
