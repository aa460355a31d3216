"""What is measured of a photo: drawn pictures, blurred and darkened ones, and whatever is no picture."""

import random
import struct
import zlib
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from tests.support.every import every
from watcher.listings.rules import shipped_rules
from watcher.pages.photo import WIDTH, PhotoProblem, photo_of

LIMITS = {rule.id: rule for rule in shipped_rules()}


def scene(seed: int = 1, *, width: int = 1200, height: int = 900, things: int = 40) -> Image.Image:
    """A wall with many things on it."""
    dice = random.Random(seed)
    image = Image.new("RGB", (width, height), (205, 200, 190))
    pen = ImageDraw.Draw(image)
    for _ in range(things):
        x, y, size = dice.randrange(width), dice.randrange(height), dice.randrange(width // 40, width // 5)
        colour = tuple(dice.randrange(256) for _ in range(3))
        pen.rectangle(
            (x, y, x + size, y + size // 2), fill=colour, outline=(20, 20, 20), width=width // 300 + 1
        )
    return image


def cup() -> Image.Image:
    """One dark cup before a plain wall: little that is sharp, but that is."""
    image = Image.new("RGB", (1200, 900), (225, 225, 220))
    ImageDraw.Draw(image).ellipse((450, 300, 750, 620), fill=(70, 80, 120), outline=(30, 30, 40), width=5)
    return image


def encoded(image: Image.Image, kind: str = "JPEG", **how: object) -> bytes:
    file = BytesIO()
    image.save(file, kind, **how)
    return file.getvalue()


# name, picture, blur (pixels at 1200), what the rule must say: None, "unsure", "likely"
TABLE = [
    ("many things, sharp", scene, 0, None),
    ("many things, a hair soft", scene, 1, None),
    ("many things, soft as a phone's digital zoom", scene, 2, None),
    ("many things, out of focus", scene, 5, "hint"),
    ("many things, far out of focus", scene, 9, "likely"),
    ("one cup, sharp", cup, 0, None),
    ("one cup, a hair soft", cup, 1, None),
    ("one cup, out of focus", cup, 5, "hint"),
    ("one cup, far out of focus", cup, 9, "likely"),
]


@pytest.mark.slow
@every(("name", "picture", "blur", "said"), TABLE, ids=[row[0] for row in TABLE])
def test_the_limits_tell_what_is_blurred_from_what_has_few_edges(
    name: str, picture: Callable[[], Image.Image], blur: int, said: str | None
):
    """The table that the limits of `photo_blurred` rest on; at a hint either is right, so near the line nobody is told more."""
    sharpness = photo_of(encoded(picture().filter(ImageFilter.GaussianBlur(blur)), quality=85), 1).sharpness
    rule = LIMITS["photo_blurred"]
    assert sharpness is not None
    if said is None:
        assert sharpness >= rule.limit
    elif said == "hint":
        assert sharpness < rule.limit
    else:
        assert sharpness < rule.likely_limit


@every(
    ("factor", "said"),
    [(1.0, None), (0.6, None), (0.22, "hint"), (0.1, "likely")],
)
def test_the_limits_tell_dark_photos_from_dim_ones(factor: float, said: str | None):
    brightness = photo_of(encoded(ImageEnhance.Brightness(scene()).enhance(factor)), 1).brightness
    rule = LIMITS["photo_dark"]
    assert (brightness < rule.limit) is (said is not None)
    assert (brightness < rule.likely_limit) is (said == "likely")


def differing(one: Image.Image, other: Image.Image) -> int:
    first, second = (photo_of(encoded(each), 1).fingerprint for each in (one, other))
    return (first ^ second).bit_count()


@pytest.mark.slow
def test_the_same_view_has_nearly_the_same_fingerprint_and_another_has_not():
    limit = LIMITS["photo_twice"].limit
    picture = scene()
    assert differing(picture, ImageEnhance.Brightness(picture).enhance(0.85)) <= limit
    assert differing(picture, picture.resize((800, 600))) <= limit
    assert differing(picture, picture.crop((12, 9, 1188, 891)).resize((1200, 900))) <= limit
    for seed in range(2, 12):
        assert differing(picture, scene(seed)) > 2 * limit
        assert differing(scene(seed, things=4), scene(seed + 100, things=4)) > limit


@every("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_every_kind_of_picture_is_measured(kind: str):
    photo = photo_of(encoded(scene().convert("P") if kind == "GIF" else scene(), kind), 3)
    assert (photo.number, photo.width, photo.height, photo.problem) == (3, 1200, 900, None)
    assert 0.4 < photo.brightness < 0.8
    assert photo.sharpness > 300
    assert photo.fingerprint > 0


@pytest.mark.slow
@every("mode", ["L", "LA", "RGBA", "P", "1", "I;16"])
def test_every_mode_of_pixels_is_measured(mode: str):
    grey = scene().convert("L")
    image = (
        Image.frombytes("I;16", grey.size, bytes(b for v in grey.tobytes() for b in (v, v)))
        if mode == "I;16"
        else scene().convert(mode)
    )
    photo = photo_of(encoded(image, "PNG"), 1)
    assert photo.problem is None
    assert 0.4 < photo.brightness < 0.8


def test_what_is_transparent_shows_the_pages_white():
    clear = Image.new("RGBA", (800, 600), (0, 0, 0, 0))
    assert photo_of(encoded(clear, "PNG"), 1).brightness == 1.0


def test_a_photo_that_lies_on_its_side_is_turned():
    exif = Image.Exif()
    exif[0x0112] = 6
    photo = photo_of(encoded(scene(), exif=exif.tobytes()), 1)
    assert (photo.width, photo.height) == (900, 1200)
    assert (
        photo.fingerprint
        == photo_of(encoded(scene().transpose(Image.Transpose.ROTATE_270), quality=95), 1).fingerprint
    )


def test_a_small_photo_is_not_called_blurred():
    assert photo_of(encoded(scene(width=WIDTH - 1, height=300)), 1).sharpness is None


def test_a_photo_without_contrast_is_not_called_blurred():
    assert photo_of(encoded(Image.new("RGB", (1200, 900), (240, 240, 240))), 1).sharpness is None


def bomb() -> bytes:
    """A PNG of a few bytes that says it is 50,000 pixels wide and high."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )


def animated() -> bytes:
    return encoded(scene().convert("P"), "GIF", save_all=True, append_images=[scene(2).convert("P")])


# Drawn by the test alone: every process that collects tests would draw them otherwise.
@every(
    ("name", "make", "problem"),
    [
        ("nothing", lambda: b"", PhotoProblem.EMPTY),
        ("SVG", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", PhotoProblem.SVG),
        (
            "SVG with a declaration",
            lambda: b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- x --><svg></svg>",
            PhotoProblem.SVG,
        ),
        ("a page", lambda: b"<html>not there</html>", PhotoProblem.UNKNOWN_KIND),
        ("the first bytes of a GIF", lambda: b"GIF89a", PhotoProblem.UNKNOWN_KIND),
        ("half a JPEG", lambda: encoded(scene())[:4000], PhotoProblem.BROKEN),
        ("half a PNG", lambda: encoded(scene(), "PNG")[:4000], PhotoProblem.BROKEN),
        ("half a WebP", lambda: encoded(scene(), "WEBP")[:4000], PhotoProblem.BROKEN),
        ("a bomb", bomb, PhotoProblem.TOO_LARGE),
        ("an animation", animated, PhotoProblem.ANIMATED),
        ("colours for printing", lambda: encoded(scene().convert("CMYK")), PhotoProblem.COLOURS),
        ("BMP", lambda: encoded(scene(), "BMP"), PhotoProblem.UNKNOWN_KIND),
    ],
    ids=lambda case: case[0],
)
def test_what_cannot_be_measured_says_why(name: str, make: Callable[[], bytes], problem: PhotoProblem):
    photo = photo_of(make(), 2)
    assert (photo.number, photo.problem) == (2, problem)
    assert (photo.brightness, photo.sharpness, photo.fingerprint) == (None, None, None)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_damage_anywhere_is_a_problem_or_a_measure_and_never_a_fault(kind: str):
    dice, whole = (
        random.Random(kind),
        encoded(scene(width=160, height=120).convert("P" if kind == "GIF" else "RGB"), kind),
    )
    for _ in range(300):
        content = bytearray(whole)
        for _ in range(dice.randrange(1, 6)):
            content[dice.randrange(len(content))] = dice.randrange(256)
        photo = photo_of(bytes(content[: dice.randrange(1, len(content) + 1)]), 1)
        assert photo.problem is not None or photo.brightness is not None
