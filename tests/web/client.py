"""Someone who speaks HTTP with a running dashboard, with or without its cookie, truthfully or not."""

import http.client
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from watcher.web.gate import COOKIE


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()


@dataclass(slots=True, kw_only=True)
class Client:
    """One browser, as far as headers go; redirects are not followed."""

    address: str
    token: str
    headers: dict[str, str] = field(default_factory=dict)
    """Sent along each time, in place of what a browser would send."""

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, headers=headers)

    def post(
        self,
        path: str,
        fields: Mapping[str, str] | None = None,
        *,
        files: Mapping[str, tuple[str, bytes]] | None = None,
        csrf: bool = True,
        **headers: str,
    ) -> Answer:
        """Send a form as the dashboard's own pages would."""
        origin = self.address.rstrip("/")
        sent = {**({"csrf": self.csrf} if csrf else {}), **(fields or {})}
        body, kind = (
            _multipart(sent, files)
            if files
            else (urlencode(sent).encode(), "application/x-www-form-urlencoded")
        )
        return self.ask("POST", path, body=body, headers={"Origin": origin, "Content-Type": kind, **headers})

    def ask(
        self, method: str, path: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a request; headers that are empty are left out, underscores in their names stand for hyphens."""
        where = urlsplit(self.address)
        connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=20)
        sent = {"Host": where.netloc, "Cookie": f"{COOKIE}={self.token}", **self.headers}
        sent |= {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in sent.items():
                if value:
                    connection.putheader(name, value)
            if body or method != "GET":
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body or None)
            answer = connection.getresponse()
            return Answer(status=answer.status, headers=dict(answer.getheaders()), content=answer.read())
        finally:
            connection.close()

    @property
    def csrf(self) -> str:
        """What the dashboard's forms carry, as its pages tell."""
        found = re.search(r'"X-Stornowacht": "([0-9a-f]{64})"', self.get("/").text)
        assert found is not None
        return found[1]


def _multipart(fields: Mapping[str, str], files: Mapping[str, tuple[str, bytes]]) -> tuple[bytes, str]:
    line = "----stornowacht"
    parts = [
        f'--{line}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    parts += [
        f"--{line}\r\nContent-Disposition: form-data; name={json.dumps(name)}; filename={json.dumps(file)}\r\n"
        f"Content-Type: application/octet-stream\r\n\r\n".encode()
        + content
        + b"\r\n"
        for name, (file, content) in files.items()
    ]
    return b"".join(parts) + f"--{line}--\r\n".encode(), f"multipart/form-data; boundary={line}"
