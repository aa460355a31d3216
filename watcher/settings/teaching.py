"""What the user teaches the readers: words and layouts."""

import re

from pydantic import Field, field_validator, model_validator

from watcher.domain.stage import Stage
from watcher.domain.wording import OwnWord, WordKind
from watcher.settings.table import Table
from watcher.texts.language import _


class WordTable(Table):
    """One table [[wording]]."""

    type: str | None = Field(
        default=None,
        description="An event type of the page's JSON ...",
        examples=["BUYER_CANCELLED_SELLER_MESSAGE"],
    )
    heading: str | None = Field(
        default=None,
        description="... or the whole heading of a card ...",
        examples=["Der Verkauf ist geplatzt"],
    )
    pattern: str | None = Field(
        default=None,
        description="... or a regular expression for headings and texts.",
        examples=["geplatzt|zerschlagen"],
    )
    means: str = Field(description='The stage that it tells, or "none".', examples=["cancelled"])

    @field_validator("pattern")
    @classmethod
    def _is_an_expression(cls, value: str | None) -> str | None:
        try:
            re.compile(value or "")
        except (re.error, RecursionError, OverflowError) as error:
            raise ValueError(_("is no regular expression: {reason}").format(reason=error)) from error
        return value

    @field_validator("means")
    @classmethod
    def _is_a_stage(cls, value: str) -> str:
        known = [*(stage.value for stage in Stage), "none"]
        if value not in known:
            raise ValueError(_("must be one of {choices}").format(choices=", ".join(known)))
        return value

    @model_validator(mode="after")
    def _names_one_word(self) -> "WordTable":
        if sum(bool(word) for word in (self.type, self.heading, self.pattern)) != 1:
            raise ValueError(_("name one of type, heading and pattern"))
        return self

    @property
    def word(self) -> OwnWord:
        """The word, as the readers take it."""
        stage = None if self.means == "none" else Stage(self.means)
        kind = WordKind.TYPE if self.type else WordKind.HEADING
        token = self.type or self.heading or self.pattern or ""
        return OwnWord(kind=kind, token=token, stage=stage, is_pattern=self.pattern is not None)


class LayoutTable(Table):
    """One table [[layout]]."""

    name: str = Field(min_length=1, max_length=40, description="What you call it.", examples=["mine"])
    selectors: dict[str, str] = Field(
        description="CSS selectors by what they find; those left out are those of the newest layout that is shipped.",
        examples=[{"card": ".NewCard", "card_heading": "h2"}],
    )

    @model_validator(mode="after")
    def _can_be_used(self) -> "LayoutTable":
        from watcher.pages.layout import layout_from  # noqa: PLC0415 - only where somebody adds a layout

        layout_from(self.name, self.selectors)
        return self
