"""Letters about an account: in trouble, readable again, its login, its day's pages; and a test."""

from watcher.carriers.own import carrier_here
from watcher.domain.anchor import StampFault
from watcher.postman.letter_facts import LetterFacts, command, links, rows, when
from watcher.postman.letter_view import CommandView, Tone, View
from watcher.postman.letter_way_out import about_account, reason, way_out, words_of
from watcher.postman.letter_words import said
from watcher.texts.fill import one_line
from watcher.texts.language import Language
from watcher.texts.names import lasting
from watcher.texts.stamps import fault_name

_LONGEST_REASON = 400


def about_trouble(facts: LetterFacts, *, language: Language) -> View:
    """Write that an account is not being watched, why, and the way out."""
    headline = words_of("headline", facts, language=language)
    because = reason(facts, language=language) if facts.cause is not None else ""
    return View(
        subject=words_of("subject", facts, language=language),
        headline=headline,
        tone=Tone.LOOK,
        summary=(headline, words_of("command", facts, language=language)),
        lead=(words_of("lead", facts, language=language),),
        rows=rows(facts, {"reason": because}, language=language),
        way_out=way_out(facts, heading=said("label.way_out", language=language), language=language),
        links=links(facts, language=language),
    )


def about_recovery(facts: LetterFacts, *, language: Language) -> View:
    """Write that the account can be read again, and since when it could not."""
    since = facts.moment_of("since")
    return _calm("recovered", facts, language, since=when(since, facts, language=language) if since else None)


def about_session(facts: LetterFacts, *, language: Language) -> View:
    """Write that the login is likely to end soon, as long as there is time to renew it in peace."""
    session = facts.remembered.session if facts.remembered else None
    life = session.typical_life if session else None
    since = session.since if session else None
    headline = said("session.headline", language=language)
    typed = command("login", facts.account)
    return View(
        subject=about_account("session.subject", facts, language=language),
        headline=headline,
        tone=Tone.CALM,
        summary=(headline, typed),
        lead=(
            about_account(
                "session.lead",
                facts,
                language=language,
                life=lasting(life, language=language) if life else None,
                age=lasting(facts.now - since, language=language) if since else None,
            ),
        ),
        way_out=CommandView(
            heading=said("label.way_out", language=language),
            text=said("session.way", language=language),
            commands=(("", typed),),
            after=said("session.after", language=language),
        ),
    )


def about_budget(facts: LetterFacts, *, language: Language) -> View:
    """Write that the day's page loads are used up, and when the next look comes."""
    headline = said("budget.headline", language=language)
    typed = command("check", facts.account)
    return View(
        subject=about_account("budget.subject", facts, language=language),
        headline=headline,
        tone=Tone.LOOK,
        summary=(headline, typed),
        lead=(about_account("budget.lead", facts, language=language, pages=facts.detail("pages")),),
        way_out=CommandView(
            heading=said("budget.way_heading", language=language),
            text=said("budget.way", language=language),
            commands=(("", typed),),
            after=about_account("budget.after", facts, language=language),
        ),
        links=links(facts, language=language),
    )


def about_mailbox(facts: LetterFacts, *, language: Language) -> View:
    """Write that no mail makes a check come any more, what the mail server said, and how to mend it."""
    headline, typed = said("mailbox.headline", language=language), command("doctor")
    told = one_line(facts.detail("message") or "", limit=_LONGEST_REASON)
    return View(
        subject=about_account("mailbox.subject", facts, language=language),
        headline=headline,
        tone=Tone.LOOK,
        summary=(headline, told or typed),
        lead=(about_account("mailbox.lead", facts, language=language),),
        rows=rows(facts, {"reason": told, "account": facts.account}, language=language),
        way_out=CommandView(
            heading=said("label.way_out", language=language),
            text=one_line(facts.detail("advice") or "", limit=_LONGEST_REASON)
            or said("mailbox.way", language=language),
            commands=(("", typed),),
            after=said("mailbox.after", language=language),
        ),
    )


def about_key(facts: LetterFacts, *, language: Language) -> View:
    """Write that a carrier's interface refuses the key, what is missing until that is mended, and how to try it at once."""
    source = facts.detail("source")
    words = {"carrier": carrier_here(source).name or source, "source": source}
    headline = said("key.headline", language=language, **words)
    typed = command("track", "ORDER", "--ask")
    return View(
        subject=said("key.subject", language=language, **words),
        headline=headline,
        tone=Tone.LOOK,
        summary=(headline, typed),
        lead=(said("key.lead", language=language, **words),),
        way_out=CommandView(
            heading=said("label.way_out", language=language),
            text=said("key.way", language=language, **words),
            commands=(("", typed),),
            after=said("key.after", language=language, **words),
        ),
    )


def about_stamps(facts: LetterFacts, *, language: Language) -> View:
    """Write that an authority has given no time stamp for days, why, and that nothing is lost by it."""
    since = facts.moment_of("since")
    authority = one_line(facts.detail("authority") or "?")
    words = {"authority": authority, "since": when(since or facts.alert.at, facts, language=language)}
    headline, typed = said("stamps.headline", language=language, **words), command("archive", "stamp")
    told = facts.detail("fault") or ""
    because = fault_name(StampFault(told), language=language) if told in set(StampFault) else ""
    detail = one_line(facts.detail("detail") or "", limit=_LONGEST_REASON)
    reason_told = f"{because} ({detail})" if because and detail else because
    return View(
        subject=said("stamps.subject", language=language, **words),
        headline=headline,
        tone=Tone.LOOK,
        summary=(headline, typed),
        lead=(said("stamps.lead", language=language, **words),),
        rows=rows(facts, {"reason": reason_told}, language=language),
        way_out=CommandView(
            heading=said("label.way_out", language=language),
            text=said("stamps.way", language=language),
            commands=(("", typed),),
            after=said("stamps.after", language=language),
        ),
    )


def about_test(facts: LetterFacts, *, language: Language) -> View:
    """Write a test."""
    return _calm("test", facts, language)


def _calm(topic: str, facts: LetterFacts, language: Language, **more: str | None) -> View:
    headline = said(f"{topic}.headline", language=language)
    return View(
        subject=about_account(f"{topic}.subject", facts, language=language),
        headline=headline,
        tone=Tone.CALM,
        summary=(headline,),
        lead=(about_account(f"{topic}.lead", facts, language=language, **more),),
    )
