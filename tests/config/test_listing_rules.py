"""[listings]: rules that are switched off, and own ones; each mistake with its place and the way out."""

from collections.abc import Callable

from tests.support.every import every
from watcher.config import Config
from watcher.listings.rules import shipped_rules

Load = Callable[[str], Config]
Told = Callable[[str], list[str]]
OWN = '[[listings.rule]]\nid = "smoke_free"\nneeds = ["Nichtraucher*"]\nsays = "Smoke?"\n'


def test_without_a_word_every_shipped_rule_is_in_force(config: Load) -> None:
    assert config("").listings.rules == shipped_rules()


def test_a_rule_can_be_switched_off_and_one_added(config: Load) -> None:
    rules = config('[listings]\noff = ["old"]\n' + OWN).listings.rules
    assert {rule.id for rule in rules} == {rule.id for rule in shipped_rules()} - {"old"} | {"smoke_free"}
    assert (rules[-1].says.de, rules[-1].tip) == ("Smoke?", None)


def test_an_unknown_rule_is_refused_and_the_known_ones_named(mistakes: Told) -> None:
    (line,) = mistakes('[listings]\noff = ["condition"]\n')
    assert "[listings] off: there is no rule 'condition'; known are title_short, text_missing" in line


@every(
    ("text", "told"),
    [
        (OWN.replace("smoke_free", "old"), "there is a rule 'old' already"),
        (OWN + OWN, "there is a rule 'smoke_free' already"),
        (OWN.replace('needs = ["Nichtraucher*"]\n', ""), "name either needs or never"),
        (OWN + 'never = ["x"]\n', "name either needs or never"),
        (OWN.replace("Nichtraucher*", "*"), "'*' cannot be looked for"),
        (OWN.replace("Nichtraucher*", "/(a+)+/"), "'/(a+)+/' cannot be looked for"),
        (OWN.replace('says = "Smoke?"', 'says = ""'), "says"),
        (OWN.replace("smoke_free", "Rauch frei"), "id"),
    ],
)
def test_a_mistake_in_an_own_rule_is_named(mistakes: Told, text: str, told: str) -> None:
    assert told in "\n".join(mistakes(text))


NAMELESS = '[[listings.rule]]\nneeds = ["Glas"]\nsays = "Glass?"\n'
PAGES = '[[account.page]]\nname = "one"\nurl = "https://example.org/one"\n[[account.page]]\nname = "two"\nurl = "x"\n'


@every(
    ("text", "place"),
    [
        (OWN + 'never = ["x"]\n', '[[listings.rule]] number 1 ("smoke_free"): '),
        (OWN.replace('says = "Smoke?"', 'says = ""'), '[[listings.rule]] number 1 ("smoke_free"), says: '),
        (OWN + NAMELESS, "[[listings.rule]] number 2, id: is missing"),
        (OWN.replace("smoke_free", "\\u001b[2J"), "[[listings.rule]] number 1, id: "),
        ('[listings]\nrule = ["x"]\n', "[listings] rule number 1: must be a table"),
        ('[listings]\noff = ["old", 3]\n', "[listings] off number 2: must be a text in quotes"),
        ('[watch]\nmode = "never"\n', "[watch] mode: "),
        (
            f'[[account]]\nname = "main"\n{PAGES}',
            '[[account]] number 1 ("main"), [[account.page]] number 2 ("two"), url: ',
        ),
        (
            '[[escalation]]\nkinds = ["unclear"]\nrounds = [{ after = "0s" }, { after = "soon" }]\n',
            "[[escalation]] number 1, [[escalation.rounds]] number 2, after: ",
        ),
    ],
)
def test_of_several_tables_the_one_with_the_mistake_is_counted_and_called_by_its_name(
    mistakes: Told, text: str, place: str
) -> None:
    (line,) = mistakes(text)
    assert line.startswith(place), line
