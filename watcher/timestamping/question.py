"""The question for a stamp: a hash, a number that nobody can guess, and whether the certificates shall come along."""

from typing import Final

from watcher.timestamping.der import BOOLEAN, NULL, OCTETS, OID, SEQUENCE, element, integer

_SHA256: Final = element(OID, bytes.fromhex("608648016503040201"))
_VERSION: Final = integer(1)


def question(digest: bytes, *, nonce: int, wants_certificates: bool) -> bytes:
    """Return a TimeStampReq (RFC 3161, 2.4.1) on a SHA-256 hash.

    Built by hand: the library hashes the whole message anew and draws the nonce itself, and asking must not need it.
    """
    algorithm = element(SEQUENCE, _SHA256, element(NULL))
    imprint = element(SEQUENCE, algorithm, element(OCTETS, digest))
    # FALSE is the default, and a default is left out in DER.
    wish = element(BOOLEAN, b"\xff") if wants_certificates else b""
    return element(SEQUENCE, _VERSION, imprint, integer(nonce), wish)
