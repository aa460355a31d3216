"""The practice shop over TLS, with a certificate authority of this test's own: what is told of the connection is real."""

import base64
import itertools
import json
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID
from playwright.sync_api import Playwright

from fixtures.shop import Shop, five_orders
from watcher.browser.browser_settings import BrowserSettings
from watcher.browser.guard import write_extension
from watcher.browser.recorder import Recorder
from watcher.browser.visit import BrowserVisit
from watcher.browser.visitor import launch
from watcher.domain.capture import Capture
from watcher.storage.capture_files import files_of

pytestmark = pytest.mark.browser


AUTHORITY = "Uebungsamt 1"


@pytest.fixture
def certificate() -> trustme.LeafCert:
    return authority().issue_cert("127.0.0.1", organization_name="Uebungsladen", common_name="127.0.0.1")


def authority() -> trustme.CA:
    """An authority with a common name: that is all a browser tells of one, and trustme's own have none."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, AUTHORITY)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return trustme.CA.from_pem(made.public_bytes(Encoding.PEM), private)


@pytest.fixture
def shop(certificate: trustme.LeafCert) -> Iterator[Shop]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    with Shop(five_orders(datetime.now(UTC)), tls=context) as running:
        running.delay = 0
        yield running


def parsed(certificate: trustme.LeafCert) -> x509.Certificate:
    return x509.load_pem_x509_certificate(certificate.cert_chain_pems[0].bytes())


def trusting(certificate: trustme.LeafCert) -> str:
    """The switch by which this browser accepts this one key, and no other."""
    key = parsed(certificate).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"--ignore-certificate-errors-spki-list={base64.b64encode(sha256(key).digest()).decode()}"


@pytest.fixture
def capture(
    playwright: Playwright, a_browser: Path, tmp_path: Path, shop: Shop, certificate: trustme.LeafCert
) -> Iterator[Capture]:
    """A thread of the shop, seen by a guarded browser."""
    settings = BrowserSettings(
        base_url=shop.base_url,
        gateway_url=shop.gateway_url,
        storage=tmp_path,
        switches=(trusting(certificate),),
    )
    extension = write_extension(tmp_path / "guard")
    context = launch(playwright, settings, a_browser, profile=tmp_path / "profile", extension=extension)
    context.add_cookies(shop.login_cookies())  # type: ignore[arg-type]
    page = context.pages[0]
    ids = itertools.count(1)
    visit = BrowserVisit(
        account="main",
        settings=settings,
        page=page,
        recorder=Recorder(page, origin=shop.gateway_url),
        clock=lambda: datetime.now(UTC),
        new_id=lambda: f"capture-{next(ids)}",
        deadline=time.monotonic() + 60,
        browser="a browser",
    )
    yield visit.details(visit.open_thread(shop.deal("friteuse").conversation_id))
    context.close()


def test_protocol_certificate_and_address_are_those_of_the_real_connection(capture, shop, certificate):
    assert shop.base_url.startswith("https://")
    assert capture.failure is None
    told = json.loads(files_of(capture)[-1].content)
    real = parsed(certificate)
    for connection, url in (
        (told["document"], shop.base_url),
        *((answer["connection"], shop.gateway_url) for answer in told["answers"]),
    ):
        assert connection["address"] == url.removeprefix("https://")
        assert "why_no_tls" not in connection
        tls = connection["tls"]
        assert tls["protocol"] == "TLS 1.3"
        assert tls["subject"] == "127.0.0.1"
        assert tls["issuer"] == AUTHORITY
        assert datetime.fromisoformat(tls["valid_from"]) == real.not_valid_before_utc
        assert datetime.fromisoformat(tls["valid_to"]) == real.not_valid_after_utc
    assert len(told["answers"]) == 2
    assert capture.is_complete, capture.lacks


def test_a_browser_that_does_not_trust_the_authority_captures_that_there_is_no_page(
    playwright: Playwright, a_browser: Path, tmp_path: Path, shop: Shop
):
    settings = BrowserSettings(base_url=shop.base_url, storage=tmp_path)
    extension = write_extension(tmp_path / "guard")
    context = launch(playwright, settings, a_browser, profile=tmp_path / "profile", extension=extension)
    page = context.pages[0]
    visit = BrowserVisit(
        account="main",
        settings=settings,
        page=page,
        recorder=Recorder(page),
        clock=lambda: datetime.now(UTC),
        new_id=lambda: "capture-1",
        deadline=time.monotonic() + 60,
        browser="a browser",
    )
    capture = visit.open_list(lambda _: True)
    context.close()
    assert "ERR_CERT_AUTHORITY_INVALID" in (capture.failure or "")
    assert capture.document is None
    assert capture.lacks[0].startswith("page: ")
