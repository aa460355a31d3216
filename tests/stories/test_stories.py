"""Each story as it is told in the docs: played to its end, with the archive whole and nothing written at the site."""

from contextlib import closing
from pathlib import Path

import pytest

from scripts.stories import PATH, pages
from tests.stories.stories import STORIES


@pytest.mark.parametrize("name", STORIES)
def test_a_story_comes_to_its_end_and_its_archive_holds(name, tmp_path):
    with closing(STORIES[name](tmp_path / "data")) as stage:
        assert not stage.case.is_open
        assert stage.holds()
        assert all(step.due_at is None or step.due_at >= stage.case.opened_at for step in stage.case.steps)


@pytest.mark.slow
def test_the_docs_tell_the_stories_as_they_are_played(tmp_path: Path):
    assert PATH.read_text(encoding="utf-8") == pages(tmp_path), "run `python scripts/stories.py`"
