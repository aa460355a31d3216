"""The platform's rules at the step where they matter: few, with source and end, never a gap."""

from datetime import timedelta

import pytest

from tests.postman.samples import SEEN_AT, a_case, an_order, facts
from watcher.domain.stage import Stage
from watcher.domain.step import RULES, CaseKind, Step
from watcher.policy.rule import Provider
from watcher.policy.rules import rules
from watcher.postman.letter import write_letter
from watcher.postman.letter_policy import policy_lines
from watcher.texts.language import LANGUAGES, Language

DISPUTED = an_order(stage=Stage.DISPUTED, reached=Stage.DELIVERED)
IN_BOTH = pytest.mark.parametrize("language", LANGUAGES)


def lines(step: str, kind: CaseKind = CaseKind.DISPUTED, *, language: Language = "en") -> tuple[str, ...]:
    return policy_lines(Step(id=step), a_case(kind, DISPUTED), DISPUTED, language=language, now=SEEN_AT)


@IN_BOTH
def test_the_time_to_agree_stands_where_the_two_have_to_agree_with_its_end_and_its_source(
    language: Language,
) -> None:
    first = lines("agree_or_escalate", language=language)[0]
    end = {"de": "bis Fr., 27.11., 21:05 Uhr (wahrscheinlich)", "en": "until Fri, 27 Nov, 21:05 (likely)"}
    assert end[language] in first
    assert "hilfe.kleinanzeigen.de" in first
    assert SEEN_AT + timedelta(days=5) == SEEN_AT.replace(day=27)


def test_an_end_that_nobody_can_date_is_not_given() -> None:
    assert (
        "until"
        not in policy_lines(
            Step(id="agree_or_escalate"), a_case(CaseKind.DISPUTED), an_order(), language="en"
        )[0]
    )
    assert policy_lines(Step(id="agree_or_escalate"), a_case(CaseKind.DISPUTED), None, language="en")


@IN_BOTH
@pytest.mark.parametrize("kind", CaseKind)
def test_no_step_is_buried_under_rules_and_no_gap_or_outdated_rule_is_told(
    kind: CaseKind, language: Language
) -> None:
    out = [rule.says.said(language) for rule in rules() if rule.unknown or rule.replaced_by]
    for step in RULES:
        found = lines(step, kind, language=language)
        assert len(found) <= 2
        assert not any(words in line for words in out for line in found)
        assert all("{" not in line and "None" not in line for line in found)


def test_what_was_written_for_the_former_provider_says_so() -> None:
    old = [rule.title.en for rule in rules() if rule.provider is Provider.OLD]
    for step in RULES:
        for line in lines(step):
            is_old = line.split(":", maxsplit=1)[0] in old
            assert ("former payment provider (OPP)" in line) is is_old


def test_a_step_that_no_rule_names_has_none() -> None:
    assert lines("name_reason") == ()
    assert lines("from_the_future") == ()


@IN_BOTH
def test_a_letter_says_the_rules_of_its_first_step_as_text_and_as_html(language: Language) -> None:
    case = a_case(CaseKind.DISPUTED, DISPUTED)
    letter = write_letter(facts(order=DISPUTED, case=case), language=language)
    rule = policy_lines(case.steps[0], case, DISPUTED, language=language, now=SEEN_AT)[0]
    assert rule in letter.text
    assert rule.split(":", maxsplit=1)[0] in (letter.html or "")
