"""The first page of the window in which the human browses."""

from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest

from watcher.browser.welcome import welcome, write_welcome
from watcher.errors import StorageError
from watcher.texts import language


@pytest.mark.parametrize(
    ("spoken", "sentence"),
    [("de", "Was du hier anklickst, gilt wirklich"), ("en", "whatever you click here really happens")],
)
def test_the_first_page_says_in_either_language_that_clicks_are_real(
    spoken: language.Language, sentence: str
) -> None:
    before = language.current()
    html = welcome("https://www.site.example", language=spoken)
    assert sentence in html
    assert 'href="https://www.site.example/m-nachrichten.html"' in html
    assert f'<html lang="{spoken}"' in html
    assert language.current() == before


def test_the_first_page_loads_nothing() -> None:
    html = welcome("https://www.site.example", language="de")
    assert not [mark for mark in ("<script", "src=", "url(", "@import") if mark in html]


def test_the_first_page_is_a_file_that_the_browser_can_open(tmp_path: Path) -> None:
    address = write_welcome(tmp_path, base_url="https://www.site.example", language="de")
    written = Path(url2pathname(urlsplit(address).path)).read_text(encoding="utf-8")
    assert written == welcome("https://www.site.example", language="de")


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        write_welcome(tmp_path / "gone", base_url="https://www.site.example", language="de")
