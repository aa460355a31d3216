"""What an answer is worth, as RFC 3161 (2.2 to 2.4) wants it judged. Certificates count as of the stamp's own time.

Not looked at: whether a certificate was revoked. That is a question to somebody outside, and its answer changes.
"""

import hashlib
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from watcher.domain.anchor import StampFault, StampVerdict
from watcher.texts.fill import one_line
from watcher.timestamping.answer import certificates, in_order, is_whole, named_signer
from watcher.timestamping.authority import AuthorityFacts
from watcher.timestamping.library import missing

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from rfc3161_client import TimeStampResponse, TimeStampTokenInfo

_SHA256: Final = "2.16.840.1.101.3.4.2.1"
_LONGEST_DETAIL: Final = 300
_STATUSES: Final = {1: "granted with modifications", 2: "rejection", 3: "waiting", 4: "revocation warning"}
_CHAIN_FAULTS: Final = (
    ("certificate has expired", StampFault.EXPIRED),
    ("certificate is not yet valid", StampFault.NOT_YET_VALID),
    ("certificate purpose", StampFault.NOT_FOR_STAMPS),
    ("certificate verify error", StampFault.UNTRUSTED),
    ("No leaf certificate", StampFault.NO_CERTIFICATE),
    ("EKU", StampFault.NOT_FOR_STAMPS),
)
"""What OpenSSL says of a chain, the most telling first; what is none of it is about the signature itself."""
_REASON: Final = re.compile(r'(?:data: "Verify error: |reason: ")([^"]+)"(?!.*Verify error)')
"""Where in the library's list of errors the one stands that a person understands."""


_BAD_BYTES: Final = (ValueError, TypeError, ArithmeticError, LookupError, AssertionError)
"""What the libraries raise in Python when bytes are not what they should be; found by changing every byte of an answer."""


class _UnreadableError(ValueError):
    """What was to be read cannot be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A verdict, and the certificates from the signer's up to the root; none unless it holds."""

    verdict: StampVerdict
    chain: "tuple[Certificate, ...]" = ()


def judge(
    answer: bytes,
    *,
    digest: str,
    facts: AuthorityFacts,
    nonce: int | None = None,
    chain: Sequence[bytes] = (),
) -> Judged:
    """Judge an answer.

    1. It is one time stamp answer, and the authority says yes.
    2. It is on this SHA-256 hash, answers this question (where the nonce is known), under a policy that counts.
    3. The signer's certificate is there, was valid when the stamp was made, is for time stamps alone, and is the one that
       the signature names.
    4. The signature is its, and it leads to one of the authority's roots, all of it valid at that time.

    All faults are named, not only the first. Bad data is a verdict, never an exception.

    Args:
        answer: its bytes.
        digest: SHA-256 in hexadecimal.
        facts: who should have answered, and what they are trusted by.
        nonce: what the question held; `None`: not compared.
        chain: further certificates in DER that may complete the way to a root. They are not trusted.
    """
    reason = missing()
    if reason:
        return _only(facts, StampFault.NO_LIBRARY, reason)
    if not facts.roots:
        return _only(facts, StampFault.UNKNOWN_AUTHORITY, facts.problem or "no root certificate")
    try:
        with _calm():
            return _judge(answer, digest=digest, facts=facts, nonce=nonce, chain=chain)
    except _UnreadableError as error:
        return _only(facts, StampFault.UNREADABLE, str(error))


def _judge(
    answer: bytes, *, digest: str, facts: AuthorityFacts, nonce: int | None, chain: Sequence[bytes]
) -> Judged:
    from rfc3161_client import PKIStatus, decode_timestamp_response  # noqa: PLC0415 - an extra

    if not is_whole(answer):
        raise _UnreadableError("no time stamp answer, or a part of one")
    said = decode_timestamp_response(in_order(answer))
    if said.status != PKIStatus.GRANTED:
        words = " ".join(said.status_string) or _STATUSES.get(said.status, f"status {said.status}")
        return _only(facts, StampFault.REFUSED, words)
    told = said.tst_info
    at = told.gen_time.astimezone(UTC)
    faults = list(_faults_of_token(told, digest=digest, facts=facts, nonce=nonce))
    detail = ""
    sent, known = _loaded(certificates(answer)), _parsed(facts.certificates)
    # What was kept with an answer may lead to a root, and is never one itself.
    helping = [*known, *(cert for cert in _loaded(chain) if cert.issuer != cert.subject)]
    signer = _signer(said, [*sent, *helping])
    way: tuple[Certificate, ...] = ()
    if signer is None:
        faults.append(StampFault.NO_CERTIFICATE)
    else:
        own = list(_faults_of_signer(signer, answer, at=at))
        fault, detail = _fault_of_signature(said, signer, facts=facts, helping=helping)
        faults += own
        if fault is not None and fault not in own:
            faults.append(fault)
        way = way_to_root(signer, [*sent, *helping], _parsed(facts.roots))
    verdict = StampVerdict(
        authority=facts.name,
        qualified=facts.qualified,
        stamped_at=at,
        serial=f"{told.serial_number:x}",
        policy=told.policy.dotted_string,
        signer=one_line(signer.subject.rfc4514_string(), limit=_LONGEST_DETAIL) if signer else "",
        faults=tuple(faults),
        detail=detail,
    )
    return Judged(verdict=verdict, chain=() if faults else way)


def way_to_root(
    signer: "Certificate", known: "Iterable[Certificate]", roots: "Sequence[Certificate]"
) -> "tuple[Certificate, ...]":
    """Return the certificates from a signer's up to a root; empty where none leads there."""
    way, left = [signer], list(known)
    if signer in roots:
        return (signer,)
    while True:
        root = next((each for each in roots if _has_issued(each, way[-1])), None)
        if root is not None:
            return (*way, root)
        step = next((each for each in left if each not in way and _has_issued(each, way[-1])), None)
        if step is None:
            return ()
        way.append(step)


