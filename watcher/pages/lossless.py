"""A browser's picture without losing a pixel: in fewer bytes, cut into parts, and black where it must not be read."""

import math
import warnings
from io import BytesIO
from typing import TYPE_CHECKING

from watcher.domain.picture_size import size_of

if TYPE_CHECKING:
    from PIL.Image import Image as Pixels

TALLEST = 16_383
"""Pixels. A WebP cannot be larger, in either direction."""
_METHOD = 4
"""Of Pillow's 0 to 6. On a long, mostly empty page the ones below look for what repeats in each pixel's colour alone: 0.8 s for an
ad of 4,700 pixels, this one 0.1 s, in fewer bytes. A thread takes 40 ms with either."""
_FORMATS = {"image/png": "PNG", "image/webp": "WEBP"}
_LEVEL = 4
"""Of zlib's 0 to 9: a mail's preview is as large as with more, and written in half the time."""


def as_webp(picture: bytes) -> bytes | None:
    """Return a browser's PNG as lossless WebP; `None` where it is too tall for that, or no picture."""
    size = size_of(picture)
    if size is None or max(size) > TALLEST:
        return None
    try:
        return Picture(picture).webp((0, 0, *size))
    except (ValueError, OSError, MemoryError):
        return None


Box = tuple[float, float, float, float]
"""Left, top, width and height in a picture's pixels; a pixel of which a part lies in the box belongs to it."""


class Picture:
    """A picture of a page. What of a box lies beyond it does not count."""

    def __init__(self, picture: bytes, media_type: str = "image/png") -> None:
        """Unpack a PNG or a WebP.

        Raises:
            ValueError: it is none, or its pixels do not fit into memory.
        """
        from PIL import Image  # noqa: PLC0415 - most checks keep no page, and need not wait for it

        try:
            with warnings.catch_warnings():
                warnings.simplefilter(
                    "ignore", Image.DecompressionBombWarning
                )  # the page was as tall as that
                with Image.open(BytesIO(picture), formats=(_FORMATS[media_type],)) as opened:
                    self._pixels = opened.convert("RGB")
        except KeyError as error:
            raise ValueError(f"pictures of the type {media_type} are not read") from error
        except (MemoryError, Image.DecompressionBombError) as error:
            raise ValueError("the picture is too large") from error
        except (OSError, SyntaxError) as error:
            raise ValueError("this is no picture that can be read") from error
        self._pixels.info.clear()  # else a PNG is written with what was said about the colours of another file

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self._pixels.size

    def blacken(self, box: Box) -> None:
        """Paint a box black."""
        self._pixels.paste((0, 0, 0), self._within(box))

    def is_black(self, box: Box) -> bool:
        """Whether every pixel of a box is black."""
        return self._part(box).getbbox() is None

    def calmest_row(self, first: int, last: int) -> int:
        """Return the lowest of these rows in which the fewest neighbours differ: none, where nothing is drawn."""
        from PIL import ImageChops  # noqa: PLC0415 - as above

        width, rows = self._pixels.width, last - first + 1
        if width == 1:
            return last
        strip = self._pixels.crop((0, first, width, last + 1))
        differs = ImageChops.difference(strip.crop((1, 0, width, rows)), strip.crop((0, 0, width - 1, rows)))
        red, green, blue = differs.split()
        most = ImageChops.lighter(ImageChops.lighter(red, green), blue).tobytes()
        calm = [most.count(0, row * (width - 1), (row + 1) * (width - 1)) for row in range(rows)]
        return last - max(range(rows), key=lambda above: calm[rows - 1 - above])

    def webp(self, box: Box) -> bytes | None:
        """Return a part as lossless WebP; `None` where it is too large for that."""
        part = self._part(box)
        return _written(part) if max(part.size) <= TALLEST else None

    def png(self, box: Box, *, width: int | None = None) -> bytes:
        """Return a part as PNG, at most so wide."""
        from PIL.Image import Resampling  # noqa: PLC0415 - as above

        part, written = self._part(box), BytesIO()
        if width is not None and part.width > width:
            height = max(round(part.height * width / part.width), 1)
            # Small letters stay legible, in fewer bytes than with what is sharper.
            part = part.resize((width, height), resample=Resampling.HAMMING)
        part.save(written, "PNG", compress_level=_LEVEL)
        return written.getvalue()

    def _part(self, box: Box) -> "Pixels":
        return self._pixels.crop(self._within(box))

    def _within(self, box: Box) -> tuple[int, int, int, int]:
        left, top, width, height = box
        columns = _span(left, left + width, self._pixels.width)
        rows = _span(top, top + height, self._pixels.height)
        return columns[0], rows[0], columns[1], rows[1]


def _span(begin: float, end: float, most: int) -> tuple[int, int]:
    """Return the whole pixels between two places, at least one; what lies beyond the picture belongs to no part."""
    first = min(max(math.floor(begin), 0), most - 1)
    return first, max(min(math.ceil(end), most), first + 1)


def _written(pixels: "Pixels") -> bytes:
    written = BytesIO()
    pixels.save(written, "WEBP", lossless=True, method=_METHOD, quality=20)
    return written.getvalue()
