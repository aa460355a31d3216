"""Selectors are compiled once for all programs, and what lies in the cache is believed only as far as it can do no harm."""

import pickle
from collections.abc import Iterator
from dataclasses import fields
from hashlib import sha256
from importlib import import_module
from io import BytesIO
from operator import attrgetter
from pathlib import Path

import pytest
import soupsieve

from watcher.pages import sieve
from watcher.pages.layout import all_layouts
from watcher.pages.markup import soup_of
from watcher.pages.sieve import compiled

SELECTOR = "#list > li.open:not(.gone), [data-of='x y']"
PAGE = """<ul id="list"><li class="open">1</li><li class="open gone">2</li><li>3 <b data-of="x y">4</b></li>
<li class="open">5</li></ul>"""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "cache"
    monkeypatch.setattr(sieve, "user_cache_path", lambda name: folder / name)
    compiled.cache_clear()
    yield folder / "stornowacht" / "selectors"
    compiled.cache_clear()


def shown() -> list[str]:
    """What the selector finds in the page, asked as the next program would."""
    compiled.cache_clear()
    return [tag.get_text() for tag in soup_of(PAGE).select(SELECTOR)]


def kept(pickled: bytes) -> bytes:
    """What a file holds that was written on purpose."""
    return sha256(pickled).digest() + pickled


def the_file(cache: Path) -> Path:
    (file,) = cache.iterdir()
    return file


def test_the_next_program_finds_what_one_has_compiled(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown() == ["1", "4", "5"]
    monkeypatch.setattr(soupsieve, "compile", lambda _: pytest.fail("it was compiled again"))
    assert shown() == ["1", "4", "5"]


def test_elements_search_like_their_page_and_as_far_as_they_are_asked() -> None:
    soup = soup_of(PAGE)
    assert [tag.get_text() for tag in soup.select(SELECTOR, limit=2)] == ["1", "4"]
    third = soup.select("li")[2]
    assert third.select_one("b").get_text() == "4"
    assert third.select_one(":scope > b") is not None
    assert third.select_one("i") is None


def test_every_shipped_selector_comes_back_from_the_cache_as_it_was_compiled() -> None:
    shipped = {
        getattr(each.selectors, field.name) for each in all_layouts() for field in fields(each.selectors)
    }
    fresh = {selector: compiled(selector) for selector in shipped}
    compiled.cache_clear()
    for selector in shipped:
        assert compiled(selector) == fresh[selector] == soupsieve.compile(selector)


@pytest.mark.parametrize(
    "content", [b"", b"\x80", b"nonsense", *map(kept, (b"", b"nonsense", pickle.dumps(["a list"])))]
)
def test_what_is_damaged_or_something_else_is_compiled_anew_and_mended(cache: Path, content: bytes) -> None:
    shown()
    the_file(cache).write_bytes(content)
    assert shown() == ["1", "4", "5"]
    assert the_file(cache).read_bytes() == kept(pickle.dumps(soupsieve.compile(SELECTOR)))


def test_no_bit_can_turn_a_selector_into_another_one(cache: Path) -> None:
    shown()
    whole = the_file(cache).read_bytes()
    for place in range(0, len(whole), 7):
        changed = bytearray(whole)
        changed[place] ^= 1 << place % 8
        the_file(cache).write_bytes(changed)
        assert sieve._kept(the_file(cache), SELECTOR) is None, place
    the_file(cache).write_bytes(whole)
    assert sieve._kept(the_file(cache), SELECTOR) == soupsieve.compile(SELECTOR)


def test_another_selector_under_its_name_is_not_believed(cache: Path) -> None:
    shown()
    the_file(cache).write_bytes(kept(pickle.dumps(soupsieve.compile("b"))))
    assert shown() == ["1", "4", "5"]


class _Deed:
    """What a file that means harm would have done."""

    def __init__(self, trace: Path) -> None:
        self._trace = trace

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return Path.touch, (self._trace,)


def test_a_file_in_the_cache_can_do_nothing_but_be_a_selector(cache: Path, tmp_path: Path) -> None:
    shown()
    trace = tmp_path / "trace"
    the_file(cache).write_bytes(kept(pickle.dumps(_Deed(trace))))
    assert shown() == ["1", "4", "5"]
    assert not trace.exists()


@pytest.mark.parametrize(
    ("module", "way"),
    [
        ("soupsieve.css_match", "util.warnings.sys.addaudithook"),
        ("soupsieve.css_types", "copyreg.pickle"),
        ("re", "enum.sys.exit"),
    ],
)
def test_not_even_by_way_of_what_the_library_itself_uses(cache: Path, module: str, way: str) -> None:
    assert callable(attrgetter(way)(import_module(module))), "it leads somewhere"
    names = b"".join(b"\x8c" + bytes([len(name)]) + name.encode() for name in (module, way))
    content = b"\x80\x04" + names + b"\x93."
    with pytest.raises(pickle.UnpicklingError, match="no part of a selector"):
        sieve._Reader(BytesIO(content)).load()
    shown()
    the_file(cache).write_bytes(kept(content))
    assert shown() == ["1", "4", "5"]


def test_without_a_cache_that_can_be_written_to_everything_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a file").write_text("")
    monkeypatch.setattr(sieve, "user_cache_path", lambda name: tmp_path / "a file" / name)
    assert shown() == ["1", "4", "5"]


def test_what_cannot_be_written_down_stops_no_reader(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(_made: object) -> bytes:
        raise TypeError("cannot pickle it")

    monkeypatch.setattr(pickle, "dumps", refuses)
    assert shown() == ["1", "4", "5"]
    assert not cache.exists()


def test_what_is_no_selector_says_so_and_leaves_nothing(cache: Path) -> None:
    with pytest.raises(soupsieve.SelectorSyntaxError):
        soup_of(PAGE).select("li[")
    assert not cache.exists()
