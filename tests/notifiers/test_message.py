"""What a message may hold."""

import pytest

from notifiers.message import Link, Reply, is_token, is_web_address
from tests.notifiers.samples import TOKEN
from tests.support.every import every


@pytest.mark.parametrize("url", ["https://example.org/", "http://127.0.0.1:8080/case/1?x=1#y"])
def test_a_link_leads_into_the_web(url):
    assert Link(label="Öffnen", url=url).url == url


@every(
    "url",
    ["", "example.org", "javascript:alert(1)", "file:///etc/passwd", "ftp://example.org", "https://", "https://a b",
     "https://a\nb", "HTTPS", "data:text/html,x", "https://ex\u202eample.org", " https://example.org"],
)  # fmt: skip
def test_a_link_that_leads_elsewhere_is_refused(url):
    assert not is_web_address(url)
    with pytest.raises(ValueError, match="https://"):
        Link(label="Öffnen", url=url)


@every("token", ["", "short", "a" * 129, "a" * 15 + ".", "../" * 8, "ä" * 20, "a" * 19 + "\n"])
def test_a_token_that_would_not_be_the_same_everywhere_is_refused(token):
    assert not is_token(token)
    with pytest.raises(ValueError, match="token"):
        Reply(label="Ich kümmere mich", token=token)


def test_a_token_does_not_show_when_a_message_is_printed():
    assert TOKEN not in repr(Reply(label="Ich kümmere mich", token=TOKEN))
