from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.timestamping.authority import Manner, Office, identity, run
from tests.timestamping.conftest import trusting
from watcher.domain.anchor import StampFault
from watcher.timestamping.answer import certificates, in_order, is_whole, named_signer
from watcher.timestamping.question import question
from watcher.timestamping.verdict import judge

DIGEST = bytes(range(32))
QUESTION = question(DIGEST, nonce=7, wants_certificates=True)


@pytest.fixture(scope="module")
def an_office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(folder=tmp_path_factory.mktemp("office"), manner=Manner.WITH_CHAIN)


@pytest.fixture(scope="module")
def an_answer(an_office: Office) -> bytes:
    return an_office.answer(QUESTION)


def test_certificates_in_any_order_are_read(an_office, an_answer):
    """OpenSSL before 3.2 sends them from the signer upwards, and DER wants another order."""
    sent = certificates(an_answer)
    assert len(sent) == 3
    at, size = an_answer.index(sent[0]), sum(map(len, sent))
    for order in permutations(sent):
        shuffled = an_answer[:at] + b"".join(order) + an_answer[at + size :]
        assert in_order(shuffled) == in_order(an_answer)
        judged = judge(shuffled, digest=DIGEST.hex(), facts=trusting(an_office, certificates=()), nonce=7)
        assert judged.verdict.faults == ()


def test_an_answer_in_order_stays_as_it_is(an_answer):
    assert in_order(in_order(an_answer)) == in_order(an_answer)
    assert len(in_order(an_answer)) == len(an_answer)


def test_an_answer_without_certificates_stays_as_it_is(an_office):
    bare = an_office.reply(question(DIGEST, nonce=7, wants_certificates=False))
    assert (in_order(bare), certificates(bare)) == (bare, [])


def test_the_certificate_that_the_signature_names_is_found(an_office, an_answer):
    import hashlib

    from cryptography.hazmat.primitives.serialization import Encoding

    der = an_office.signer.certificate.public_bytes(Encoding.DER)
    assert named_signer(an_answer) == ("sha256", hashlib.sha256(der).digest())


@pytest.mark.parametrize("algorithm", ["sha1", "sha512"])
def test_it_is_found_whatever_hash_names_it(an_office, algorithm):
    import hashlib

    from cryptography.hazmat.primitives.serialization import Encoding

    config = an_office._config("sha256")
    config.write_text(
        config.read_text().replace("ess_cert_id_alg = sha256", f"ess_cert_id_alg = {algorithm}")
    )
    query, out = an_office._file("q.tsq", QUESTION), an_office.folder / "named.tsr"
    signer, key = an_office.folder / "signer.pem", an_office.folder / "signer.key"
    run("ts", "-reply", "-config", config, "-queryfile", query, "-signer", signer, "-inkey", key, "-out", out)
    der = an_office.signer.certificate.public_bytes(Encoding.DER)
    answer = out.read_bytes()
    assert named_signer(answer) == (algorithm, hashlib.new(algorithm, der).digest())
    assert judge(answer, digest=DIGEST.hex(), facts=trusting(an_office), nonce=7).verdict.faults == ()


@pytest.mark.slow
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_change_of_any_byte_makes_a_stamp_on_something_else_nor_an_exception(an_office, an_answer, data):
    at = data.draw(st.integers(min_value=0, max_value=len(an_answer) - 1))
    value = data.draw(st.integers(min_value=0, max_value=255))
    changed = an_answer[:at] + bytes((value,)) + an_answer[at + 1 :]
    judged = judge(changed, digest=DIGEST.hex(), facts=trusting(an_office), nonce=7)
    if judged.verdict.faults == ():
        # What no signature covers may change: which certificates came along beside the signer's.
        told = judge(an_answer, digest=DIGEST.hex(), facts=trusting(an_office), nonce=7).verdict
        assert (judged.verdict.stamped_at, judged.verdict.serial) == (told.stamped_at, told.serial)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300))
def test_any_bytes_are_a_verdict(an_office, content):
    verdict = judge(content, digest=DIGEST.hex(), facts=trusting(an_office)).verdict
    assert verdict.faults == (StampFault.UNREADABLE,)
    assert not is_whole(content) or content[:1] == b"0"


def test_what_was_kept_with_an_answer_completes_the_way_but_is_no_root(an_office):
    from cryptography.hazmat.primitives.serialization import Encoding

    bare = an_office.reply(question(DIGEST, nonce=7, wants_certificates=False))
    kept = [
        each.certificate.public_bytes(Encoding.DER)
        for each in (an_office.signer, an_office.between, an_office.root)
    ]
    facts = trusting(an_office, certificates=())
    assert judge(bare, digest=DIGEST.hex(), facts=facts, chain=kept).verdict.faults == ()
    other = trusting(an_office, certificates=(), roots=(identity("Another root").pem,))
    assert judge(bare, digest=DIGEST.hex(), facts=other, chain=kept).verdict.faults == (StampFault.UNTRUSTED,)


def test_a_root_that_another_root_has_signed_as_well_is_still_the_root(tmp_path):
    """DigiCert and GlobalSign send their root along, signed by an older one that need not be trusted."""
    office = Office(folder=tmp_path / "office", manner=Manner.WITH_CHAIN)
    older = identity("Older root")
    office.above = identity("Root of the practice authority", issuer=older, key=office.root.key)
    answer = office.answer(QUESTION)
    assert office.above.certificate.public_bytes(_der()) in answer
    trusted = trusting(office, certificates=(office.above.pem,))
    for facts in (trusting(office, certificates=()), trusted):
        judged = judge(answer, digest=DIGEST.hex(), facts=facts, nonce=7, chain=certificates(answer))
        assert judged.verdict.faults == ()
        assert judged.chain[-1] == office.root.certificate
    stranger = trusting(office, certificates=(), roots=(identity("Another root").pem,))
    assert judge(answer, digest=DIGEST.hex(), facts=stranger).verdict.faults == (StampFault.UNTRUSTED,)


def _der():
    from cryptography.hazmat.primitives.serialization import Encoding

    return Encoding.DER
