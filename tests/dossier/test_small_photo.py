"""Photos that the seller attached become small and upright, in the browser's sandbox."""

from io import BytesIO

import pytest
from PIL import Image

from watcher.app.press import PressFault

pytestmark = pytest.mark.browser


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
    piece = press.photo(turned, media_type="image/jpeg", target=tmp_path / "small.jpg", widest=300)
    assert (piece.width, piece.height) == (200, 300)
    assert b"Exif" not in piece.path.read_bytes()


@pytest.mark.parametrize("content", [b"", b"no picture", b"\xff\xd8\xff\xe0 the begin of one"])
def test_what_is_no_photo_is_refused_and_the_press_goes_on(press, tmp_path, content):
    with pytest.raises(PressFault):
        press.photo(content, media_type="image/jpeg", target=tmp_path / "a.jpg", widest=300)
    assert not (tmp_path / "a.jpg").exists()
    good = BytesIO()
    Image.new("RGB", (400, 200)).save(good, "JPEG")
    piece = press.photo(good.getvalue(), media_type="image/jpeg", target=tmp_path / "b.jpg", widest=300)
    assert (piece.width, piece.height) == (300, 150)
