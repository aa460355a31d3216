"""Letters by which the watch speaks of its own troubles: what fails again and again, and a config it cannot use."""

from watcher.domain.alert import AlertKind
from watcher.domain.setback import DISK, WATCH
from watcher.postman.letter_facts import LetterFacts, command, rows, when
from watcher.postman.letter_view import CommandView, Tone, View
from watcher.postman.letter_words import has_words, said
from watcher.texts.fill import one_line
from watcher.texts.language import Language

_LONGEST_LINE = 300
_MOST_MISTAKES = 12
_SEARCHING = (
    ("", command("doctor")),
    ("", command("log", "--level", "warning", "--since", "1d")),
    ("", command("report")),
)


def about_setback(facts: LetterFacts, *, language: Language) -> View:
    """Write what dies again and again, why, that the pauses grow, and what to do; or that the disk is nearly full."""
    since = facts.moment_of("since")
    words = {
        "what": _what(facts, language),
        "since": when(since, facts, language=language) if since else None,
        "times": facts.detail("failures") or "?",
    }
    topic = {WATCH: "watch", DISK: "disk"}.get(facts.detail("job") or "", "job")
    own = "failing.disk" if topic == "disk" else "failing"
    headline = said(f"failing.{topic}.headline", language=language, **words)
    because = _reason(facts, language)
    return View(
        subject=said(f"failing.{topic}.subject", language=language, **words),
        headline=headline,
        tone=Tone.LOOK,
        summary=(headline, because),
        lead=(said(f"failing.{topic}.lead", language=language, **words),),
        rows=rows(facts, {"reason": because}, language=language),
        way_out=CommandView(
            heading=said("label.way_out", language=language),
            text=said(f"{own}.way", language=language),
            commands=(("", command("doctor")),) if topic == "disk" else _SEARCHING,
            after=said(f"{own}.after", language=language),
        ),
    )


def about_recovery(facts: LetterFacts, *, language: Language) -> View:
    """Write that it works again."""
    what = _what(facts, language)
    over = "failing.disk.over" if facts.detail("job") == DISK else "failing.over"
    headline = said(f"{over}.headline", language=language, what=what)
    return View(
        subject=said(f"{over}.subject", language=language, what=what),
        headline=headline,
        tone=Tone.CALM,
        summary=(headline,),
        lead=(said(f"{over}.lead", language=language, what=what),),
        way_out=CommandView(
            heading=said("summary.way_heading", language=language),
            text=said("summary.way", language=language),
            commands=(("", command("status")),),
        ),
    )


def about_config(facts: LetterFacts, *, language: Language) -> View:
    """Write that the changed config has mistakes, which, and that the old one stays in force."""
    headline = said("config.headline", language=language)
    mistakes = [one_line(line, limit=_LONGEST_LINE) for line in (facts.detail("message") or "").splitlines()]
    return View(
        subject=said("config.subject", language=language),
        headline=headline,
        tone=Tone.LOOK,
        summary=(headline, *mistakes[-1:]),
        lead=(said("config.lead", language=language), *filter(None, mistakes[:_MOST_MISTAKES])),
        way_out=CommandView(
            heading=said("label.way_out", language=language),
            text=said("config.way", language=language),
            commands=(("", command("status")),),
            after=said("config.after", language=language),
        ),
    )


def _what(facts: LetterFacts, language: Language) -> str:
    path = f"failing.what.{facts.detail('job')}"
    return said(path if has_words(path, language=language) else "failing.what.other", language=language)


def _reason(facts: LetterFacts, language: Language) -> str:
    """Return why, in words; `exit_1` is an exit code, and `fault:ValueError` a fault of the program."""
    kind, _colon, detail = (facts.detail("reason") or "unknown").partition(":")
    path = f"failing.reason.{kind}"
    if has_words(path, language=language):
        return said(path, language=language, detail=one_line(detail, limit=80) or None)
    return said(
        "failing.reason.exit", language=language, detail=one_line(kind.removeprefix("exit_"), limit=80)
    )


WRITERS = {
    AlertKind.KEEPS_FAILING: about_setback,
    AlertKind.WORKS_AGAIN: about_recovery,
    AlertKind.CONFIG_REFUSED: about_config,
}
