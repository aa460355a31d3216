"""The user's own rules about ads."""

from typing import TYPE_CHECKING

from pydantic import Field, model_validator

from watcher.settings.table import Table
from watcher.texts.language import _

if TYPE_CHECKING:
    from watcher.listings.rule import Rule

_LONGEST = 80


class ListingRule(Table):
    """One table [[listings.rule]]."""

    id: str = Field(
        pattern=r"^[a-z][a-z0-9_-]{0,39}$",
        description="What you call this rule: small letters, digits, - and _.",
        examples=["smoke_free"],
    )
    needs: tuple[str, ...] = Field(
        default=(),
        max_length=100,
        description="Words of which one must stand in the ad (* stands for any letters) ...",
        examples=[["Nichtraucher*", "rauchfrei*"]],
    )
    never: tuple[str, ...] = Field(
        default=(),
        max_length=100,
        description='... or words of which none may; "keine Garantie" does not count as "Garantie".',
        examples=[["PayPal*"]],
    )
    says: str = Field(
        min_length=1,
        max_length=200,
        description="What you are told then.",
        examples=["Does not say that nobody smokes here."],
    )
    why: str = Field(default="", max_length=300, description="Why that matters to you.")
    better: str = Field(default="", max_length=500, description="An example of better words, to be copied.")

    @model_validator(mode="after")
    def _can_be_used(self) -> "ListingRule":
        if bool(self.needs) == bool(self.never):
            raise ValueError(_("name either needs or never"))
        for word in (*self.needs, *self.never):
            if not any(char.isalnum() for char in word) or len(word) > _LONGEST or word.startswith("/"):
                raise ValueError(
                    _(
                        "{word!r} cannot be looked for: write a word, or a few; * stands for any letters"
                    ).format(word=word)
                )
        return self

    @property
    def rule(self) -> "Rule":
        """The rule, as ads are judged by it."""
        from watcher.listings.rules import own_rule  # noqa: PLC0415 - only where somebody adds a rule

        return own_rule(
            name=self.id, needs=self.needs, never=self.never, says=self.says, why=self.why, better=self.better
        )


def mind_off(off: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of rules that are switched off.

    Raises:
        ValueError: one of them is no rule's.
    """
    if not off:
        return off
    from watcher.listings.rules import shipped_rules  # noqa: PLC0415 - only where somebody switches one off

    known = [rule.id for rule in shipped_rules()]
    for name in off:
        if name not in known:
            raise ValueError(
                _("there is no rule {name!r}; known are {names}").format(name=name, names=", ".join(known))
            )
    return off


def mind_own(own: tuple[ListingRule, ...]) -> tuple[ListingRule, ...]:
    """Return own rules whose names are their own.

    Raises:
        ValueError: two have the same name, or one has that of a shipped rule.
    """
    if not own:
        return own
    from watcher.listings.rules import shipped_rules  # noqa: PLC0415 - only where somebody adds a rule

    taken = {rule.id for rule in shipped_rules()}
    for table in own:
        if table.id in taken:
            raise ValueError(_("there is a rule {name!r} already").format(name=table.id))
        taken.add(table.id)
    return own
