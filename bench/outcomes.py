"""The outcome matrix: what happens to a watched sale, and who notices; what is harmless, and who cries wolf.

    python -m bench.outcomes [--tools NAME,NAME] [--cases WORD] [--envs DIR] [--json FILE]

For each situation and each program a new practice shop with six conversations, one of them a live order; the list and that order's
conversation are watched (`bench.tools` says how each is set up). Two rounds learn the pages; it goes on with the first later one that is quiet, of five at most. Then the
situation begins, stays, and the program looks again until a mail has come, four times at most, two at least.

- *noticed* is what the program itself says of a round: for ours the outcome and the events of `check --json`, for webchanges the headings
  of its report, for changedetection.io `last_error` and the history in its API, for shot-scraper the exit code of `--fail`, and a
  picture that is another one (which this benchmark compares for it; it has no comparison of its own).
- *alarm* is a mail in the mail server: the only thing that reaches somebody who sits elsewhere. shot-scraper has none.
- *silent* stands where nothing was said at the next look although all stays as bad as it was.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import Request, urlopen

from bench.arguments import asked
from bench.delivery import mail_server
from bench.environments import NotInstalledError
from bench.results import Sheet, keep
from bench.tools import TOOLS, Setting, Tool
from fixtures.shop import Shop, quiet_account
from fixtures.shop.serving import Answer, Asked

ORDER, QUIET_ROUNDS, MORE_ROUNDS, LEAST, MOST = "still-000", 2, 3, 2, 4
ROUND_SECONDS, MAIL_SECONDS = 90, 4
_BOX = "/m-nachrichten.html"


_SAID = (
    "Wanted of ours: noticed at the first look, in every row.",
    "A change that was told is over: there `then silent` is as it should be. Ours reminds at its own times until somebody acknowledges.",
    f"changedetection.io mails of a page whose part it does not find after six looks, unless set otherwise; {MOST} were made here.",
    "An order that has vanished is an event at once, a server out of reach an outcome; ours mails when it is missing a second time, or out of reach a third.",
)


@dataclass(frozen=True, slots=True)
class Moved:
    """Takes the place of a shop's planting: changes what pages and answers show, and nothing of what has happened."""

    page: Callable[[Asked, Answer], Answer] = lambda _, answer: answer
    data: Callable[[Asked, Answer], Answer] = lambda _, answer: answer

    def on_page(self, asked: Asked, answer: Answer) -> Answer:
        """Return what a page is changed to."""
        return self.page(asked, answer)

    def on_data(self, asked: Asked, answer: Answer) -> Answer:
        """Return what an answer is changed to."""
        return self.data(asked, answer)


@dataclass(frozen=True, slots=True)
class Situation:
    """Something that begins and stays."""

    name: str
    begin: Callable[[Shop], object]
    most: int = MOST


def _wall(name: str) -> Callable[[Shop], None]:
    return lambda shop: setattr(shop, "wall", name)


def _same_page_twice(shop: Shop) -> None:
    """Show an error where the list should be: the very same bytes each time, which is seen to here."""
    shop.wall = "error_box"
    cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in shop.login_cookies())
    pages = []
    for _ in range(2):
        with urlopen(Request(shop.base_url + _BOX, headers={"Cookie": cookies})) as answer:  # noqa: S310 - loopback
            pages.append(answer.read())
    if pages[0] != pages[1]:
        raise SystemExit("the error page is not the same twice")


BAD = (
    Situation("status change (the buyer cancels)", lambda shop: shop.cancel(ORDER)),
    Situation("layout change", _wall("new_layout")),
    Situation("login expired", lambda shop: shop.expire_session()),
    Situation("block page with status 200", _wall("blocked")),
    Situation("challenge", _wall("challenge")),
    Situation("500", _wall("server_error")),
    Situation("hang (the page drips for minutes)", _wall("slow_drip"), 3),
    Situation("half page (the data never come)", _wall("half_loaded")),
    Situation("half page (the data end in the middle)", _wall("truncated_json")),
    Situation("order vanished", lambda shop: shop.remove(ORDER)),
    Situation("error page, the same bytes each time", _same_page_twice),
)


def _a_day_later(asked: Asked, answer: Answer) -> Answer:
    """Let the page's clock be a day ahead: what was of today, it now calls yesterday's."""
    if not asked.path.endswith("/words.js"):
        return answer
    return replace(answer, body=answer.body.replace(b"Date.now()", b"(Date.now() + 864e5)"))


def _banner(asked: Asked, answer: Answer) -> Answer:
    if asked.path != _BOX:
        return answer
    text = f'<aside class="banner">Anzeige {time.monotonic_ns()}: Jetzt Sommerreifen sichern!</aside>'
    return replace(answer, body=answer.body.replace(b"</header>", b"</header>" + text.encode(), 1))


def _other_order(asked: Asked, answer: Answer) -> Answer:
    """Let the second and the third row of the list change places."""
    if not asked.path.endswith("/conversations") or asked.method != "GET" or not answer.body:
        return answer
    told = json.loads(answer.body)
    rows = told.get("conversations", [])
    told["conversations"] = [*rows[:1], *reversed(rows[1:3]), *rows[3:]]
    return replace(answer, body=json.dumps(told).encode())


