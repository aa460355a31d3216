"""A browser's picture without losing a pixel: in fewer bytes, and cut into parts."""

import math
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image as Pixels

TALLEST = 16_383
"""Pixels. A WebP cannot be larger, in either direction."""
_METHOD = 1
"""Of Pillow's 0 to 6: on pages the first that comes near the smallest size, and one of the quickest."""
_LEVEL = 4
"""Of zlib's 0 to 9: a mail's preview is as large as with more, and written in half the time."""


def as_webp(picture: bytes) -> bytes | None:
    """Return a browser's PNG as lossless WebP; `None` where it is too tall for that, or no picture."""
    from PIL import Image  # noqa: PLC0415 - most checks keep no page, and need not wait for it

    try:
        with Image.open(BytesIO(picture), formats=("PNG",)) as opened:
            if max(opened.size) > TALLEST:
                return None
            return _written(opened.convert("RGB"))
    except (OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombError):
        return None


class Picture:
    """A picture that parts are cut from. Boxes are (left, top, width, height) in its pixels; halves belong to the part."""

    def __init__(self, picture: bytes) -> None:
        """Unpack a browser's PNG.

        Raises:
            ValueError: it is none, or its pixels do not fit into memory.
        """
        from PIL import Image  # noqa: PLC0415 - as above

        try:
            with Image.open(BytesIO(picture), formats=("PNG",)) as opened:
                self._pixels = opened.convert("RGB")
        except (OSError, SyntaxError, MemoryError, Image.DecompressionBombError) as error:
            raise ValueError("this is no PNG that could be read") from error

    def webp(self, box: tuple[float, float, float, float]) -> bytes | None:
        """Return a part as lossless WebP; `None` where it is too large for that."""
        part = self._part(box)
        return _written(part) if max(part.size) <= TALLEST else None

    def png(self, box: tuple[float, float, float, float], *, width: int | None = None) -> bytes:
        """Return a part as PNG, at most so wide."""
        from PIL.Image import Resampling  # noqa: PLC0415 - as above

        part, written = self._part(box), BytesIO()
        if width is not None and part.width > width:
            height = max(round(part.height * width / part.width), 1)
            # Small letters stay legible, in fewer bytes than with what is sharper.
            part = part.resize((width, height), resample=Resampling.HAMMING)
        part.save(written, "PNG", compress_level=_LEVEL)
        return written.getvalue()

    def _part(self, box: tuple[float, float, float, float]) -> "Pixels":
        left, top, width, height = box
        columns = _span(left, left + width, self._pixels.width)
        rows = _span(top, top + height, self._pixels.height)
        return self._pixels.crop((columns[0], rows[0], columns[1], rows[1]))


def _span(begin: float, end: float, most: int) -> tuple[int, int]:
    """Return the whole pixels between two places, at least one; what lies beyond the picture belongs to no part."""
    first = min(max(math.floor(begin), 0), most - 1)
    return first, max(min(math.ceil(end), most), first + 1)


def _written(pixels: "Pixels") -> bytes:
    written = BytesIO()
    pixels.save(written, "WEBP", lossless=True, method=_METHOD, quality=20)
    return written.getvalue()
