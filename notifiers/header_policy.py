"""How header lines are written: as the standard library does, but for non-ASCII words."""

from email.header import Header
from email.policy import SMTP, EmailPolicy
from typing import Any, Final

_UNSTRUCTURED = frozenset({"subject", "content-description"})


class WordSafe(EmailPolicy):
    """Writes unstructured headers that hold non-ASCII text as encoded words from end to end.

    The library's own folding mixes plain and encoded words, and then drops or doubles the spaces between them
    (Python 3.11): "benutzt (45,00 €) – bis" arrives as "benutzt  (45,00 €)– bis".
    """

    def fold(self, name: str, value: Any) -> str:
        """Return the header as lines of text."""
        return (
            self._encoded(name, str(value)) if self._needs_words(name, value) else super().fold(name, value)
        )

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Return the header as bytes."""
        if self._needs_words(name, value):
            return self._encoded(name, str(value)).encode("ascii")
        return super().fold_binary(name, value)

    def _needs_words(self, name: str, value: Any) -> bool:
        return name.lower() in _UNSTRUCTURED and not str(value).isascii()

    def _encoded(self, name: str, value: str) -> str:
        words = Header(value, "utf-8", header_name=name).encode(linesep=self.linesep)
        return f"{name}: {words}{self.linesep}"


ASCII_SERVERS: Final = WordSafe(linesep=SMTP.linesep)
UNICODE_SERVERS: Final = WordSafe(linesep=SMTP.linesep, utf8=True)
