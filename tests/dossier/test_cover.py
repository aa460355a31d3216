"""Covering texts and pictures."""

from watcher.domain.text_map import Box as Place
from watcher.domain.text_map import Opaque, TextMap, Word
from watcher.dossier.cover import TEXTS, Cover, Tally, blackening_of
from watcher.dossier.darkroom import Box
from watcher.dossier.finding import Finder
from watcher.dossier.private import Private


def text_map(*texts: str, opaque: tuple[Opaque, ...] = ()) -> TextMap:
    """A map in which every text is a line of its own, and each word is 10 pixels wide."""
    return TextMap(
        width=100,
        height=100,
        scale=1.0,
        texts=tuple(
            tuple(
                Word(text=word, boxes=(Place(left=10 * column, top=10 * line, width=9, height=8),))
                for column, word in enumerate(text.split())
            )
            for line, text in enumerate(texts)
        ),
        opaque=opaque,
    )


def box(column: int, line: int) -> Box:
    return Box(x=10 * column, y=10 * line, width=9, height=8)


def test_only_the_words_that_are_private_are_covered():
    blackening, counts = blackening_of(text_map("ruf 0171 2345678 an"), Finder())
    assert blackening.boxes == (box(1, 0), box(2, 0))
    assert counts == {Private.PHONE: 1}


def test_what_stands_in_several_elements_is_found():
    blackening, _ = blackening_of(text_map("Lange", "Straße", "12a", "20095", "Hamburg"), Finder())
    assert blackening.boxes == tuple(box(0, line) for line in range(5))


def test_a_word_of_which_a_part_is_private_is_covered_as_a_whole():
    blackening, _ = blackening_of(text_map("Über(Erika)!"), Finder(names=["Erika"]))
    assert blackening.boxes == (box(0, 0),)


def test_initials_of_a_covered_name_are_covered_where_they_stand_alone():
    blackening, counts = blackening_of(
        text_map("E", "JP", "Es", "M"), Finder(names=["Erika", "Jonte Petersen"])
    )
    assert blackening.boxes == (box(0, 0), box(0, 1))
    assert counts == {Private.NAME: 2}


def test_photos_are_covered_for_nobody_has_read_them():
    photo = Opaque(kind="img", box=Place(left=50, top=50, width=20, height=20))
    blackening, counts = blackening_of(text_map("nichts", opaque=(photo,)), Finder())
    assert blackening.boxes == (Box(x=50, y=50, width=20, height=20),)
    assert counts == {Private.PHOTO: 1}


def test_only_what_is_asked_for_is_covered():
    photo = Opaque(kind="img", box=Place(left=50, top=50, width=20, height=20))
    blackening, counts = blackening_of(
        text_map("Erika", "0171 2345678", opaque=(photo,)), Finder(names=["Erika"]), kinds={Private.NAME}
    )
    assert blackening.boxes == (box(0, 0),)
    assert counts == {Private.NAME: 1}


def test_a_text_says_what_was_covered_and_it_is_counted():
    tally = Tally()
    cover = Cover(finder=Finder(names=["Erika"]), language="de", tally=tally)
    assert cover.text("Erika: 0171 2345678") == "[Name geschwärzt]: [Telefonnummer geschwärzt]"
    assert tally.counts == {TEXTS: {Private.NAME: 1, Private.PHONE: 1}}
