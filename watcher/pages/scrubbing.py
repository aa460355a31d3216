"""Takes secrets out of what is about to be stored, and counts what was taken out."""

import base64
import binascii
import json
import re
from collections import Counter
from collections.abc import Collection, Mapping
from functools import lru_cache

from watcher.domain.capture import Body, Removed
from watcher.pages import secrets

_DATA_ADDRESS = re.compile(r"(data:[\w/+.;=-]*;base64,)([\w+/=%-]{16,})", re.ASCII)
_RUN = re.compile(r"[A-Za-z0-9]+")
_NAMED = {"&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos"}


class Scrubber:
    """Knows secrets and takes them out; each becomes `removed-1`, `removed-2` ... wherever it stands in one capture.

    Args:
        sure: secrets, and what each one is.
        perhaps: further ones that count only if they are none of the ids.
        ids: what must stay whatever it looks like.
    """

    def __init__(
        self, sure: Mapping[str, str], perhaps: Mapping[str, str] | None = None, ids: Collection[str] = ()
    ) -> None:
        self._known = dict(sure)
        self._known.update({value: what for value, what in (perhaps or {}).items() if value not in ids})
        self._numbers: dict[str, int] = {}
        self._counts: Counter[tuple[str, str]] = Counter()

    @property
    def removed(self) -> tuple[Removed, ...]:
        """What was taken out so far, from where, and how often."""
        return tuple(
            Removed(where=where, what=self._clean(what), times=times)
            for (where, what), times in sorted(self._counts.items())
        )

    def know(self, sure: Mapping[str, str]) -> None:
        """Take note of further secrets."""
        for value, what in sure.items():
            self._known.setdefault(value, what)

    def learn(self, text: str) -> None:
        """Take note of the secrets that a text shows by their shape or their name."""
        self.know(secrets.in_text(text))

    def learn_url(self, url: str) -> None:
        """Take note of the secrets in an address."""
        self.know(secrets.of_url(url))

    def text(self, text: str, where: str) -> str:
        """Return a text without any secret, however it is escaped there; one that holds none comes back as it is."""
        self.learn(text)
        return self._without(self._without_hidden(text, where), where)

    def url(self, url: str, where: str = "address") -> str:
        """Return an address without any secret."""
        self.learn_url(url)
        return self.text(url, where)

    def body(self, body: Body, where: str = "json") -> Body:
        """Return an answer without any secret; one whose keys bear a token is withheld from the archive as a whole."""
        text = body.content.decode(errors="surrogateescape")
        bears = _bears_token(text)
        content = self.text(text, where).encode(errors="surrogateescape")
        return Body(
            url=self.url(body.url),
            status=body.status,
            content=content,
            exchange=body.exchange,
            withheld=body.withheld or bears,
        )

    def holds_secret(self, content: bytes) -> bool:
        """Whether bytes that are no text hold one of the secrets."""
        return any(value.encode() in content for value in self._known if value.isascii())

    def _without(self, text: str, where: str) -> str:
        for value in sorted(self._known, key=len, reverse=True):
            if not _may_be_in(value, text):
                continue
            mark = f"removed-{self._number(value)}"
            text, times = _pattern(value).subn(mark, text)
            if times:
                self._counts[where, self._known[value]] += times
        return text

    def _without_hidden(self, text: str, where: str) -> str:
        """Look into addresses that carry their content in themselves."""
        if ";base64," not in text:
            return text
        return _DATA_ADDRESS.sub(lambda match: match[1] + self._hidden(match[2], where), text)

    def _hidden(self, encoded: str, where: str) -> str:
        try:
            content = base64.b64decode(encoded.replace("%3D", "=").replace("%2B", "+").replace("%2F", "/"))
        except (ValueError, binascii.Error):
            return encoded
        if not self.holds_secret(content):
            return encoded
        self._counts[where, "address that carries a secret"] += 1
        return ""

    def _number(self, value: str) -> int:
        return self._numbers.setdefault(secrets.plain(value), len(self._numbers) + 1)

    def _clean(self, text: str) -> str:
        for value in sorted(self._known, key=len, reverse=True):
            if _may_be_in(value, text):
                text = _pattern(value).sub("…", text)
        return text


def _bears_token(text: str) -> bool:
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        return bool(secrets.in_text(text))
    return any(True for _ in secrets.in_json(answer))


def _may_be_in(value: str, text: str) -> bool:
    """Whether it is worth looking: the longest run of letters and digits is never escaped."""
    return _core(value) in text


@lru_cache(maxsize=1024)
def _core(value: str) -> str:
    return max(_RUN.findall(value), key=len, default="")


@lru_cache(maxsize=256)
def _pattern(value: str) -> re.Pattern[str]:
    """Return what finds a value as it is, in an address, in HTML, in JSON and in a script."""
    return re.compile("".join(_either(letter) for letter in value))


def _either(letter: str) -> str:
    if letter.isascii() and letter.isalnum():
        return letter
    code = ord(letter)
    in_address = "".join(f"%(?:25)*(?i:{byte:02x})" for byte in letter.encode(errors="surrogatepass"))
    ways = [rf"\\*{re.escape(letter)}", in_address, f"&#0*{code};?", f"&#[xX]0*(?i:{code:x});?"]
    if code <= 0xFFFF:  # noqa: PLR2004 - beyond, JSON writes two halves
        ways.append(rf"\\+u(?i:{code:04x})")
    if letter in _NAMED:
        ways.append(f"&{_NAMED[letter]};?")
    if letter == " ":
        ways.append(r"\+|&nbsp;")
    return f"(?:{'|'.join(ways)})"
