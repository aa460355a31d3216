"""Pictures become PNG, covered and cut, with nothing but this program: what counts are the pixels of the finished files."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from watcher.dossier.darkroom import Blackening, Box, Cutting, DarkroomFault, develop

SIZE = (300, 900)
COVER = Blackening(width=600, height=1800, boxes=(Box(x=100, y=200, width=120, height=60),))
"""As a map of twice the size has it: 50, 100, 60 and 30 in the picture, and two pixels around that."""


@pytest.fixture
def painted() -> Image.Image:
    """Lines of letters, some white between them."""
    picture = Image.new("RGB", SIZE, "white")
    brush = ImageDraw.Draw(picture)
    for top in range(10, SIZE[1] - 20, 30):
        brush.rectangle((5, top, SIZE[0] - 6, top + 12), fill=(20, top % 250, 120))
    return picture


def as_webp(picture: Image.Image) -> bytes:
    content = BytesIO()
    picture.save(content, "WEBP", lossless=True)
    return content.getvalue()


def test_what_is_covered_is_black_and_every_other_pixel_is_as_it_was(
    painted: Image.Image, tmp_path: Path
) -> None:
    done = develop(as_webp(painted), media_type="image/webp", target=tmp_path / "a.png", blackening=COVER)
    painted.paste((0, 0, 0), (48, 98, 112, 132))
    with Image.open(done.whole) as finished:
        assert (finished.size, finished.mode, dict(finished.info)) == (SIZE, "RGB", {})
        assert finished.tobytes() == painted.tobytes()


def test_the_pieces_are_the_whole_and_cut_where_nothing_is_drawn(
    painted: Image.Image, tmp_path: Path
) -> None:
    done = develop(
        as_webp(painted),
        media_type="image/webp",
        target=tmp_path / "a.png",
        cutting=Cutting(first=0.5, others=1.0),
        blackening=COVER,
    )
    joined = Image.new("RGB", SIZE)
    for piece in done.pieces:
        with Image.open(piece.path) as part:
            assert part.size == (piece.width, piece.height)
            joined.paste(part, (0, piece.top))
    with Image.open(done.whole) as whole:
        assert joined.tobytes() == whole.tobytes()
    assert len(done.pieces) >= 3
    for piece in done.pieces[:-1]:
        row = painted.crop((0, piece.top + piece.height - 1, SIZE[0], piece.top + piece.height))
        assert row.getcolors() == [(SIZE[0], (255, 255, 255))]


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"", "image/webp"),
        (b"no picture", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8L", "image/webp"),
        (as_webp(Image.new("RGB", (9, 9))), "image/png"),
        (as_webp(Image.new("RGB", (9, 9))), "image/tiff"),
    ],
)
def test_what_is_no_picture_is_refused_and_leaves_no_file(
    tmp_path: Path, content: bytes, media_type: str
) -> None:
    with pytest.raises(DarkroomFault):
        develop(content, media_type=media_type, target=tmp_path / "a.png")
    assert list(tmp_path.iterdir()) == []
