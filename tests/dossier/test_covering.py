"""Pictures for paper become PNG, are covered and cut, photos small; what counts are the pixels of the finished files."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser

from tests.dossier.shots import Shot, pixels
from watcher.app.press import Blackening, Box, Cutting, PressFault

pytestmark = pytest.mark.browser
BLACK, WHITE = 0xFF000000, 0xFFFFFFFF
LINES = "".join(f"<p>Zeile {number} mit einigem Text darin</p>" for number in range(60))


@pytest.fixture
def shot(chromium: Browser, tmp_path: Path) -> tuple[Shot, Path]:
    made = Shot(chromium, LINES)
    path = tmp_path / "negative"
    path.write_bytes(made.picture)
    return made, path


def test_a_webp_becomes_a_png_of_the_same_pixels(shot, press, chromium, tmp_path):
    made, negative = shot
    assert made.media_type == "image/webp"
    developed = press.develop(negative, media_type="image/webp", target=tmp_path / "a.png")
    assert (developed.width, developed.height) == (made.map.width, made.map.height)
    whole = [(0, 0, made.map.width, made.map.height)]
    png = developed.whole.read_bytes()
    assert png.startswith(b"\x89PNG")
    page = chromium.new_page()
    same = page.evaluate(
        """async pictures => {
          const pixels = await Promise.all(pictures.map(async ([content, type]) => {
            const bytes = Uint8Array.from(atob(content), letter => letter.charCodeAt(0));
            const bitmap = await createImageBitmap(new Blob([bytes], {type}));
            const canvas = document.createElement('canvas');
            [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
            const brush = canvas.getContext('2d', {willReadFrequently: true});
            brush.drawImage(bitmap, 0, 0);
            return new Uint32Array(brush.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
          }));
          return pixels[0].length === pixels[1].length && pixels[0].every((pixel, at) => pixel === pixels[1][at]);
        }""",
        [[_text(negative.read_bytes()), "image/webp"], [_text(png), "image/png"]],
    )
    page.close()
    assert same
    assert len(pixels(chromium, png, "image/png", whole)[0]) > 2, "it shows something"


def test_what_is_covered_is_black_and_nothing_else_is(shot, press, chromium, tmp_path):
    made, negative = shot
    [word] = [word for text in made.map.texts[3:4] for word in text if word.text == "3"]
    [place] = word.boxes
    blackening = Blackening(
        width=made.map.width,
        height=made.map.height,
        boxes=(Box(x=place.left, y=place.top, width=place.width, height=place.height),),
    )
    developed = press.develop(
        negative, media_type="image/webp", target=tmp_path / "a.png", blackening=blackening
    )
    inside = (place.left, place.top, place.width, place.height)
    below = (0, place.top + place.height + 8, made.map.width, 200)
    covered, other = pixels(chromium, developed.whole.read_bytes(), "image/png", [inside, below])
    assert covered == [BLACK]
    [[*before]] = pixels(chromium, made.picture, "image/webp", [below])
    assert sorted(other) == sorted(before)


def test_a_map_of_a_larger_picture_is_scaled(shot, press, chromium, tmp_path):
    made, negative = shot
    twice = Blackening(
        width=2 * made.map.width, height=2 * made.map.height, boxes=(Box(x=200, y=100, width=60, height=40),)
    )
    developed = press.develop(negative, media_type="image/webp", target=tmp_path / "a.png", blackening=twice)
    assert pixels(chromium, developed.whole.read_bytes(), "image/png", [(100, 50, 30, 20)]) == [[BLACK]]


def test_a_map_of_another_picture_is_refused(shot, press, tmp_path):
    made, negative = shot
    other = Blackening(
        width=made.map.width, height=made.map.height + 40, boxes=(Box(x=0, y=0, width=9, height=9),)
    )
    with pytest.raises(PressFault, match="another picture"):
        press.develop(negative, media_type="image/webp", target=tmp_path / "a.png", blackening=other)
    assert not (tmp_path / "a.png").exists()


@pytest.mark.parametrize("content", [b"", b"no picture", b"RIFF\x00\x00\x00\x00WEBPVP8L"])
def test_what_is_no_picture_is_refused_and_the_press_goes_on(press, shot, tmp_path, content):
    _, negative = shot
    (tmp_path / "bad").write_bytes(content)
    with pytest.raises(PressFault):
        press.develop(tmp_path / "bad", media_type="image/webp", target=tmp_path / "a.png")
    assert press.develop(negative, media_type="image/webp", target=tmp_path / "b.png").whole.exists()


def test_a_tall_picture_is_cut_between_lines_and_nothing_is_lost(shot, press, chromium, tmp_path):
    made, negative = shot
    developed = press.develop(
        negative, media_type="image/webp", target=tmp_path / "a.png", cutting=Cutting(first=0.4, others=0.9)
    )
    pieces = developed.pieces
    assert len(pieces) >= 3
    assert [piece.top for piece in pieces] == [0, *(piece.top + piece.height for piece in pieces[:-1])]
    assert pieces[-1].top + pieces[-1].height == made.map.height
    assert pieces[0].height <= 0.4 * made.map.width
    for piece in pieces[:-1]:
        last_row = (0, piece.height - 1, piece.width, 1)
        assert pixels(chromium, piece.path.read_bytes(), "image/png", [last_row]) == [[WHITE]], (
            "no letter is cut"
        )


def test_a_photo_becomes_small_and_upright(press, chromium, tmp_path):
    page = chromium.new_page(viewport={"width": 1200, "height": 800})
    page.set_content("<body style='margin:0;background:#e00'>")
    jpeg = page.screenshot(type="jpeg")
    page.close()
    turned = (
        jpeg[:2]
        + bytes.fromhex("ffe1002245786966000049492a0008000000010012010300010000000600000000000000")
        + jpeg[2:]
    )
    (tmp_path / "photo").write_bytes(turned)
    piece = press.photo(
        tmp_path / "photo", media_type="image/jpeg", target=tmp_path / "small.jpg", widest=300
    )
    assert (piece.width, piece.height) == (200, 300)
    assert b"Exif" not in piece.path.read_bytes()


@pytest.mark.parametrize("content", [b"", b"no picture", b"\xff\xd8\xff\xe0 the begin of one"])
def test_what_is_no_photo_is_refused_and_the_press_goes_on(press, tmp_path, content):
    (tmp_path / "bad").write_bytes(content)
    with pytest.raises(PressFault):
        press.photo(tmp_path / "bad", media_type="image/jpeg", target=tmp_path / "a.jpg", widest=300)
    assert not (tmp_path / "a.jpg").exists()
    good = BytesIO()
    Image.new("RGB", (400, 200)).save(good, "JPEG")
    (tmp_path / "good").write_bytes(good.getvalue())
    piece = press.photo(tmp_path / "good", media_type="image/jpeg", target=tmp_path / "b.jpg", widest=300)
    assert (piece.width, piece.height) == (300, 150)


def _text(content: bytes) -> str:
    import base64

    return base64.b64encode(content).decode()
