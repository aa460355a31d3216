"""Pages that were really looked at: their pictures, and where their texts stand in them."""

from playwright.sync_api import Browser, Page

from watcher.browser.picture import open_up, take_picture
from watcher.browser.text_places import texts_on
from watcher.domain.capture import CapturedFile, Role
from watcher.domain.text_map import TextMap, dump

STYLE = "<style>body{margin:20px;font:16px sans-serif;background:#fff;color:#123}p{margin:0 0 12px}</style>"


class Shot:
    """One page, as it was looked at."""

    def __init__(self, browser: Browser, body: str, *, width: int = 800) -> None:
        page: Page = browser.new_page(viewport={"width": width, "height": 600})
        try:
            page.set_content(STYLE + body)
            open_up(page)
            self.picture, self.media_type = take_picture(page)
            size = page.viewport_size
            assert size is not None
            self.map: TextMap = texts_on(page, (size["width"], size["height"]), whole=True)
        finally:
            page.close()

    def extras(self) -> tuple[CapturedFile, ...]:
        return (CapturedFile(role=Role.TEXT_MAP, media_type="application/json", content=dump(self.map)),)


def pixels(
    browser: Browser, picture: bytes, media_type: str, boxes: list[tuple[int, int, int, int]]
) -> list[list[int]]:
    """The colours in each rectangle of a picture, each once, as the browser decodes them: 0xaabbggrr."""
    import base64

    page = browser.new_page()
    try:
        return page.evaluate(
            """async ([content, type, boxes]) => {
              const bytes = Uint8Array.from(atob(content), letter => letter.charCodeAt(0));
              const bitmap = await createImageBitmap(new Blob([bytes], {type}));
              const canvas = document.createElement('canvas');
              [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
              const brush = canvas.getContext('2d', {willReadFrequently: true});
              brush.drawImage(bitmap, 0, 0);
              return boxes.map(([x, y, w, h]) => [...new Set(new Uint32Array(
                brush.getImageData(x, y, w || bitmap.width, h || bitmap.height).data.buffer))]);
            }""",
            [base64.b64encode(picture).decode(), media_type, [list(box) for box in boxes]],
        )
    finally:
        page.close()
