"""Every authority that is shipped, and the user's own."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from tests.support.every import every
from tests.timestamping.authority import Office, identity
from watcher.domain.anchor import Qualified
from watcher.domain.fact import Grade
from watcher.timestamping import setup
from watcher.timestamping.authority import AuthorityFacts, authorities
from watcher.timestamping.pem import PemError, ders_of, pems_in
from watcher.timestamping.setup import OwnEntry, with_own

ALL = list(authorities().values())
FREE = ("digicert", "sectigo")


def name_of(facts: AuthorityFacts) -> str:
    return facts.name


@every("facts", ALL, ids=name_of)
def test_each_says_where_it_is_asked_and_how_that_is_known(facts: AuthorityFacts) -> None:
    assert facts.url.startswith(("http://", "https://"))
    assert facts.title
    assert len(facts.country) == 2
    assert facts.fact is not None
    assert facts.fact.source
    assert facts.fact.seen <= datetime.now(UTC).date()


@every("facts", ALL, ids=name_of)
def test_each_root_is_a_certificate_that_has_issued_itself_and_lasts(facts: AuthorityFacts) -> None:
    assert facts.roots or facts.root_sha256
    for pem in facts.roots:
        (cert,) = x509.load_pem_x509_certificates(pem.encode())
        assert cert.issuer == cert.subject
        cert.verify_directly_issued_by(cert)
        assert cert.not_valid_after_utc.date() > date(2028, 1, 1)


def test_each_root_is_the_one_whose_fingerprint_and_end_stand_beside_it() -> None:
    import tomllib

    folder = Path(setup.__file__).parent / "authorities"
    for file in sorted(folder.glob("*.toml")):
        for root in tomllib.loads(file.read_text(encoding="utf-8")).get("root", ()):
            (cert,) = x509.load_pem_x509_certificates(root["pem"].encode())
            assert cert.fingerprint(hashes.SHA256()).hex() == root["sha256"], root["name"]
            assert cert.not_valid_after_utc.date() == root["until"], root["name"]
            assert root["name"] in cert.subject.rfc4514_string(), root["name"]
            assert root["source"]


def test_two_at_least_are_free_and_have_been_seen() -> None:
    for name in FREE:
        facts = authorities()[name]
        assert facts.roots
        assert facts.terms is not None
        assert "charge" in facts.terms.en
        assert facts.fact is not None
        assert facts.fact.confidence is Grade.SEEN


def test_nobody_is_called_qualified_without_a_source_that_says_so() -> None:
    called = {facts.name for facts in ALL if facts.qualified is Qualified.YES}
    assert called == {"sectigo_qualified"}


@pytest.fixture
def files(tmp_path: Path) -> Path:
    office = Office(folder=tmp_path / "office")
    (tmp_path / "root.pem").write_text("my root\n" + office.root.pem, encoding="ascii")
    (tmp_path / "two.pem").write_text(office.between.pem + office.signer.pem, encoding="ascii")
    return tmp_path


def test_an_own_authority_is_trusted_by_its_own_root(files: Path) -> None:
    entry = OwnEntry(
        name="mine",
        url="https://tsa.example/",
        roots=files / "root.pem",
        certificates=files / "two.pem",
        wants_certificates=False,
        qualified=Qualified.YES,
    )
    facts = with_own([entry])["mine"]
    assert (len(facts.roots), len(facts.certificates)) == (1, 2)
    assert (facts.url, facts.qualified, facts.wants_certificates) == (
        "https://tsa.example/",
        Qualified.YES,
        False,
    )
    assert set(authorities()) < set(with_own([entry]))


def test_an_own_root_completes_a_known_authority(files: Path) -> None:
    facts = with_own([OwnEntry(name="digicert", roots=files / "root.pem")])["digicert"]
    known = authorities()["digicert"]
    assert facts.roots[: len(known.roots)] == known.roots
    assert len(facts.roots) == len(known.roots) + 1
    assert (facts.url, facts.qualified, facts.fact) == (known.url, known.qualified, known.fact)


def test_another_address_under_a_known_name_is_trusted_by_what_the_user_says_alone(files: Path) -> None:
    entry = OwnEntry(name="digicert", url="https://tsa.example/", roots=files / "root.pem")
    facts = with_own([entry])["digicert"]
    assert (len(facts.roots), facts.fact, facts.qualified) == (1, None, Qualified.UNKNOWN)


def test_the_root_that_the_user_must_bring_is_the_authoritys_own(files: Path) -> None:
    entry = OwnEntry(name="sectigo_qualified", roots=files / "root.pem")
    facts = with_own([entry])["sectigo_qualified"]
    assert facts.roots == ()
    assert authorities()["sectigo_qualified"].root_sha256 in facts.problem


def test_the_right_root_is_taken(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (cert,) = x509.load_pem_x509_certificates((files / "root.pem").read_bytes())
    known = replace(authorities()["sectigo_qualified"], root_sha256=cert.fingerprint(hashes.SHA256()).hex())
    monkeypatch.setattr(setup, "authorities", lambda: {"sectigo_qualified": known})
    facts = with_own([OwnEntry(name="sectigo_qualified", roots=files / "root.pem")])["sectigo_qualified"]
    assert (len(facts.roots), facts.problem, facts.qualified) == (1, "", Qualified.YES)


@every(
    "content",
    ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n", "-----BEGIN PRIVATE KEY-----\nA\n"],
)
def test_a_file_that_holds_no_certificate_is_told_with_its_name(tmp_path: Path, content: str) -> None:
    path = tmp_path / "some.pem"
    path.write_text(content, encoding="ascii")
    with pytest.raises(PemError, match=r"some\.pem"):
        pems_in(path)
    facts = with_own([OwnEntry(name="mine", url="https://tsa.example/", roots=path)])["mine"]
    assert facts.roots == ()
    assert "some.pem" in facts.problem


def test_a_file_that_is_not_there_is_told_with_its_name(tmp_path: Path) -> None:
    facts = with_own([OwnEntry(name="mine", url="https://tsa.example/", roots=tmp_path / "gone.pem")])["mine"]
    assert "gone.pem: No such file" in facts.problem


def test_broken_blocks_among_certificates_are_left_out() -> None:
    good = identity("Somebody").pem
    assert len(ders_of(good + "-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----\n" + good)) == 2
