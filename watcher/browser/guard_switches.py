"""The switches that go with the guard's extension: they load it, and close what its rules cannot see."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from watcher.browser.exact_address import exact
from watcher.browser.guard_rules import LOOPBACK, STRANGER

# Rules for WebSockets do not see those of service and shared workers, but the proxy settings do: plain requests go
# where they always go, WebSockets to a port where nobody listens. Loopback is no exception, or it could not be proven.
_DEAD_END: Final = "socks5://127.0.0.1:1"
# The canary and the proof stand on loopback and need no proxy; WebSockets to there still go to the dead end.
_PAST_THE_PROXY: Final = ("<-loopback>", "http://127.0.0.1", "http://localhost", f"http://{STRANGER}")
# Whom browsers call by themselves: a proxy would look these names up, so they are sent past it, where nobody knows them.
_MAKERS: Final = (
    "google.com", "*.google.com", "*.googleapis.com", "*.gstatic.com", "*.googleusercontent.com", "*.microsoft.com",
    "*.bing.com", "*.msn.com",
)  # fmt: skip
# Seen in Chromium 156: with FedCM a page makes the browser ask an address that the rules would have stopped.
_ERRANDS: Final = ("AdInterestGroupAPI", "AttributionReporting", "FedCm", "Fledge")


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """One switch as Chromium wants it, and why it is needed."""

    text: str
    why: str


def switches(
    extension: Path, *, proxy: str = "direct://", hosts: Sequence[str] = (), allow: Sequence[str] = ()
) -> tuple[Switch, ...]:
    """Return the switches for an extension that lies there; `allow` and `hosts` as it was written with.

    Raises:
        ValueError: an entry of `allow` is no exact address.

    """
    past_the_proxy = ";".join((*_PAST_THE_PROXY, *(_MAKERS if hosts else ())))
    return (
        Switch(text=f"--load-extension={extension}", why="the guard"),
        Switch(text=f"--disable-extensions-except={extension}", why="and no other extension beside it"),
        Switch(
            text="--disable-shared-workers",
            why="the rules do not see their WebSockets, and no page needs them to be read",
        ),
        Switch(
            text=f"--disable-blink-features={','.join(_ERRANDS)}",
            why="with these a page sends the browser itself on errands, which no rule sees: logins by FedCM, ad auctions and "
            "their reports. Other browsers lack them, so pages manage without",
        ),
        Switch(
            text=f"--proxy-server=http={proxy};https={proxy};socks={_DEAD_END}",
            why="WebSockets go to a port where nobody listens: the rules do not see those of service workers. "
            "It replaces the system's proxy; name yours in `[browser] proxy`",
        ),
        Switch(
            text=f"--proxy-bypass-list={past_the_proxy}",
            why="the guard's own tests on this machine need no proxy; nor is a proxy asked for the browser's maker",
        ),
        Switch(
            text="--webrtc-ip-handling-policy=disable_non_proxied_udp",
            why="no WebRTC datagrams, which no rule sees",
        ),
        *_known_names(hosts, allow),
    )


def _known_names(hosts: Sequence[str], allow: Sequence[str]) -> tuple[Switch, ...]:
    if not hosts:
        return ()
    allowed = (urlsplit(exact(entry)[1]).hostname or "" for entry in allow)
    known = sorted({*hosts, *allowed, *LOOPBACK, STRANGER})
    rules = ["MAP * ~NOTFOUND", *(f"EXCLUDE {pattern}" for host in known for pattern in (host, f"*.{host}"))]
    return (
        Switch(
            text=f"--host-resolver-rules={', '.join(rules)}",
            why="no name but the site's is looked up: a browser calls its maker by itself, beside any page, and connects "
            "ahead to whom a page names",
        ),
    )
