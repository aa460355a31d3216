"""Markup, parsed once."""

from watcher.pages import markup

PAGE, OTHER = "<p id='user-email'>x</p>", "<p>y</p>"


def test_what_was_parsed_ahead_is_read_once_and_let_go(monkeypatch):
    parsed = []
    real = markup._parsed
    monkeypatch.setattr(markup, "_parsed", lambda html: parsed.append(html) or real(html))
    markup.parse_ahead(PAGE)
    assert [markup.soup_of(page).get_text(strip=True) for page in (OTHER, PAGE)] == ["y", "x"]
    assert parsed == [PAGE, OTHER]
    assert markup.soup_of(PAGE).get_text(strip=True) == "x"
    assert parsed == [PAGE, OTHER, PAGE]


def test_only_the_last_page_is_kept_for_its_reader():
    markup.parse_ahead(PAGE)
    markup.parse_ahead(OTHER)
    assert list(markup._ahead) == [OTHER]
    markup.soup_of(OTHER)
    assert not markup._ahead
