"""What is told of a problem."""

from tests.support.every import every
from watcher.domain.answer import SourceProblem
from watcher.texts import language
from watcher.tracking.discovery import sources
from watcher.tracking.problem import explained

DHL = sources()["dhl"]


@every("problem", SourceProblem)
@every("spoken", language.LANGUAGES)
def test_every_problem_has_words_and_a_way_out(problem: SourceProblem, spoken: language.Language) -> None:
    language.use(spoken)
    told = explained(problem, DHL, detail="HTTP 418")
    assert "DHL" in told.message
    assert told.advice
    assert "{" not in told.message + told.advice


def test_a_refused_key_names_the_place_to_mend_it() -> None:
    told = explained(SourceProblem.KEY_REFUSED, DHL)
    assert "[tracking.dhl]" in told.advice
    assert "developer.dhl.com" in told.advice
