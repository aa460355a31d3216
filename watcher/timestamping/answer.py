"""What an authority answered: DER that may have to be put in order, and what stands in it."""

from typing import Final

from watcher.timestamping.der import (
    CONTEXT_0,
    OCTETS,
    OID,
    SEQUENCE,
    SET,
    NotDerError,
    Part,
    child,
    part_at,
    parts_of,
)

_CERTIFICATES: Final = 3
"""Their place in a SignedData (RFC 5652, 5.1), where there are any."""
_SIGNING_CERTIFICATE_V2: Final = bytes.fromhex("2a864886f70d010910022f")
_SIGNING_CERTIFICATE: Final = bytes.fromhex("2a864886f70d010910020c")
_HASHES: Final = {
    bytes.fromhex("608648016503040201"): "sha256",
    bytes.fromhex("608648016503040202"): "sha384",
    bytes.fromhex("608648016503040203"): "sha512",
    bytes.fromhex("2b0e03021a"): "sha1",
}


def in_order(answer: bytes) -> bytes:
    """Return the answer with its certificates in the order that DER wants; anything else comes back as it is.

    OpenSSL before 3.2 and DigiCert send them from the signer's upwards, and the strict reader of the library refuses
    that. No signature covers their order, nor what certificates there are.
    """
    try:
        bag = _certificates(answer)
        if bag is None:
            return answer
        found = [answer[part.start : part.end] for part in parts_of(answer, bag)]
    except NotDerError:
        return answer
    return answer[: bag.content] + b"".join(sorted(found)) + answer[bag.end :]


def certificates(answer: bytes) -> list[bytes]:
    """Return the certificates that came along, each in DER; none where the answer cannot be read."""
    try:
        bag = _certificates(answer)
        found = [] if bag is None else list(parts_of(answer, bag))
    except NotDerError:
        return []
    return [answer[part.start : part.end] for part in found if part.tag == SEQUENCE]


def is_whole(answer: bytes) -> bool:
    """Whether the bytes are one element, and nothing after it."""
    try:
        whole = part_at(answer, 0)
    except NotDerError:
        return False
    return whole.tag == SEQUENCE and whole.end == len(answer)


def _certificates(answer: bytes) -> Part | None:
    parts = list(parts_of(answer, _signed(answer)))
    bag = parts[_CERTIFICATES] if len(parts) > _CERTIFICATES else None
    return bag if bag is not None and bag.tag == CONTEXT_0 else None


def _signed(answer: bytes) -> Part:
    """Return where the SignedData lies: TimeStampResp > ContentInfo > [0]."""
    token = child(answer, part_at(answer, 0), 1, tag=SEQUENCE)
    return child(answer, child(answer, token, 1, tag=CONTEXT_0), 0, tag=SEQUENCE)


def named_signer(answer: bytes) -> tuple[str, bytes] | None:
    """Return which certificate the signature itself names: the hash's algorithm and the hash (RFC 5035; RFC 2634, 5.4).

    Whoever holds a key may have several certificates for it; this says which one is meant. `None` where it names none,
    or where the answer cannot be read.
    """
    try:
        return _named_signer(answer)
    except NotDerError:
        return None


def _named_signer(answer: bytes) -> tuple[str, bytes] | None:
    signers = list(parts_of(answer, _signed(answer)))[-1]
    if signers.tag != SET:
        raise NotDerError("no signers")
    attributes = next(
        (part for part in parts_of(answer, child(answer, signers, 0, tag=SEQUENCE)) if part.tag == CONTEXT_0),
        None,
    )
    found: dict[bytes, Part] = {}
    for attribute in parts_of(answer, attributes) if attributes is not None else ():
        kind, values = child(answer, attribute, 0, tag=OID), child(answer, attribute, 1, tag=SET)
        found[answer[kind.content : kind.end]] = values
    for kind_of, old in ((_SIGNING_CERTIFICATE_V2, "sha256"), (_SIGNING_CERTIFICATE, "sha1")):
        if kind_of in found:
            first = child(answer, child(answer, found[kind_of], 0, tag=SEQUENCE), 0, tag=SEQUENCE)
            named = list(parts_of(answer, child(answer, first, 0, tag=SEQUENCE)))
            return _hash_of(answer, named, default=old)
    return None


def _hash_of(answer: bytes, named: list[Part], *, default: str) -> tuple[str, bytes]:
    """Return the hash in an ESSCertID: the algorithm may stand before it, and SHA-256 is left out."""
    algorithm, octets = default, named[0]
    if named[0].tag == SEQUENCE:
        kind = child(answer, named[0], 0, tag=OID)
        algorithm, octets = _HASHES.get(answer[kind.content : kind.end], ""), named[1]
    if octets.tag != OCTETS:
        raise NotDerError("another shape than a certificate's hash")
    return algorithm, answer[octets.content : octets.end]
