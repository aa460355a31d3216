"""A stranger's words, quoted so that they stay words: no mail programme and no terminal makes a link of them."""

import re

from watcher.texts.fill import one_line

_DOT_OF_AN_ADDRESS = re.compile(r"(?<=\w)\.(?=[^\W\d_])")


def quoted_words(text: str, *, limit: int) -> str:
    """Return the words in one harmless line of at most about `limit` characters, their addresses made blunt.

    `beispiel.de` becomes `beispiel[.]de`, `https://` becomes `https[:]//`: whoever reads a hint about a link must not be one
    click away from it.
    """
    blunt = one_line(text, limit=limit).replace("://", "[:]//")
    return _DOT_OF_AN_ADDRESS.sub("[.]", blunt)
