"""Certificates made for a test: real ones, of an authority nobody else knows."""

import ssl
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import trustme


@dataclass(frozen=True)
class Authority:
    """An authority and the PEM file that makes it trusted."""

    ca: trustme.CA
    file: Path

    def server(self, name: str, *, expires: datetime | None = None) -> ssl.SSLContext:
        """What a server needs to show itself as `name`."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.ca.issue_cert(name, not_after=expires).configure_cert(context)
        return context


def authority(folder: Path, name: str = "authority") -> Authority:
    ca = trustme.CA()
    file = folder / f"{name}.pem"
    ca.cert_pem.write_to_path(str(file))
    return Authority(ca=ca, file=file)
