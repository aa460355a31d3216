"""A picture that Chromium refuses is asked for once more."""

import pytest
from playwright.sync_api import Error

from watcher.browser.picture import take_picture
from watcher.browser.refusal import asked_again

REFUSED = Error(
    "Page.screenshot: Protocol error (Page.captureScreenshot): Unable to capture screenshot\nCall log:"
)
OTHER = Error("Page.screenshot: Timeout 2000ms exceeded.")


class Camera:
    """Answers what it was told to, one after the other."""

    def __init__(self, *answers):
        self.answers = list(answers)

    def take(self, *, kind):
        answer = self.answers.pop(0)
        if isinstance(answer, Error):
            raise answer
        return answer + kind


@pytest.mark.parametrize("answers", [[b"one "], [REFUSED, b"one "]], ids=["taken", "refused once"])
def test_a_picture_comes_although_it_was_refused_once(answers):
    camera = Camera(*answers)
    assert asked_again(camera.take)(kind=b"png") == b"one png"
    assert camera.answers == []


@pytest.mark.parametrize(
    ("answers", "left"),
    [([REFUSED, REFUSED, b"one"], 1), ([OTHER, b"one"], 1), ([REFUSED, OTHER, b"one"], 1)],
)
def test_what_else_goes_wrong_and_a_second_refusal_are_told(answers, left):
    camera = Camera(*answers)
    with pytest.raises(Error):
        asked_again(camera.take)(kind=b"png")
    assert len(camera.answers) == left


@pytest.mark.browser
def test_the_picture_of_a_page_survives_a_refusal(chromium, monkeypatch):
    page = chromium.new_page()
    try:
        page.set_content("<p>Hallo</p>")
        real, refusals = page.screenshot, [REFUSED]

        def screenshot(**wish):
            if refusals:
                raise refusals.pop()
            return real(**wish)

        monkeypatch.setattr(page, "screenshot", screenshot)
        picture, kind = take_picture(page)
        assert (picture[:4], kind) == (b"RIFF", "image/webp")
        assert not refusals
    finally:
        page.close()
