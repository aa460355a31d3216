"""A stamp stays good when its signer's certificate has expired: what counts is the time at which it was made."""

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from tests.timestamping.authority import run
from watcher.domain.anchor import StampFault
from watcher.timestamping.authority import AuthorityFacts
from watcher.timestamping.judge import KnownAuthorities

HERE = Path(__file__).parent
ANSWER = (HERE / "old.tsr").read_bytes()
DIGEST = sha256((HERE / "old-hashes.txt").read_bytes()).hexdigest()
BETWEEN = (HERE / "old-between.pem").read_text(encoding="ascii")
JUDGE = KnownAuthorities(
    facts={
        "practice": AuthorityFacts(
            name="practice",
            title="Practice",
            url="http://127.0.0.1:9",
            roots=((HERE / "old-root.pem").read_text(encoding="ascii"),),
        )
    }
)


def test_its_signer_has_expired_since():
    from rfc3161_client import decode_timestamp_response

    (der,) = decode_timestamp_response(ANSWER).signed_data.certificates
    ends = (
        run("x509", "-inform", "DER", "-noout", "-enddate", data=der)
        .decode()
        .strip()
        .removeprefix("notAfter=")
    )
    assert datetime.strptime(ends, "%b %d %H:%M:%S %Y %Z").replace(tzinfo=UTC) < datetime.now(UTC)


def test_a_stamp_whose_certificate_has_expired_since_is_still_a_stamp():
    verdict = JUDGE.judge(ANSWER, digest=DIGEST, authority="practice", chain=BETWEEN)
    assert verdict.faults == ()
    assert verdict.stamped_at == datetime(2026, 11, 26, 11, 53, 19, tzinfo=UTC)


def test_it_is_a_stamp_on_nothing_else():
    verdict = JUDGE.judge(ANSWER, digest=sha256(b"").hexdigest(), authority="practice", chain=BETWEEN)
    assert verdict.faults == (StampFault.OTHER_HASH,)


def test_the_stamps_of_an_authority_that_nobody_knows_any_more_are_not_judged():
    verdict = JUDGE.judge(ANSWER, digest=DIGEST, authority="gone")
    assert (verdict.faults, verdict.authority) == ((StampFault.UNKNOWN_AUTHORITY,), "gone")
