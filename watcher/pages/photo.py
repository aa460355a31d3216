"""What can be measured of one photo of an ad: its size, how bright and how sharp it is, and a fingerprint of its view."""

import struct
import warnings
import zlib
from enum import StrEnum
from io import BytesIO
from itertools import pairwise

from PIL import Image, ImageFilter, ImageOps, ImageStat, UnidentifiedImageError

from watcher.domain.ad import Photo

WIDTH = 480
"""Pixels to which a photo is brought before its sharpness is measured. A narrower one is not enlarged: that would blur it."""
MOST_PIXELS = 60_000_000
"""What phones take lies below; what claims to be larger is not unpacked."""
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
"""What the site's pages may show. Pillow could open far more kinds, some with the help of other programs."""
_PARTS = 4
"""The picture is cut into four by four parts: one thing before a plain wall is sharp, however little there is on the wall."""
_LAPLACE = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)
_WHITE = 255
_ORIENTATION = 0x0112
_ON_ITS_SIDE = {5, 6, 7, 8}
_LEAST_CONTRAST = 6.0
"""Standard deviation of the greys, of 255. Below, as in a white cup before a white wall, few edges say nothing."""
_FAULTS = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
    MemoryError,
    struct.error,
    zlib.error,
)
"""What Pillow raises for damaged files, depending on which of its decoders meets the damage."""


class PhotoProblem(StrEnum):
    """Why a photo was not measured."""

    EMPTY = "empty"
    SVG = "svg"
    """A drawing, which has no pixels."""
    UNKNOWN_KIND = "unknown_kind"
    BROKEN = "broken"
    """Damaged, or cut short."""
    TOO_LARGE = "too_large"
    """So many pixels that it might be meant to fill the memory."""
    ANIMATED = "animated"
    COLOURS = "colours"
    """Kept in the colours of printing (CMYK), which every program shows differently."""


def photo_of(content: bytes, number: int) -> Photo:
    """Measure one photo. Nothing raises: what cannot be measured has its `problem`, and its size where that much was told.

    1. Its size is what is shown: a photo that lies on its side in the file is turned first.
    2. Brightness is the mean of all pixels; what is transparent shows the page's white.
    3. Sharpness is the variance of the Laplacian of the sharpest of sixteen parts, on the picture `WIDTH` pixels wide and in
       256 greys, each value cut at 127: larger ones tell a hard edge from a harder one. `None` for a picture that is narrower, or
       has too little contrast to say.
    4. The fingerprint is a difference hash: of a picture 9 pixels wide and 8 high, whether each is brighter than its right
       neighbour.

    Args:
        content: the bytes as the page showed them.
        number: its place in the ad, from 1.
    """
    problem = _kind_problem(content)
    if problem is not None:
        return Photo(number=number, problem=problem)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about a damaged note in the file, which nobody needs
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=_FORMATS) as image:
                return _measured(image, number)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        problem = PhotoProblem.TOO_LARGE
    except UnidentifiedImageError:
        problem = PhotoProblem.UNKNOWN_KIND
    except _FAULTS:
        problem = PhotoProblem.BROKEN
    return Photo(number=number, problem=problem)


def _kind_problem(content: bytes) -> PhotoProblem | None:
    if not content:
        return PhotoProblem.EMPTY
    head = content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    is_drawing = (
        head.startswith((b"<svg", b"<?xml", b"<!doctype svg", b"<!--"))
        and b"<svg" in content[:10_000].lower()
    )
    return PhotoProblem.SVG if is_drawing else None


def _measured(image: Image.Image, number: int) -> Photo:
    width, height = image.size
    if width * height > MOST_PIXELS:
        return Photo(number=number, width=width, height=height, problem=PhotoProblem.TOO_LARGE)
    try:
        if image.getexif().get(_ORIENTATION, 1) in _ON_ITS_SIDE:
            width, height = height, width
        problem = _content_problem(image)
        if problem is not None:
            return Photo(number=number, width=width, height=height, problem=problem)
        grey = _grey(image)
    except _FAULTS:
        return Photo(number=number, width=width, height=height, problem=PhotoProblem.BROKEN)
    return Photo(
        number=number,
        width=width,
        height=height,
        brightness=round(ImageStat.Stat(grey).mean[0] / _WHITE, 4),
        sharpness=_sharpness(grey),
        fingerprint=_fingerprint(grey),
    )


def _content_problem(image: Image.Image) -> PhotoProblem | None:
    if getattr(image, "is_animated", False):
        return PhotoProblem.ANIMATED
    return PhotoProblem.COLOURS if image.mode == "CMYK" else None


def _grey(image: Image.Image) -> Image.Image:
    """Return the picture in greys, upright, and hardly larger than it is needed; a JPEG is unpacked no larger at all."""
    image.draft("L", (2 * WIDTH, 2 * WIDTH))
    upright = ImageOps.exif_transpose(image)
    if upright.mode in {"P", "PA", "LA", "La", "RGBa", "RGBA"} or "transparency" in upright.info:
        whole = upright.convert("RGBA")
        upright = Image.alpha_composite(
            Image.new("RGBA", whole.size, (_WHITE, _WHITE, _WHITE, _WHITE)), whole
        )
    if upright.mode.startswith("I"):  # sixteen bits for each pixel
        upright = upright.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    return upright.convert("L")


def _sharpness(grey: Image.Image) -> float | None:
    if grey.width < WIDTH or ImageStat.Stat(grey).stddev[0] < _LEAST_CONTRAST:
        return None
    height = round(grey.height * WIDTH / grey.width)
    if height < 3 * _PARTS:
        return None
    even = grey.resize(
        (WIDTH, height), Image.Resampling.BOX if grey.width > WIDTH else Image.Resampling.NEAREST
    )
    edges = even.filter(_LAPLACE).crop((1, 1, WIDTH - 1, height - 1))  # the outermost pixels are not filtered
    columns = _cuts(edges.width)
    rows = _cuts(edges.height)
    parts = (
        edges.crop((left, top, right, bottom))
        for left, right in pairwise(columns)
        for top, bottom in pairwise(rows)
    )
    return round(max(ImageStat.Stat(part).var[0] for part in parts), 1)


def _cuts(length: int) -> list[int]:
    return [length * part // _PARTS for part in range(_PARTS + 1)]


def _fingerprint(grey: Image.Image) -> int:
    small = grey.resize((9, 8), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            at = row * 9 + column
            bits = bits << 1 | (small[at] > small[at + 1])
    return bits
