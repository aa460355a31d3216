"""Somebody else can check a stamp: with OpenSSL, the hashes, the answer and the certificates that were kept."""

import subprocess
from hashlib import sha256

import pytest

from tests.timestamping.authority import Manner, openssl
from tests.timestamping.conftest import trusting
from watcher.timestamping.client import HttpAuthority

HASHES = "".join(f"{number:064x}\n" for number in range(1, 40))


def verified(folder, *, data: str = HASHES, at: str | None = None) -> bool:
    (folder / "hashes.txt").write_text(data, encoding="ascii")
    command = [
        openssl(), "ts", "-verify", "-data", folder / "hashes.txt", "-in", folder / "X.tsr",
        "-CAfile", folder / "chain.pem", "-untrusted", folder / "chain.pem",
    ]  # fmt: skip
    more = ["-attime", at] if at else []
    done = subprocess.run([*command, *more], capture_output=True, text=True, timeout=30)
    return done.returncode == 0 and "Verification: OK" in done.stdout + done.stderr


@pytest.mark.parametrize("manner", [Manner.HONEST, Manner.WITH_CHAIN, Manner.WITHOUT_CERTIFICATE])
def test_openssl_verifies_with_the_certificates_that_were_kept(here, tmp_path, manner):
    here.behave(manner)
    office = here.office
    facts = trusting(office, url=here.url, certificates=(office.between.pem, office.signer.pem))
    answer = HttpAuthority(facts=facts).ask(sha256(HASHES.encode()).hexdigest(), nonce=99)
    (tmp_path / "X.tsr").write_bytes(answer.content)
    (tmp_path / "chain.pem").write_text(answer.chain, encoding="ascii")
    stamped_at = str(int(answer.verdict.stamped_at.timestamp()))
    assert verified(tmp_path, at=stamped_at)
    assert not verified(tmp_path, data=HASHES.replace("1", "2"), at=stamped_at)


def test_openssl_refuses_what_we_refuse_as_the_wrong_certificate(here, tmp_path):
    here.behave(Manner.OTHER_CERTIFICATE_NAMED)
    answer = HttpAuthority(facts=trusting(here.office, url=here.url)).ask(
        sha256(HASHES.encode()).hexdigest(), nonce=99
    )
    (tmp_path / "X.tsr").write_bytes(answer.content)
    (tmp_path / "chain.pem").write_text(here.office.between.pem + here.office.root.pem, encoding="ascii")
    assert not answer.verdict.ok
    assert not verified(tmp_path)