def _faults_of_token(
    told: "TimeStampTokenInfo", *, digest: str, facts: AuthorityFacts, nonce: int | None
) -> Iterator[StampFault]:
    imprint = told.message_imprint
    if imprint.hash_algorithm.dotted_string != _SHA256 or imprint.message.hex() != digest.lower():
        yield StampFault.OTHER_HASH
    if nonce is not None and told.nonce != nonce:
        yield StampFault.OTHER_NONCE
    if facts.policies and told.policy.dotted_string not in facts.policies:
        yield StampFault.OTHER_POLICY


def _signer(said: "TimeStampResponse", known: "Iterable[Certificate]") -> "Certificate | None":
    """Return the certificate that the signature was made with; RFC 3161 wants one signature, and no more."""
    signers = list(said.signed_data.signer_infos)
    if len(signers) != 1:
        raise _UnreadableError(f"{len(signers)} signatures instead of one")
    named = signers[0]
    return next(
        (cert for cert in known if cert.issuer == named.issuer and cert.serial_number == named.serial_number),
        None,
    )


def _faults_of_signer(signer: "Certificate", answer: bytes, *, at: datetime) -> Iterator[StampFault]:
    from cryptography.x509 import ExtendedKeyUsage, ExtensionNotFound  # noqa: PLC0415 - an extra
    from cryptography.x509.oid import ExtendedKeyUsageOID  # noqa: PLC0415

    if at > signer.not_valid_after_utc:
        yield StampFault.EXPIRED
    if at < signer.not_valid_before_utc:
        yield StampFault.NOT_YET_VALID
    try:
        usage = signer.extensions.get_extension_for_class(ExtendedKeyUsage)
        for_stamps = usage.critical and list(usage.value) == [ExtendedKeyUsageOID.TIME_STAMPING]
    except ExtensionNotFound:
        for_stamps = False
    if not for_stamps:
        yield StampFault.NOT_FOR_STAMPS
    if not _is_named(signer, named_signer(answer)):
        yield StampFault.OTHER_SIGNER


def _is_named(signer: "Certificate", named: tuple[str, bytes] | None) -> bool:
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415 - an extra

    if named is None or named[0] not in hashlib.algorithms_guaranteed:
        return False
    return hashlib.new(named[0], signer.public_bytes(Encoding.DER)).digest() == named[1]


def _fault_of_signature(
    said: "TimeStampResponse",
    signer: "Certificate",
    *,
    facts: AuthorityFacts,
    helping: "Iterable[Certificate]",
) -> tuple[StampFault | None, str]:
    """Return what is wrong with the signature or the way to a root, and what the library says of it."""
    from rfc3161_client import VerificationError, VerifierBuilder  # noqa: PLC0415 - an extra

    roots = list(_parsed(facts.roots))
    # The library keeps helpers among the roots. One that has issued itself would count as one; and a root's twin, signed by
    # another root, would be taken in its place (DigiCert sends one along). What the answer brings it finds by itself.
    names = {root.subject for root in roots}
    between = [cert for cert in helping if cert.issuer != cert.subject and cert.subject not in names]
    came_along = bool(said.signed_data.certificates)
    verifier = VerifierBuilder(
        tsa_certificate=None if came_along or signer.issuer == signer.subject else signer,
        intermediates=list(dict.fromkeys(between)),
        roots=roots,
    ).build()
    if not came_along and signer.issuer == signer.subject and signer not in roots:
        return StampFault.UNTRUSTED, "the signer has issued its certificate itself"
    try:
        verifier.verify(said, said.tst_info.message_imprint.message)
    except VerificationError as error:
        words = str(error)
        fault = next((found for mark, found in _CHAIN_FAULTS if mark in words), StampFault.BAD_SIGNATURE)
        said_by_openssl = _REASON.search(words)
        return fault, one_line(said_by_openssl[1] if said_by_openssl else words, limit=_LONGEST_DETAIL)
    return None, ""


def _has_issued(issuer: "Certificate", issued: "Certificate") -> bool:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm  # noqa: PLC0415 - an extra

    try:
        issued.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _loaded(ders: Iterable[bytes]) -> "list[Certificate]":
    from cryptography.x509 import load_der_x509_certificate  # noqa: PLC0415 - an extra

    return [load_der_x509_certificate(der) for der in ders]


def _parsed(pems: Iterable[str]) -> "list[Certificate]":
    from cryptography.x509 import load_pem_x509_certificates  # noqa: PLC0415 - an extra

    return [cert for pem in pems for cert in load_pem_x509_certificates(pem.encode())]


def _only(facts: AuthorityFacts, fault: StampFault, detail: str) -> Judged:
    verdict = StampVerdict(
        authority=facts.name,
        qualified=facts.qualified,
        faults=(fault,),
        detail=one_line(detail, limit=_LONGEST_DETAIL),
    )
    return Judged(verdict=verdict)


@contextmanager
def _calm() -> Iterator[None]:
    """Make whatever the libraries raise about bad bytes one thing: the Rust in them also panics, which is no Exception.

    Of what is odd about a stranger's certificate they warn; it is judged all the same.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except _UnreadableError:
        raise
    except BaseException as error:
        theirs = type(error).__module__.startswith(("cryptography.", "rfc3161_client.", "pyo3_runtime"))
        if theirs or isinstance(error, _BAD_BYTES):
            raise _UnreadableError(str(error)) from error
        raise
