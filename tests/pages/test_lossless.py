"""A picture in fewer bytes shows the very same pixels."""

from io import BytesIO

import pytest
from PIL import Image

from watcher.pages.lossless import TALLEST, as_webp


def png(width: int, height: int, mode: str = "RGB") -> bytes:
    picture = Image.new(mode, (width, height))
    for place in range(min(width, height)):
        picture.putpixel((place, place), (place % 256, 7, 255 - place % 256))
    content = BytesIO()
    picture.save(content, "PNG")
    return content.getvalue()


def test_every_pixel_stays_as_it_was() -> None:
    before = png(320, 200)
    after = as_webp(before)
    assert after is not None
    with Image.open(BytesIO(before)) as one, Image.open(BytesIO(after)) as other:
        assert other.format == "WEBP"
        assert one.convert("RGB").tobytes() == other.convert("RGB").tobytes()


def test_the_tallest_that_fits_is_changed_and_what_is_taller_stays() -> None:
    assert as_webp(png(2, TALLEST)) is not None
    assert as_webp(png(2, TALLEST + 1)) is None
    assert as_webp(png(TALLEST + 1, 2)) is None


@pytest.mark.parametrize("content", [b"", b"no picture", png(40, 40)[:60], b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
def test_what_is_no_whole_picture_stays_as_it_is(content: bytes) -> None:
    assert as_webp(content) is None


def test_a_picture_of_another_kind_is_not_touched() -> None:
    jpeg = BytesIO()
    Image.new("RGB", (20, 20)).save(jpeg, "JPEG")
    assert as_webp(jpeg.getvalue()) is None
