"""Pictures that a browser took become PNG, are covered and cut; what counts are the pixels that a browser sees in the finished files."""

import pytest
from playwright.sync_api import Browser

from tests.dossier.shots import Shot, pixels
from watcher.dossier.darkroom import Blackening, Box, Cutting, DarkroomFault, develop

pytestmark = pytest.mark.browser
BLACK, WHITE = 0xFF000000, 0xFFFFFFFF
LINES = "".join(f"<p>Zeile {number} mit einigem Text darin</p>" for number in range(60))


@pytest.fixture
def shot(chromium: Browser) -> Shot:
    return Shot(chromium, LINES)


def test_a_webp_becomes_a_png_of_the_same_pixels(shot, chromium, tmp_path):
    assert shot.media_type == "image/webp"
    developed = develop(shot.picture, media_type="image/webp", target=tmp_path / "a.png")
    assert (developed.width, developed.height) == (shot.map.width, shot.map.height)
    whole = [(0, 0, shot.map.width, shot.map.height)]
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
        [[_text(shot.picture), "image/webp"], [_text(png), "image/png"]],
    )
    page.close()
    assert same
    assert len(pixels(chromium, png, "image/png", whole)[0]) > 2, "it shows something"


def test_what_is_covered_is_black_and_nothing_else_is(shot, chromium, tmp_path):
    [word] = [word for text in shot.map.texts[3:4] for word in text if word.text == "3"]
    [place] = word.boxes
    blackening = Blackening(
        width=shot.map.width,
        height=shot.map.height,
        boxes=(Box(x=place.left, y=place.top, width=place.width, height=place.height),),
    )
    developed = develop(
        shot.picture, media_type="image/webp", target=tmp_path / "a.png", blackening=blackening
    )
    inside = (place.left, place.top, place.width, place.height)
    below = (0, place.top + place.height + 8, shot.map.width, 200)
    covered, other = pixels(chromium, developed.whole.read_bytes(), "image/png", [inside, below])
    assert covered == [BLACK]
    [[*before]] = pixels(chromium, shot.picture, "image/webp", [below])
    assert sorted(other) == sorted(before)


def test_a_map_of_a_larger_picture_is_scaled(shot, chromium, tmp_path):
    twice = Blackening(
        width=2 * shot.map.width, height=2 * shot.map.height, boxes=(Box(x=200, y=100, width=60, height=40),)
    )
    developed = develop(shot.picture, media_type="image/webp", target=tmp_path / "a.png", blackening=twice)
    assert pixels(chromium, developed.whole.read_bytes(), "image/png", [(100, 50, 30, 20)]) == [[BLACK]]


def test_a_map_of_another_picture_is_refused(shot, tmp_path):
    other = Blackening(
        width=shot.map.width, height=shot.map.height + 40, boxes=(Box(x=0, y=0, width=9, height=9),)
    )
    with pytest.raises(DarkroomFault, match="another picture"):
        develop(shot.picture, media_type="image/webp", target=tmp_path / "a.png", blackening=other)
    assert not (tmp_path / "a.png").exists()


def test_a_tall_picture_is_cut_between_lines_and_nothing_is_lost(shot, chromium, tmp_path):
    developed = develop(
        shot.picture,
        media_type="image/webp",
        target=tmp_path / "a.png",
        cutting=Cutting(first=0.4, others=0.9),
    )
    pieces = developed.pieces
    assert len(pieces) >= 3
    assert [piece.top for piece in pieces] == [0, *(piece.top + piece.height for piece in pieces[:-1])]
    assert pieces[-1].top + pieces[-1].height == shot.map.height
    assert pieces[0].height <= 0.4 * shot.map.width
    for piece in pieces[:-1]:
        last_row = (0, piece.height - 1, piece.width, 1)
        assert pixels(chromium, piece.path.read_bytes(), "image/png", [last_row]) == [[WHITE]], (
            "no letter is cut"
        )


def _text(content: bytes) -> str:
    import base64

    return base64.b64encode(content).decode()
