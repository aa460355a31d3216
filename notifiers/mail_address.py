"""E-mail addresses, checked where they enter."""

import re
from email.headerregistry import Address

from notifiers import words
from notifiers.plain import line
from notifiers.words import Language

# RFC 5322's dot-atom, with letters outside ASCII (RFC 6531). The quoted form ("a b"@c) is left out: nobody has
# one. The standard library's parser is not asked, because addresses exist that make it stumble ("me@", ":;:").
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\U0010ffff-]+"
_ADDRESS = re.compile(rf"(?P<user>{_ATOM}(?:\.{_ATOM})*)@(?P<domain>[^@\s<>]+)")
_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]+)>")
_DOMAIN = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)(?:\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*")

# ß, ς and the joiners: two standards turn them into two different domains, so a mail could go to a stranger.
_AMBIGUOUS = frozenset("ßς\u200c\u200d")


def parsed(text: str, *, language: Language = "de") -> Address:
    """One address, with or without a name before it (``Name <a@b>``); its domain in ASCII (``xn--``).

    Letters outside ASCII before the @ are kept: whether a server takes them shows when it is asked.

    Raises:
        ValueError: It is no address, or its domain is ambiguous.
    """
    refusal = ValueError(words.MAIL_ADDRESS.said(language, address=line(text, limit=100)))
    if line(text, limit=320) != text.strip():
        raise refusal  # control characters, line breaks, marks that turn the reading direction
    named = _NAMED.fullmatch(text.strip())
    name = named["name"].strip().strip('"') if named else ""
    bare = _ADDRESS.fullmatch(named["address"] if named else text.strip())
    if bare is None:
        raise refusal
    if _AMBIGUOUS & set(bare["domain"]):
        raise ValueError(words.MAIL_DOMAIN.said(language, domain=bare["domain"]))
    try:
        domain = bare["domain"].encode("idna").decode("ascii")
    except UnicodeError:
        raise refusal from None
    if not _DOMAIN.fullmatch(domain):
        raise refusal
    return Address(name, bare["user"], domain)
