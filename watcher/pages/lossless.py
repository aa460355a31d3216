"""A picture in fewer bytes: the same pixels, as lossless WebP."""

from io import BytesIO

TALLEST = 16_383
"""Pixels. A WebP cannot be larger, in either direction."""
_METHOD = 1
"""Of Pillow's 0 to 6: on pages the first that comes near the smallest size, and one of the quickest."""


def as_webp(picture: bytes) -> bytes | None:
    """Return a browser's PNG as lossless WebP; `None` where it is too tall for that, or no picture."""
    from PIL import Image  # noqa: PLC0415 - most checks keep no page, and need not wait for it

    try:
        with Image.open(BytesIO(picture), formats=("PNG",)) as opened:
            if max(opened.size) > TALLEST:
                return None
            smaller = BytesIO()
            opened.convert("RGB").save(smaller, "WEBP", lossless=True, method=_METHOD, quality=20)
            return smaller.getvalue()
    except (OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombError):
        return None
