"""Whether a mail comes from the platform: by what the own mail provider has checked, and by nothing else.

Senders seen: `noreply@mail.kleinanzeigen.de`, `noreply@kleinanzeigen.de`, `service@kleinanzeigen.de`, and for a buyer's
words `"NAME über Kleinanzeigen" <...@mail.kleinanzeigen.de>` (public client code and mail filters, read in November
2026). Phishing kits in public repositories send the same subjects.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from watcher.domain.mail import MailVerdict
from watcher.mailbox.claim import pretends
from watcher.mailbox.headers import Headers, decoded, plain
from watcher.mailbox.results import Result, trusted_results

_LONGEST_SENDER = 2000
_NAMED = re.compile(r"[^<>@:;,]*<\s*(?P<local>[^\s<>@:;,]+)@(?P<domain>[A-Za-z0-9.-]+)\s*>\s*")
_BARE = re.compile(r"\s*(?P<local>[^\s<>@:;,]+)@(?P<domain>[A-Za-z0-9.-]+)\s*")
_OWN_MESSAGE_ID = re.compile(r"<[0-9a-f]{32}@stornowacht\.invalid>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a mail is, and what speaks against it, in code words."""

    verdict: MailVerdict
    reasons: tuple[str, ...] = ()


def judge(headers: Headers, *, domains: Sequence[str], authserv_id: str | None = None) -> Judgement:
    """Judge a mail by its headers.

    1. TRUSTED: one sender, whose address is at one of the platform's domains or below it, and the own provider says
       that a DKIM signature or DMARC passed for such a domain. SPF alone speaks for a server, not for a sender.
    2. SUSPICIOUS: its sender or its subject names the platform, and that is not so.
    3. NOT_PLATFORM: everybody else's mail.

    An alert of this program names the platform in its subject; it is nobody's phishing and must not ring again. Whoever
    copies its Message-ID is believed as long as the sender does not pretend to be the platform.
    """
    senders = [decoded(value) for value in headers.all("from")]
    subject = decoded(headers.first("subject"))
    own = is_own(headers)
    at_home = any(is_below(domain, domains) for domain in _domains(headers) or ())
    if not at_home and not pretends(senders if own else [*senders, subject], domains):
        return Judgement(verdict=MailVerdict.NOT_PLATFORM)
    reasons = tuple(_against_sender(headers, domains))
    if not reasons:
        reasons = tuple(_against_authentication(headers, domains, authserv_id))
    if not headers.complete:
        reasons = (*reasons, "headers_too_large")
    return Judgement(verdict=MailVerdict.SUSPICIOUS if reasons else MailVerdict.TRUSTED, reasons=reasons)


def domain_of(headers: Headers) -> str | None:
    """Return the domain of the one sender; `None` where there is none, several, or it cannot be read for certain."""
    domains = _domains(headers) or ()
    return domains[0].lower().rstrip(".") if len(domains) == 1 else None


def address_of(headers: Headers) -> str:
    """Return the address of the one sender in lower case; empty where there is none, several, or it cannot be read."""
    addresses = _addresses(headers) or ()
    return addresses[0].lower() if len(addresses) == 1 else ""


def is_own(headers: Headers) -> bool:
    """Whether a mail is one of this program, by its Message-ID."""
    return _OWN_MESSAGE_ID.fullmatch(headers.first("message-id")) is not None


def is_below(domain: str, domains: Sequence[str]) -> bool:
    """Whether a domain is one of the given ones or a subdomain of one."""
    name = domain.lower().rstrip(".")
    return any(name == each or name.endswith(f".{each}") for each in (each.lower() for each in domains))


def _domains(headers: Headers) -> tuple[str, ...] | None:
    """Return the domains of all senders; `None` where they cannot be read for certain."""
    addresses = _addresses(headers)
    return None if addresses is None else tuple(each.rpartition("@")[2] for each in addresses)


def _addresses(headers: Headers) -> tuple[str, ...] | None:
    """Return the addresses of all senders; `None` where they cannot be read for certain."""
    found: list[str] = []
    for value in headers.all("from"):
        text = plain(value) if len(value) <= _LONGEST_SENDER else None
        addresses = [_NAMED.fullmatch(part) or _BARE.fullmatch(part) for part in (text or "").split(",")]
        if not all(addresses):
            return None
        found += [f"{address['local']}@{address['domain']}" for address in addresses if address]
    return tuple(found)


def _against_sender(headers: Headers, domains: Sequence[str]) -> Iterator[str]:
    senders = _domains(headers)
    if not headers.all("from"):
        yield "no_sender"
    elif senders is None:
        yield "broken_sender"
    elif len(senders) > 1:
        yield "several_senders"
    elif not is_below(senders[0], domains):
        yield "foreign_sender"


def _against_authentication(
    headers: Headers, domains: Sequence[str], authserv_id: str | None
) -> Iterator[str]:
    results = trusted_results(headers, authserv_id=authserv_id)
    if results is None:
        yield "no_authentication_results"
        return
    signatures = [result for result in results if result.method == "dkim"]
    policies = [result for result in results if result.method == "dmarc"]
    if any(_is_signed(result, domains) for result in signatures):
        return
    if any(result.value == "pass" and _all_below(result.all("header.from"), domains) for result in policies):
        return
    yield _against_signatures(signatures)
    if any(result.value not in {"pass", "none", "bestguesspass"} for result in policies):
        yield "dmarc_failed"
    if any(result.method == "spf" and result.value in {"fail", "softfail"} for result in results):
        yield "spf_failed"


def _against_signatures(signatures: Sequence[Result]) -> str:
    values = {result.value for result in signatures}
    if "pass" in values:
        return "foreign_dkim"
    return "dkim_failed" if values - {"none"} else "no_dkim"


def _is_signed(result: Result, domains: Sequence[str]) -> bool:
    """Whether a signature passed and is the platform's: by its domain, else by its identity."""
    signers = result.all("header.d") or result.all("header.i")
    return result.value == "pass" and _all_below([each.rpartition("@")[2] for each in signers], domains)


def _all_below(names: Sequence[str], domains: Sequence[str]) -> bool:
    return bool(names) and all(is_below(name, domains) for name in names)
