"""How large a picture is, told by its first bytes."""

import struct

ENOUGH = 32
"""Bytes from which the size can be told."""


def size_of(picture: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG or WebP, as its first bytes tell them; `None` for anything else."""
    if picture[:8] == b"\x89PNG\r\n\x1a\n" and len(picture) >= 24:  # noqa: PLR2004
        width, height = struct.unpack(">II", picture[16:24])
        return width, height
    if picture[:4] != b"RIFF" or picture[8:12] != b"WEBP" or len(picture) < 30:  # noqa: PLR2004
        return None
    match picture[12:16]:
        case b"VP8X":
            wide, high = picture[24:27] + b"\0", picture[27:30] + b"\0"
            return struct.unpack("<I", wide)[0] + 1, struct.unpack("<I", high)[0] + 1
        case b"VP8L":
            bits = struct.unpack("<I", picture[21:25])[0]
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            width, height = struct.unpack("<HH", picture[26:30])
            return width & 0x3FFF, height & 0x3FFF
    return None
