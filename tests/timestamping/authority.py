"""Authorities on loopback: OpenSSL's `openssl ts` behind a small web server. One is honest, the others misbehave.

    .venv/bin/python -m tests.timestamping.authority FOLDER

makes the stamp whose certificate has expired since, which `test_old_stamp.py` keeps judging.
"""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

POLICY = "1.2.3.4.1"
STAMPS = ExtendedKeyUsageOID.TIME_STAMPING
OTHER_DIGEST = "ab" * 32
_CONFIG = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
crypto_device = builtin
signer_digest = sha256
default_policy = {policy}
digests = {digests}
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


class Manner(StrEnum):
    """How an authority answers."""

    HONEST = "honest"
    WITH_CHAIN = "with chain"
    WITHOUT_CERTIFICATE = "without certificate"
    OTHER_NONCE = "other nonce"
    OTHER_HASH = "other hash"
    OTHER_KEY_USAGE = "other key usage"
    OTHER_CERTIFICATE_NAMED = "other certificate named"
    CHANGED = "changed"
    REJECTION = "rejection"
    GARBAGE = "garbage"
    LOGIN_PAGE = "login page"
    TRUNCATED = "truncated"
    TRAILING = "trailing"
    HTTP_500 = "500"
    HTTP_404 = "404"
    REDIRECT = "redirect"
    SLOW = "slow"
    HUGE = "huge"
    HANGS_UP = "hangs up"


def openssl() -> str:
    """Return OpenSSL's program; a test that lacks it is skipped, and says so."""
    found = shutil.which("openssl")
    if found is None:
        pytest.skip("no openssl is installed (`make test` installs it where it may)")
    return found


def run(*arguments: object, data: bytes = b"") -> bytes:
    """Run openssl and return what it prints."""
    command = [openssl(), *map(str, arguments)]
    done = subprocess.run(command, input=data, capture_output=True, timeout=30)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout


@dataclass(frozen=True, kw_only=True)
class Identity:
    """A certificate, its key, and who has issued it."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    issuer: "Identity | None" = None

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def identity(
    name: str,
    *,
    issuer: Identity | None = None,
    usage: ObjectIdentifier | None = None,
    valid: tuple[timedelta, timedelta] = (-timedelta(days=1), timedelta(days=365)),
    key: ec.EllipticCurvePrivateKey | None = None,
    serial: int | None = None,
    critical: bool = True,
) -> Identity:
    """Make a certificate: without a usage an authority's, else a signer's. `valid` counts from now."""
    key, now = key or ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(serial or x509.random_serial_number())
        .not_valid_before(now + valid[0])
        .not_valid_after(now + valid[1])
    )
    if usage is None:
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    else:
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=critical)
    made = builder.sign((issuer.key if issuer else key), hashes.SHA256())
    return Identity(certificate=made, key=key, issuer=issuer)


@dataclass(kw_only=True)
class Office:
    """A root, an authority in between, a signer; and `openssl ts` that answers in their name."""

    folder: Path
    root: Identity = field(default_factory=lambda: identity("Root of the practice authority"))
    between: Identity = None  # type: ignore[assignment]
    signer: Identity = None  # type: ignore[assignment]
    manner: Manner = Manner.HONEST
    above: Identity | None = None
    """What is sent in the root's place."""
    usage: Identity | None = None
    """Who signs in the manner of another key usage."""

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.between = self.between or identity("Practice authority", issuer=self.root)
        self.signer = self.signer or identity("Practice signer", issuer=self.between, usage=STAMPS)

    def answer(self, query: bytes) -> bytes:  # noqa: C901, PLR0911, PLR0912 - one line for each manner
        """Answer a question as the manner wants it."""
        match self.manner:
            case Manner.WITH_CHAIN:
                return self.reply(query, chain=True)
            case Manner.WITHOUT_CERTIFICATE:
                return self.reply(_without_wish(query))
            case Manner.OTHER_NONCE:
                return self.reply(run("ts", "-query", "-digest", _digest_of(query), "-sha256", "-cert"))
            case Manner.OTHER_HASH:
                return self.reply(
                    query.replace(bytes.fromhex(_digest_of(query)), bytes.fromhex(OTHER_DIGEST))
                )
            case Manner.OTHER_KEY_USAGE:
                return self._with_usage(query)
            case Manner.OTHER_CERTIFICATE_NAMED:
                return self._with_twin(query)
            case Manner.CHANGED:
                return _changed(self.reply(query))
            case Manner.REJECTION:
                return self.reply(query, digests="sha512")
            case Manner.TRUNCATED:
                return self.reply(query)[:-20]
            case Manner.TRAILING:
                return self.reply(query) + b"\x00"
            case Manner.GARBAGE:
                return bytes(range(256)) * 8
            case Manner.LOGIN_PAGE:
                return b"<html><body>Please log in to the hotel's network</body></html>"
            case Manner.HUGE:
                return b"\x30" * 3_000_000
            case _:
                return self.reply(query)

    def reply(self, query: bytes, *, chain: bool = False, digests: str = "sha256") -> bytes:
        """Let `openssl ts` answer."""
        asked, config = self._file("query.tsq", query), self._config(digests)
        signer = ("-signer", self._file("signer.pem", self.signer.pem.encode()))
        key = ("-inkey", self._file("signer.key", self.signer.key_pem))
        above = self._file("chain.pem", (self.between.pem + (self.above or self.root).pem).encode())
        more = ("-chain", above) if chain else ()
        out = self.folder / "reply.tsr"
        run("ts", "-reply", "-config", config, "-queryfile", asked, *signer, *key, *more, "-out", out)
        return out.read_bytes()

    def _with_usage(self, query: bytes) -> bytes:
        """Sign a stamp with a certificate that is for web servers; `openssl ts` itself would refuse to."""
        bad = self.usage or identity("Web server", issuer=self.between, usage=ExtendedKeyUsageOID.SERVER_AUTH)
        return self._signed_by(query, bad)

    def _with_twin(self, query: bytes) -> bytes:
        """Sign with one certificate and send another of the same key, name and number along."""
        twin = identity(
            "Practice signer",
            issuer=self.between,
            usage=STAMPS,
            key=self.signer.key,
            serial=self.signer.certificate.serial_number,
            valid=(-timedelta(days=300), timedelta(days=300)),
        )
        real, other = (each.certificate.public_bytes(Encoding.DER) for each in (self.signer, twin))
        answer = self.reply(query)
        # Only as long as both have the same length can they be swapped in place.
        return answer.replace(real, other) if len(real) == len(other) else self._with_twin(query)

    def _signed_by(self, query: bytes, signer: Identity) -> bytes:
        from watcher.timestamping.der import INTEGER, SEQUENCE, element

        token = self._file("token.tst", _token_info(self.reply(query)))
        made = run(
            "cms", "-sign", "-binary", "-nodetach", "-cades", "-md", "sha256",
            "-econtent_type", "1.2.840.113549.1.9.16.1.4",
            "-signer", self._file("other.pem", signer.pem.encode()),
            "-inkey", self._file("other.key", signer.key_pem),
            "-in", token, "-outform", "DER",
        )  # fmt: skip
        return element(SEQUENCE, element(SEQUENCE, element(INTEGER, b"\0")), made)

    def _config(self, digests: str) -> Path:
        text = _CONFIG.format(folder=self.folder, policy=POLICY, digests=digests)
        return self._file(f"{digests}.cnf", text.encode())

    def _file(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path


def _without_wish(query: bytes) -> bytes:
    """Return the question without the wish for certificates: BOOLEAN TRUE, which stands at its end."""
    wish = b"\x01\x01\xff"
    if not query.endswith(wish):
        return query
    return bytes((query[0], query[1] - len(wish))) + query[2 : -len(wish)]


def _digest_of(query: bytes) -> str:
    from watcher.timestamping.der import OCTETS, SEQUENCE, child, part_at

    imprint = child(query, part_at(query, 0), 1, tag=SEQUENCE)
    found = child(query, imprint, 1, tag=OCTETS)
    return query[found.content : found.end].hex()


def _token_info(answer: bytes) -> bytes:
    """Return the signed statement within an answer."""
    from rfc3161_client import decode_timestamp_response

    return decode_timestamp_response(answer).tst_info.as_bytes()  # type: ignore[attr-defined]


def _changed(answer: bytes) -> bytes:
    """Set the stamp's own time a little back, as a forger would."""
    at = answer.index(b"\x18\x0f20") + 2
    told = datetime.strptime(answer[at : at + 14].decode(), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return answer[:at] + f"{told - timedelta(hours=2):%Y%m%d%H%M%S}".encode() + answer[at + 14 :]


@dataclass
class Desk:
    """An authority that is reached over HTTP, and what it was asked."""

    office: Office
    url: str = ""
    asked: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    released: Event = field(default_factory=Event)

    def behave(self, manner: Manner) -> None:
        self.office.manner = manner


@contextmanager
def desk(office: Office) -> Iterator[Desk]:
    """Open an office on loopback for the length of the block."""
    here = Desk(office)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            here.asked.append((self.path, dict(self.headers), body))
            match office.manner:
                case Manner.HTTP_500 | Manner.HTTP_404:
                    self.send_error(int(office.manner.value))
                case Manner.REDIRECT:
                    self.send_response(302)
                    self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                case Manner.HANGS_UP:
                    self.connection.close()
                case Manner.SLOW:
                    here.released.wait(30)
                case _:
                    self._say(office.answer(body))

        def _say(self, content: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            try:
                self.wfile.write(content)
            except OSError:
                pass  # whoever asked has heard enough

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    here.url = f"http://127.0.0.1:{server.server_port}/tsa?kind=practice"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield here
    finally:
        here.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


def make_old_stamp(folder: Path, *, sleep: Callable[[float], None] = time.sleep) -> None:
    """Make a stamp whose signer is about to expire, with all that is needed to judge it later."""
    office = Office(folder=folder / "office")
    office.signer = identity(
        "Practice signer",
        issuer=office.between,
        usage=STAMPS,
        valid=(-timedelta(days=1), timedelta(seconds=5)),
    )
    hashes_of = "".join(f"{number:064x}\n" for number in range(1, 4)).encode()
    data = folder / "hashes.txt"
    data.write_bytes(hashes_of)
    query = run("ts", "-query", "-data", data, "-sha256", "-cert")
    (folder / "old.tsr").write_bytes(office.reply(query))
    (folder / "old-root.pem").write_text(office.root.pem, encoding="ascii")
    (folder / "old-between.pem").write_text(office.between.pem, encoding="ascii")
    shutil.rmtree(office.folder)
    sleep(6)


if __name__ == "__main__":
    make_old_stamp(Path(sys.argv[1]))