def _more_unread(shop: Shop) -> None:
    for deal in shop.deals():
        shop.add(replace(deal, unread=deal.unread + 2))


def _moved(**moves: Callable[[Asked, Answer], Answer]) -> Callable[[Shop], None]:
    return lambda shop: setattr(shop, "planting", Moved(**moves))


HARMLESS = (
    Situation("a relative date (today becomes yesterday)", _moved(page=_a_day_later), LEAST),
    Situation("the unread count", _more_unread, LEAST),
    Situation("an ad banner", _moved(page=_banner), LEAST),
    Situation("reordered rows", _moved(data=_other_order), LEAST),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a program made of a situation, look by look: what it said, and how many mails had come by then."""

    said: tuple[str, ...]
    mails: tuple[int, ...]
    endless: bool = False

    @property
    def noticed(self) -> int | None:
        """At which look it was said for the first time."""
        return next((look for look, said in enumerate(self.said, start=1) if said), None)

    @property
    def alarm(self) -> int | None:
        """At which look a mail came for the first time."""
        return next((look for look, mails in enumerate(self.mails, start=1) if mails), None)

    @property
    def cell(self) -> str:
        """Return: when and as what it was noticed; when the mail came; whether the next look was silent."""
        noticed = f"{self.noticed} ({self.said[self.noticed - 1]})" if self.noticed else "never"
        alarm = f"mail {self.alarm}" if self.alarm else f"no mail in {len(self.said)}"
        parts = [noticed, alarm]
        if self.noticed and not all(self.said[self.noticed :]):
            parts.append("then silent")
        if self.endless:
            parts.append(f"no end within {ROUND_SECONDS} s")
        return "; ".join(parts)


_NAMES = [tool.name for tool in TOOLS]


class NeverQuietError(Exception):
    """A program says something of every look, whether or not anything has happened."""


def main() -> None:
    """Try all of it and print."""
    told = asked("What each program notices.", tools=",".join(_NAMES), cases="")
    wanted = told.tools.split(",")
    if unknown := set(wanted) - {*_NAMES}:
        raise SystemExit(f"no such program: {', '.join(sorted(unknown))}; there are {', '.join(_NAMES)}")
    tools = [tool for tool in TOOLS if tool.name in wanted]
    columns = [f"{tool.name} {tool.version}" for tool in tools]
    bad = Sheet(
        title="What is wrong: noticed at which look, mail at which look",
        compared="\n".join(_SAID),
        columns=("situation", *columns),
    )
    good = Sheet(
        title="What is harmless: false alarms",
        compared="Wanted of ours: quiet.",
        columns=("only this moved", *columns),
    )
    for sheet, situations in ((bad, BAD), (good, HARMLESS)):
        for situation in situations:
            if told.cases in situation.name:
                sheet.add(situation.name, *(_cell(tool, situation) for tool in tools))
                keep(bad, good)  # it takes most of an hour: what was seen is not lost if it is stopped
        sheet.show()


def _cell(kind: type[Tool], situation: Situation) -> str:
    try:
        seen = _looked(kind, situation)
    except NotInstalledError:
        return "not installed"
    except NeverQuietError:
        return f"says something of each of {QUIET_ROUNDS + MORE_ROUNDS} looks before anything has happened"
    print(f"  {situation.name} / {kind.name}: {seen}", file=sys.stderr, flush=True)
    if situation not in HARMLESS:
        return seen.cell
    if seen.alarm:
        return f"FALSE ALARM ({seen.said[seen.alarm - 1] or 'a mail'})"
    return f"says {seen.said[seen.noticed - 1]}" if seen.noticed else "quiet"


def _looked(kind: type[Tool], situation: Situation) -> Seen:
    deals = quiet_account(datetime.now(UTC), conversations=6, live=1)
    with (
        TemporaryDirectory(prefix="stornowacht-bench-") as name,
        mail_server() as host,
        Shop(deals=deals) as shop,
    ):
        watched = [deal.conversation_id for deal in deals if deal.id == ORDER]
        tool = kind(Setting(shop=shop, mail_port=host.port, folder=Path(name), conversations=watched))
        try:
            for number in range(QUIET_ROUNDS + MORE_ROUNDS):
                if not tool.round(seconds=ROUND_SECONDS).said and number:
                    break
            else:
                raise NeverQuietError
            time.sleep(MAIL_SECONDS)
            before = host.mails
            situation.begin(shop)
            said: list[str] = []
            mails: list[int] = []
            most = situation.most if tool.sends_mail else LEAST
            while len(said) < LEAST or (len(said) < most and not mails[-1]):
                try:
                    said.append(tool.round(seconds=ROUND_SECONDS).said)
                except TimeoutError:
                    return Seen(said=(*said, ""), mails=(*mails, host.mails - before), endless=True)
                end = time.monotonic() + MAIL_SECONDS
                while host.mails == before and time.monotonic() < end:
                    time.sleep(0.1)
                mails.append(host.mails - before)
            return Seen(said=tuple(said), mails=tuple(mails))
        finally:
            shop.wall = None
            tool.close()


if __name__ == "__main__":
    main()
