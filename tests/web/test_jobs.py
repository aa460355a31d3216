"""What a command that a page has started has to show for it."""

import json
from pathlib import Path

from tests.support.clock import NOON
from watcher.web.jobs import Job
from watcher.web.render import environment


def job(answer: str, *, code: int = 0) -> Job:
    return Job(
        id="j",
        command=("archive",),
        name="export",
        about="o",
        began_at=NOON,
        ended_at=NOON,
        code=code,
        answer=answer,
    )


def test_the_files_that_an_export_made_are_offered_also_where_it_has_gaps() -> None:
    for code in (0, 1):
        made = job(json.dumps({"ok": code == 0, "files": ["/x/dossier.zip"]}), code=code)
        assert made.files == (Path("/x/dossier.zip"),)
        assert "/jobs/j/files/0" in environment().get_template("job.html").render(job=made)


def test_an_answer_that_is_none_names_no_file() -> None:
    for answer in ("", "null", "[]", "{", '{"files": "x"}', '{"files": [1, null]}'):
        assert job(answer).files == ()
