"""How a webhook proves where it comes from: Standard Webhooks 1.0.0 (standardwebhooks.com), symmetric signatures.

Receivers need no code of ours: there are libraries for it in a dozen languages.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from typing import Final

_PREFIX: Final = "whsec_"
_SHORTEST, _LONGEST = 24, 64
"""Bytes, as the specification has it."""


def key_of(written: str) -> bytes:
    """The key that a secret such as ``whsec_MfKQ9r8G...`` holds.

    Raises:
        ValueError: It has another form, or another length than 24 to 64 bytes; the message does not repeat it.
    """
    encoded = written.strip()
    if not encoded.startswith(_PREFIX):
        raise ValueError("no whsec_ at its beginning")
    encoded = encoded.removeprefix(_PREFIX).rstrip("=")
    try:
        key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except binascii.Error:
        raise ValueError("no Base64 after whsec_") from None
    if not _SHORTEST <= len(key) <= _LONGEST:
        raise ValueError(f"{len(key)} bytes instead of {_SHORTEST} to {_LONGEST}")
    return key


def message_id(key: str) -> str:
    """The id of a message with that key: the same at every attempt, and without the dots that separate what is signed."""
    return f"msg_{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"


def headers(keys: Sequence[bytes], *, name: str, at: int, body: bytes) -> dict[str, str]:
    """The three headers of an attempt.

    Args:
        keys: The keys; while one replaces another, both, so that no receiver is left behind.
        name: The id of the message.
        at: When this attempt is made, in Unix seconds.
        body: What is sent, byte for byte.
    """
    signed = f"{name}.{at}.".encode() + body
    signatures = (base64.b64encode(hmac.digest(key, signed, "sha256")).decode("ascii") for key in keys)
    return {
        "webhook-id": name,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }
