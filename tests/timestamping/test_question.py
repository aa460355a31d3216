import re

from hypothesis import given
from hypothesis import strategies as st

from tests.timestamping.authority import run
from watcher.timestamping.question import question

DIGEST = bytes(range(32))


def test_openssl_reads_the_question(tmp_path):
    path = tmp_path / "question.tsq"
    path.write_bytes(question(DIGEST, nonce=0xF1E2D3C4B5A69788, wants_certificates=True))
    told = run("ts", "-query", "-in", path, "-text").decode()
    assert "Version: 1" in told
    assert "Hash Algorithm: sha256" in told
    assert "Nonce: 0xF1E2D3C4B5A69788" in told
    assert "Certificate required: yes" in told
    assert "Policy OID: unspecified" in told
    said = "".join(re.findall(r"^    \w+ - ((?:[0-9a-f]{2}[ -])+)", told, re.MULTILINE))
    assert bytes.fromhex(said.replace("-", " ")) == DIGEST


def test_certificates_are_only_wanted_where_somebody_wants_them(tmp_path):
    path = tmp_path / "question.tsq"
    path.write_bytes(question(DIGEST, nonce=1, wants_certificates=False))
    assert "Certificate required: no" in run("ts", "-query", "-in", path, "-text").decode()


@given(nonce=st.integers(min_value=0, max_value=2**64 - 1), digest=st.binary(min_size=32, max_size=32))
def test_the_library_reads_back_what_was_asked(nonce, digest):
    from rfc3161_client._rust import parse_timestamp_request

    read = parse_timestamp_request(question(digest, nonce=nonce, wants_certificates=True))
    assert (read.nonce, read.message_imprint.message, read.cert_req, read.policy) == (
        nonce,
        digest,
        True,
        None,
    )
