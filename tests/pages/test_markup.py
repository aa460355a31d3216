"""Markup, parsed once."""

from watcher.pages.markup import soup_of

PAGE = "<p id='user-email'>x</p>"


def test_what_was_parsed_ahead_is_not_parsed_again_and_another_page_is():
    ahead = soup_of(PAGE)
    assert soup_of("".join(PAGE)) is ahead
    assert soup_of(PAGE + "<p>y</p>") is not ahead
