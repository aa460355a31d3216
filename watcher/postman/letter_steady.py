"""Letters by which the watch speaks of itself: a dead channel, a channel that works again, an absence, the summary."""

from collections.abc import Mapping

from watcher.domain.alert import AlertKind
from watcher.domain.channel_health import ChannelHealth, Liveness
from watcher.domain.stage import Stage
from watcher.domain.summary import OpenStep, Summary
from watcher.postman.letter_facts import LetterFacts, command, item, subject_of, when
from watcher.postman.letter_view import CommandView, ListView, Tone, View
from watcher.postman.letter_words import said
from watcher.texts.fill import one_line
from watcher.texts.language import Language
from watcher.texts.names import stage_name
from watcher.texts.playbook import words_for

_MOST_STEPS = 8


def about_dead_channel(facts: LetterFacts, *, language: Language) -> View:
    """Write that a channel takes nothing, since when, why, and what can be done about it."""
    channel, since = _channel(facts), facts.moment_of("since")
    problem, advice = facts.detail("problem"), facts.detail("advice")
    headline = said("channel.dead.headline", language=language, channel=channel)
    rows = (("channel_problem", problem), ("channel_advice", advice))
    return View(
        subject=said("channel.dead.subject", language=language, channel=channel),
        headline=headline,
        tone=Tone.LOOK,
        summary=tuple(filter(None, (headline, one_line(problem or "")))),
        lead=(
            said(
                "channel.dead.lead",
                language=language,
                channel=channel,
                since=when(since, facts, language=language) if since else None,
            ),
        ),
        rows=tuple(
            (said(f"label.{name}", language=language), one_line(words, limit=400))
            for name, words in rows
            if words
        ),
        way_out=CommandView(
            heading=said("label.way_out", language=language),
            text=said("channel.dead.way", language=language),
            commands=(("", command("notify-test")),),
            after=said("channel.dead.after", language=language),
        ),
    )


def about_channel_back(facts: LetterFacts, *, language: Language) -> View:
    """Write that a channel works again."""
    channel = _channel(facts)
    headline = said("channel.back.headline", language=language, channel=channel)
    return View(
        subject=said("channel.back.subject", language=language, channel=channel),
        headline=headline,
        tone=Tone.CALM,
        summary=(headline,),
        lead=(said("channel.back.lead", language=language, channel=channel),),
        way_out=_look_closer(language),
    )


def about_absence(facts: LetterFacts, *, language: Language) -> View:
    """Write that nobody watched, from when until when, and that somebody looks now."""
    since, until = (facts.moment_of(name) for name in ("since", "until"))
    span: Mapping[str, str | None] = {
        "since": when(since, facts, language=language) if since else None,
        "until": when(until, facts, language=language) if until else None,
    }
    headline = said("absence.headline", language=language)
    return View(
        subject=said("absence.subject", language=language, **span),
        headline=headline,
        tone=Tone.LOOK,
        summary=(said("absence.subject", language=language, **span),),
        lead=(
            said("absence.lead", language=language, **span),
            said("absence.urgent" if facts.alert.critical else "absence.calm", language=language),
        ),
        way_out=CommandView(
            heading=said("label.way_out", language=language),
            text=said("absence.way", language=language),
            commands=(("", command("status")), ("", command("service", "install"))),
        ),
    )


def about_summary(facts: LetterFacts, *, language: Language) -> View:
    """Write how all stands: orders, what waits for the seller, checks, channels."""
    summary = facts.summary
    if summary is None:
        headline = said("summary.headline.look", language=language)
        return View(
            subject=headline,
            headline=headline,
            tone=Tone.LOOK,
            summary=(headline,),
            way_out=_look_closer(language),
        )
    topic = "calm" if _is_calm(summary) else "look"
    headline = said(f"summary.headline.{topic}", language=language)
    checks = _checks(summary, language)
    return View(
        subject=said(
            "summary.subject",
            language=language,
            verdict=headline,
            steps=_steps(len(summary.steps), language) if summary.steps else None,
        ),
        headline=headline,
        tone=Tone.CALM if topic == "calm" else Tone.LOOK,
        summary=(headline, checks),
        lead=(said("summary.lead", language=language, since=when(summary.since, facts, language=language)),),
        rows=tuple(
            (said(f"label.{name}", language=language), words)
            for name, words in (
                (
                    "summary_orders",
                    _orders(summary.stages, language) or said("summary.none", language=language),
                ),
                ("summary_ended", _orders(summary.ended, language)),
                ("summary_checks", checks),
                ("summary_channels", _channels(summary, language)),
            )
            if words
        ),
        orders=_open_steps(summary, facts, language),
        way_out=_look_closer(language, after=said("summary.after", language=language, table="[summary]")),
    )


def _look_closer(language: Language, *, after: str = "") -> CommandView:
    return CommandView(
        heading=said("summary.way_heading", language=language),
        text=said("summary.way", language=language),
        commands=(("", command("status")),),
        after=after,
    )


def _is_calm(summary: Summary) -> bool:
    dead = any(health.liveness in {Liveness.DEAD, Liveness.FAILING} for health in summary.channels)
    return summary.good_checks > 0 and not summary.bad_checks and not summary.steps and not dead


def _channel(facts: LetterFacts) -> str:
    return one_line(facts.detail("channel") or "?", limit=40)


def _orders(stages: Mapping[Stage, int], language: Language) -> str:
    return ", ".join(f"{count} × {stage_name(stage, language=language)}" for stage, count in stages.items())


def _checks(summary: Summary, language: Language) -> str:
    if not summary.good_checks and not summary.bad_checks:
        return said("summary.no_checks", language=language)
    return said(
        "summary.checks",
        language=language,
        good=str(summary.good_checks),
        bad=str(summary.bad_checks) if summary.bad_checks else None,
    )


def _channels(summary: Summary, language: Language) -> str:
    return ", ".join(
        f"{one_line(health.channel, limit=40)}: {_liveness(health, language)}" for health in summary.channels
    )


def _liveness(health: ChannelHealth, language: Language) -> str:
    return said(f"summary.channel.{health.liveness}", language=language)


def _steps(count: int, language: Language) -> str:
    return said(
        "summary.steps.one" if count == 1 else "summary.steps.more", language=language, number=str(count)
    )


def _open_steps(summary: Summary, facts: LetterFacts, language: Language) -> ListView | None:
    if not summary.steps:
        return None
    shown, rest = summary.steps[:_MOST_STEPS], len(summary.steps[_MOST_STEPS:])
    return ListView(
        heading=said("summary.open", language=language),
        entries=tuple(_entry(waiting, facts, language) for waiting in shown),
        more=said("summary.and_more", language=language, number=str(rest)) if rest else "",
    )


def _entry(waiting: OpenStep, facts: LetterFacts, language: Language) -> tuple[str, str]:
    order = next((order for order in facts.orders if order.id == waiting.case.order), None)
    title = words_for(waiting.step.id, subject_of(order, waiting.case, tz=facts.tz), language=language).title
    due = waiting.step.due_at
    known = said(
        "summary.step",
        language=language,
        item=item(order, language=language),
        due=when(due, facts, language=language) if due else None,
    )
    return title, known


WRITERS = {
    AlertKind.CHANNEL_DEAD: about_dead_channel,
    AlertKind.CHANNEL_BACK: about_channel_back,
    AlertKind.NOT_WATCHED: about_absence,
    AlertKind.SUMMARY: about_summary,
}
