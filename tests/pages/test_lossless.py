"""A picture in fewer bytes, and each part of it, shows the very same pixels."""

from io import BytesIO

import pytest
from PIL import Image

from watcher.pages.lossless import TALLEST, Picture, as_webp


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


def pixels(content: bytes) -> tuple[str | None, tuple[int, int], bytes]:
    with Image.open(BytesIO(content)) as opened:
        return opened.format, opened.size, opened.convert("RGB").tobytes()


def test_a_part_shows_the_pixels_of_its_place_and_halves_belong_to_it() -> None:
    whole = png(320, 200)
    with Image.open(BytesIO(whole)) as opened:
        wanted = opened.crop((9, 20, 111, 61)).tobytes()
    part = Picture(whole).webp((9.5, 20.2, 101, 40.5))
    assert part is not None
    assert pixels(part) == ("WEBP", (102, 41), wanted)
    assert pixels(Picture(whole).png((9.5, 20.2, 101, 40.5))) == ("PNG", (102, 41), wanted)


@pytest.mark.parametrize(
    ("box", "size"),
    [
        ((-5, -5, 20, 10), (15, 5)),
        ((300, 190, 400, 400), (20, 10)),
        ((0, 0, 0, 0), (1, 1)),
        ((900, 900, 5, 5), (1, 1)),
    ],
)
def test_what_lies_beyond_the_picture_belongs_to_no_part(
    box: tuple[float, float, float, float], size: tuple[int, int]
) -> None:
    assert pixels(Picture(png(320, 200)).png(box))[1] == size


def test_a_small_one_keeps_its_shape_and_what_is_small_already_stays() -> None:
    picture = Picture(png(640, 400))
    assert pixels(picture.png((0, 0, 640, 400), width=320))[1] == (320, 200)
    assert pixels(picture.png((0, 0, 640, 1), width=320))[1] == (320, 1)
    assert pixels(picture.png((0, 0, 100, 400), width=320))[1] == (100, 400)


def test_a_part_too_tall_for_webp_is_none() -> None:
    assert Picture(png(2, TALLEST + 1)).webp((0, 0, 2, TALLEST + 1)) is None


def test_a_picture_of_a_kind_that_is_not_read_is_told() -> None:
    with pytest.raises(ValueError, match="image/gif"):
        Picture(png(4, 4), "image/gif")


def test_what_is_blackened_is_black_and_nothing_beside_it() -> None:
    picture = Picture(png(40, 30))
    assert not picture.is_black((10, 10, 5, 5))
    picture.blacken((10, 10, 5, 5))
    assert picture.is_black((10, 10, 5, 5))
    assert not picture.is_black((10, 10, 6, 6)), "the pixel at 15, 15 keeps its colour"
    finished = Picture(picture.png((0, 0, 40, 30)))
    assert finished.is_black((10, 10, 5, 5))
    assert not finished.is_black((10, 10, 6, 6))


@pytest.mark.parametrize(
    ("busy", "row"),
    [
        ([], 20),
        ([20], 19),
        ([20, 19, 18], 17),
        (list(range(10, 20)), 20),
        (list(range(10, 21)), 20),
        ([*range(10, 14), *range(15, 21)], 14),
    ],
)
def test_the_calmest_row_is_the_lowest_one_without_a_change(busy: list[int], row: int) -> None:
    drawn = Image.new("RGB", (30, 40), (9, 9, 9))
    for line in busy:
        drawn.putpixel((12, line), (9, 9, 10))
    content = BytesIO()
    drawn.save(content, "PNG")
    assert Picture(content.getvalue()).calmest_row(10, 20) == row


def test_of_a_line_of_single_pixels_each_row_is_calm() -> None:
    assert Picture(png(1, 40)).calmest_row(10, 20) == 20


def test_nothing_that_was_said_about_its_colours_is_written_with_a_part() -> None:
    told = BytesIO()
    Image.new("RGB", (20, 20)).save(told, "PNG", transparency=(0, 0, 0), icc_profile=b"a profile")
    with Image.open(BytesIO(Picture(told.getvalue()).png((0, 0, 20, 20)))) as part:
        assert part.info == {}


def test_a_very_tall_picture_is_read_without_a_warning_and_one_that_is_too_large_is_called_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 3_000)
    assert Picture(png(50, 100)).size == (50, 100)
    with pytest.raises(ValueError, match="too large"):
        Picture(png(100, 100))


@pytest.mark.parametrize("content", [b"", b"no picture", png(40, 40)[:60], b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
def test_of_what_is_no_whole_picture_there_are_no_parts(content: bytes) -> None:
    with pytest.raises(ValueError, match="no picture"):
        Picture(content)
