"""What the doctor says of a carrier's interface."""

from dataclasses import replace

import pytest

from watcher.app.doctor.finding import State
from watcher.app.doctor.interface import InterfaceFacts, interface
from watcher.domain.answer import SourceProblem
from watcher.texts import language

FINE = InterfaceFacts(name="dhl", asked=12, per_day=250)


def test_an_interface_that_answers_is_fine_and_its_use_is_told() -> None:
    language.use("en")
    found = interface(FINE)
    assert (found.name, found.state) == ("tracking/dhl", State.OK)
    assert "12 of 250" in found.said


@pytest.mark.parametrize("problem", SourceProblem)
def test_a_refused_key_is_bad_and_what_passes_is_a_warning(problem: SourceProblem) -> None:
    found = interface(replace(FINE, problem=problem, message="It says no.", advice="Do this."))
    assert found.state is (State.BAD if problem is SourceProblem.KEY_REFUSED else State.WARN)
    assert (found.said, found.advice) == ("It says no.", "Do this.")
