"""Which answers belong to what a page shows now."""

from watcher.browser.answers import Answers
from watcher.domain.capture import Body

BOX = "https://gateway.site.example/messagebox/api/users/7/conversations"


def body(path: str, content: bytes = b"{}") -> Body:
    return Body(url=BOX + path, status=200, content=content)


def test_a_later_answer_to_the_same_question_replaces_the_earlier_one():
    answers = Answers()
    answers.take([body("/a:b", b"old"), body("/c:d"), body("/a:b", b"new")], [])
    assert [it.content for it in answers.of_thread("a:b").bodies] == [b"new"]
    assert answers.newest == "a:b"


def test_the_list_is_given_page_by_page():
    answers = Answers()
    answers.take([body("?page=0&size=25", b"0"), body("?page=1&size=25", b"1")], [])
    assert [it.content for it in answers.of_list().bodies] == [b"0", b"1"]


def test_a_list_that_begins_anew_leaves_no_page_of_the_old_one():
    answers = Answers()
    answers.take([body("?page=0", b"0"), body("?page=1", b"1"), body("?page=0", b"anew")], [])
    assert [it.content for it in answers.of_list().bodies] == [b"anew"]


def test_an_answer_whose_bytes_are_lost_is_an_answer():
    answers = Answers()
    answers.take([], [BOX + "/a%3Ab"])
    heard = answers.of_thread("a:b")
    assert heard
    assert (heard.bodies, heard.lost) == ((), (BOX + "/a%3Ab",))


def test_what_was_never_answered_is_nothing():
    assert not Answers().of_thread("a:b")
    assert not Answers().of_list()
