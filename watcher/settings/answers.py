"""Answers to buyers: how long a question may wait, and what asks for none."""

from datetime import timedelta

from pydantic import Field, field_validator

from watcher.durations import Duration
from watcher.settings.table import Table, at_least_a_second
from watcher.texts.language import _

_MOST, _LONGEST = 200, 80


class Answers(Table):
    """The table [answers]."""

    remind_after: Duration | None = Field(
        default=None,
        description="How long a buyer's question may wait before you are reminded of it, once, and outside of the quiet hours. "
        "Default: no reminders; `stornowacht questions` shows what waits.",
        examples=["4h"],
    )
    no_answer_needed: tuple[str, ...] = Field(
        default=(),
        max_length=_MOST,
        description='Your own words for messages that need no answer, beside the usual ones ("ok, danke", "bis dann" ...). '
        "Only a message that holds nothing else counts.",
        examples=[["passt mir"]],
    )

    @field_validator("remind_after")
    @classmethod
    def _not_zero(cls, value: timedelta | None) -> timedelta | None:
        return value if value is None else at_least_a_second(value)

    @field_validator("no_answer_needed")
    @classmethod
    def _asks_nothing(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            return value
        from watcher.pages.closing import may_ask, words_of  # noqa: PLC0415 - only where somebody names words

        for text in value:
            if may_ask(text):
                raise ValueError(
                    _("{text!r} asks something, or is cut off: such a message is always shown").format(
                        text=text
                    )
                )
            if len(text) > _LONGEST or not words_of(text):
                raise ValueError(_("{text!r} is no message: write the words as buyers do").format(text=text))
        return value
