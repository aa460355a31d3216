"""What authorities do wrong, and what it is called."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.support.every import every
from tests.timestamping.authority import POLICY, STAMPS, Desk, Manner, Office, desk, identity
from tests.timestamping.conftest import trusting
from watcher.app.anchors import StampAnswer
from watcher.domain.anchor import Qualified, StampFault
from watcher.timestamping.client import HttpAuthority

DIGEST = sha256(b"a few lines\n").hexdigest()
NONCE = 0x8000000000000005


def ask(here: Desk, *, timeout: float = 10.0, **more: object) -> StampAnswer:
    facts = trusting(here.office, url=here.url, **more)
    return HttpAuthority(facts=facts, timeout=timeout).ask(DIGEST, nonce=NONCE)


def faults(answer: StampAnswer) -> list[StampFault]:
    assert (answer.chain == "") is bool(answer.verdict.faults)
    return list(answer.verdict.faults)


@every("manner", [Manner.HONEST, Manner.WITH_CHAIN])
def test_an_honest_answer_is_a_stamp(here, manner):
    here.behave(manner)
    before = datetime.now(UTC).replace(microsecond=0)
    answer = ask(here, qualified=Qualified.NO)
    assert faults(answer) == []
    verdict = answer.verdict
    assert before <= verdict.stamped_at <= datetime.now(UTC)
    assert (verdict.authority, verdict.qualified, verdict.policy) == ("here", Qualified.NO, POLICY)
    assert verdict.signer == "CN=Practice signer"
    assert int(verdict.serial, 16) > 0
    assert answer.chain == here.office.signer.pem + here.office.between.pem + here.office.root.pem


def test_nothing_but_the_hash_and_a_random_number_leaves(here):
    ask(here)
    ((path, headers, body),) = here.asked
    assert path == "/tsa?kind=practice"
    assert bytes.fromhex(DIGEST) in body
    assert len(body) < 80
    assert {name.lower() for name in headers} == {
        "host", "accept-encoding", "content-length", "content-type", "accept", "user-agent",
    }  # fmt: skip
    assert headers["Content-Type"] == "application/timestamp-query"


@every(
    ("manner", "fault"),
    [
        (Manner.WITHOUT_CERTIFICATE, StampFault.NO_CERTIFICATE),
        (Manner.OTHER_NONCE, StampFault.OTHER_NONCE),
        (Manner.OTHER_HASH, StampFault.OTHER_HASH),
        (Manner.OTHER_KEY_USAGE, StampFault.NOT_FOR_STAMPS),
        (Manner.OTHER_CERTIFICATE_NAMED, StampFault.OTHER_SIGNER),
        (Manner.CHANGED, StampFault.BAD_SIGNATURE),
        (Manner.REJECTION, StampFault.REFUSED),
        (Manner.GARBAGE, StampFault.UNREADABLE),
        (Manner.LOGIN_PAGE, StampFault.UNREADABLE),
        (Manner.TRUNCATED, StampFault.UNREADABLE),
        (Manner.TRAILING, StampFault.UNREADABLE),
        (Manner.HTTP_500, StampFault.HTTP_ERROR),
        (Manner.HTTP_404, StampFault.HTTP_ERROR),
        (Manner.REDIRECT, StampFault.MOVED),
        (Manner.HUGE, StampFault.TOO_LARGE),
        (Manner.HANGS_UP, StampFault.UNREACHABLE),
    ],
)
def test_what_is_wrong_has_a_name(here, manner, fault):
    here.behave(manner)
    assert faults(ask(here)) == [fault]


def test_each_manner_but_the_honest_ones_is_tried():
    tried = {case[0] for case in _cases(test_what_is_wrong_has_a_name)}
    assert set(Manner) - tried == {Manner.HONEST, Manner.WITH_CHAIN, Manner.SLOW}


def _cases(test):
    cells = {
        name: cell.cell_contents
        for name, cell in zip(test.__code__.co_freevars, test.__closure__, strict=True)
    }
    return cells["cases"]


def test_a_redirect_is_not_followed_and_says_where_it_leads(here):
    here.behave(Manner.REDIRECT)
    assert ask(here).verdict.detail == "HTTP 302, 0 bytes, to http://127.0.0.1:9/elsewhere"
    assert len(here.asked) == 1


def test_silence_ends_at_the_deadline(here):
    here.behave(Manner.SLOW)
    assert faults(ask(here, timeout=0.2)) == [StampFault.TOO_SLOW]


def test_nobody_there_is_told(office):
    facts = trusting(office, url="http://127.0.0.1:9/tsa")
    answer = HttpAuthority(facts=facts).ask(DIGEST, nonce=NONCE)
    assert faults(answer) == [StampFault.UNREACHABLE]
    assert answer.content == b""


def test_a_refusal_says_in_the_authoritys_words_why(here):
    here.behave(Manner.REJECTION)
    assert ask(here).verdict.detail == "Message digest algorithm is not supported."


@every(
    ("valid", "fault"),
    [
        ((-timedelta(days=9), -timedelta(days=1)), StampFault.EXPIRED),
        ((timedelta(days=1), timedelta(days=9)), StampFault.NOT_YET_VALID),
    ],
)
def test_a_signer_counts_only_in_its_own_time(here, valid, fault):
    here.office.signer = identity("Practice signer", issuer=here.office.between, usage=STAMPS, valid=valid)
    assert faults(ask(here)) == [fault]


def test_an_authority_in_between_that_has_expired_is_told(here):
    old = identity("Old authority", issuer=here.office.root, valid=(-timedelta(days=9), -timedelta(days=1)))
    here.office.signer = identity("Practice signer", issuer=old, usage=STAMPS)
    answer = ask(here, certificates=(old.pem,))
    assert faults(answer) == [StampFault.EXPIRED]
    assert answer.verdict.detail == "certificate has expired"


def test_a_signer_of_another_root_is_not_trusted(here, tmp_path):
    other = Office(folder=tmp_path / "other")
    for manner in (Manner.HONEST, Manner.WITH_CHAIN):
        here.behave(manner)
        facts = trusting(other, url=here.url, certificates=(here.office.between.pem,))
        answer = HttpAuthority(facts=facts).ask(DIGEST, nonce=NONCE)
        assert faults(answer) == [StampFault.UNTRUSTED]


@every("manner", [Manner.HONEST, Manner.WITHOUT_CERTIFICATE])
def test_a_signer_that_has_issued_itself_is_not_trusted_for_coming_along(here, manner):
    here.office.signer = identity("Practice signer", usage=STAMPS)
    here.behave(manner)
    answer = ask(here, certificates=(here.office.signer.pem,))
    assert faults(answer) == [StampFault.UNTRUSTED]


def test_several_faults_are_all_named(here):
    here.office.signer = identity(
        "Practice signer",
        issuer=here.office.between,
        usage=STAMPS,
        valid=(-timedelta(days=9), -timedelta(days=1)),
    )
    here.behave(Manner.OTHER_HASH)
    assert faults(ask(here, policies=frozenset({"1.2.3"}))) == [
        StampFault.OTHER_HASH,
        StampFault.OTHER_POLICY,
        StampFault.EXPIRED,
    ]


def test_a_policy_that_counts_is_taken(here):
    assert faults(ask(here, policies=frozenset({"1.2.3", POLICY}))) == []


def test_certificates_may_come_from_the_config_instead_of_the_answer(here):
    office = here.office
    known = (
        office.between.pem,
        identity("Somebody else", issuer=office.between, usage=STAMPS).pem,
        office.signer.pem,
    )
    answer = ask(here, certificates=known, wants_certificates=False)
    assert faults(answer) == []
    assert office.signer.certificate.public_bytes(_der()) not in answer.content
    assert answer.chain == office.signer.pem + office.between.pem + office.root.pem


def test_without_the_authority_in_between_the_way_to_the_root_is_missing(here):
    assert faults(ask(here, certificates=())) == [StampFault.UNTRUSTED]


def test_a_certificate_for_several_uses_is_not_one_for_stamps_alone(here):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    office = here.office
    both = x509.ExtendedKeyUsage([STAMPS, ExtendedKeyUsageOID.SERVER_AUTH])
    made = office.signer.certificate
    certificate = (
        x509.CertificateBuilder(
            issuer_name=made.issuer,
            subject_name=made.subject,
            public_key=office.signer.key.public_key(),
            serial_number=made.serial_number,
            not_valid_before=made.not_valid_before_utc,
            not_valid_after=made.not_valid_after_utc,
        )
        .add_extension(both, critical=True)
        .sign(office.between.key, hashes.SHA256())
    )
    from dataclasses import replace

    here.behave(Manner.OTHER_KEY_USAGE)
    office.usage = replace(office.signer, certificate=certificate)
    assert faults(ask(here)) == [StampFault.NOT_FOR_STAMPS]


def test_without_a_root_nobody_is_asked(here):
    answer = ask(here, roots=(), problem="/tmp/root.pem: No such file or directory")
    assert faults(answer) == [StampFault.UNKNOWN_AUTHORITY]
    assert answer.verdict.detail == "/tmp/root.pem: No such file or directory"
    assert here.asked == []


def test_without_the_library_nobody_is_asked_and_the_way_out_is_named(here, monkeypatch):
    from importlib.metadata import PackageNotFoundError

    from watcher.timestamping import library

    def gone(_: str) -> str:
        raise PackageNotFoundError

    monkeypatch.setattr(library, "version", gone)
    library.missing.cache_clear()
    try:
        answer = ask(here)
        monkeypatch.setattr(library, "version", lambda _: "1.0.5")
        library.missing.cache_clear()
        old = ask(here)
    finally:
        monkeypatch.undo()
        library.missing.cache_clear()
    assert faults(answer) == faults(old) == [StampFault.NO_LIBRARY]
    assert answer.verdict.detail == "rfc3161-client is not installed"
    assert "1.0.5 is too old" in old.verdict.detail
    assert here.asked == []


def _der():
    from cryptography.hazmat.primitives.serialization import Encoding

    return Encoding.DER


@pytest.mark.parametrize("manner", [Manner.HONEST])
def test_another_authority_stamps_while_one_does_not(here, tmp_path, manner):
    here.behave(Manner.HTTP_500)
    with desk(Office(folder=tmp_path / "second", manner=manner)) as second:
        assert faults(ask(here)) == [StampFault.HTTP_ERROR]
        assert faults(ask(second)) == []
