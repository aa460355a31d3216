"""Certificates as PEM (RFC 7468), read without a library: few need more than their bytes."""

import binascii
import re
from base64 import b64decode
from pathlib import Path
from typing import Final

_BLOCK: Final = re.compile(
    r"-----BEGIN CERTIFICATE-----\s+([A-Za-z0-9+/=\s]+?)\s*-----END CERTIFICATE-----", re.ASCII
)
_LARGEST: Final = 1_000_000


class PemError(ValueError):
    """A file of certificates that is none."""


def ders_of(text: str) -> list[bytes]:
    """Return the certificates in a text, each in DER; broken ones are left out."""
    found = []
    for block in _BLOCK.finditer(text):
        try:
            found.append(b64decode("".join(block[1].split()), validate=True))
        except binascii.Error:
            continue
    return found


def pems_in(path: Path) -> tuple[str, ...]:
    """Return the certificates in a file, each as PEM.

    Raises:
        PemError: it cannot be read, or holds no certificate, or a broken one.
    """
    try:
        with path.open("rb") as stream:
            text = stream.read(_LARGEST).decode("ascii", errors="replace")
    except OSError as error:
        raise PemError(f"{path}: {error.strerror or error}") from error
    blocks = [block[0] + "\n" for block in _BLOCK.finditer(text)]
    if not blocks or len(blocks) != text.count("-----BEGIN CERTIFICATE-----"):
        raise PemError(f"{path}: no PEM file of certificates")
    return tuple(blocks)
