"""What Chromium leaves off in a browser where nobody types: the pages below its address bar."""

import re
from functools import cache
from pathlib import Path
from typing import Final

import playwright

LEFT_OFF: Final = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup")
"""The suggestions and the questions to a search engine below the address bar. Each is a page of its own that opens with every
window before anybody types: a fifth of the processor's time of a visit to five pages (seen in Chromium 156). A window that is
the human's keeps them."""
_DRIVER = Path(playwright.__file__).parent / "driver" / "package" / "lib" / "coreBundle.js"
_LIST_BEGINS = b"disabledFeatures = ["
_LONGEST = 10_000
_COMMENT = re.compile(rb"//.*")
_NAME = re.compile(r'"\w+"')


@cache
def features_left_off(driver: Path = _DRIVER) -> tuple[str, ...]:
    """Return the switch that leaves them off, or none where Playwright's own list is not found in its driver.

    Chromium heeds only the last such switch, so it has to name again what Playwright leaves off. That is Playwright's to
    say: it changes with the versions.
    """
    try:
        _, _, found = driver.read_bytes().partition(_LIST_BEGINS)
    except OSError:
        return ()
    items = _COMMENT.sub(b"", found[:_LONGEST]).partition(b"]")[0].decode(errors="replace").split(",")
    theirs = [item.strip() for item in items if item.strip()]
    if not theirs or not all(map(_NAME.fullmatch, theirs)):
        return ()  # put together in another way than from plain names
    names = [name.strip('"') for name in theirs]
    return (f"--disable-features={','.join([*names, *LEFT_OFF])}",)
