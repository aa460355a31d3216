"""The mailbox beside the daemon: a thread that listens, rings when the platform writes, and takes replies to alerts."""

import threading

from watcher.app.answers import take_reply
from watcher.app.ring import ring, tell_of_mailbox
from watcher.bootstrap import MAILBOX_HEALTH, house, now
from watcher.config import Config
from watcher.daemon.log import log
from watcher.daemon.progress import Progress
from watcher.domain.mail import CarrierMail, PlatformMail, ReplyMail
from watcher.mailbox.health import Health
from watcher.mailbox.place import Place, parse_place, place_text
from watcher.mailbox.watch import Waits, watch

JOB = "mailbox"
"""What it is called where jobs are supervised."""
_LAST_PATIENCE = 10.0
"""Seconds."""


class MailListener:
    """Watches the mailbox of the config for as long as the daemon runs. Each callback opens the database for itself."""

    def __init__(self, config: Config, stop: threading.Event, progress: Progress, *, slowness: float) -> None:
        """Args: `slowness` is in seconds, and beyond the longest pause; a listener that is silent for longer is stuck."""
        self._config = config
        self._stop = stop
        self._progress, self._slowness = progress, slowness
        self._rings = "mail" in config.watch.mode
        """Otherwise it is there for replies alone."""
        self._account = (config.mailbox and config.mailbox.account) or config.account[0].name
        self._thread = threading.Thread(target=self._listen, name=JOB, daemon=True)

    def start(self) -> None:
        """Begin to listen.

        Raises:
            ConfigError: the password of the mailbox is not to be had.
        """
        with house(self._config) as our:
            self._settings = our.mailbox()
            self._name = f"{self._settings}/{self._settings.folder}" if self._settings else ""
            self._since = parse_place(our.store.mailbox_state(self._name))
        if self._settings is not None:
            self._progress.expect(JOB, within=Waits().permanent_pause + self._slowness)
            self._thread.start()

    def wait(self) -> None:
        """Wait until it has ended; `stop` must be set.

        A server that takes its time with an answer is not waited for: what was not remembered by then is read again.
        """
        if self._thread.is_alive():
            self._thread.join(timeout=_LAST_PATIENCE)

    def _listen(self) -> None:
        assert self._settings is not None  # noqa: S101 - narrows the type; `start` decides
        self._progress.began(JOB)
        log().info("mailbox_watch_began", mailbox=str(self._settings))
        watch(
            self._settings,
            on_mail=self._ring,
            on_carrier_mail=self._read,
            on_reply=self._answer,
            remember=self._remember,
            health=self._tell,
            stop=self._stop,
            clock=now,
            since=self._since,
            got_on=lambda: self._progress.got_on(JOB),
        )
        log().info("mailbox_watch_ended")

    def _answer(self, mail: ReplyMail) -> None:
        with house(self._config) as our:
            taken = take_reply(our.store, mail, clock=now)
        log().info("reply_came", taken=taken.value)

    def _ring(self, mail: PlatformMail) -> None:
        if not self._rings:
            return
        with house(self._config) as our:
            rung = ring(
                our.store,
                account=self._account,
                mail=mail,
                channels=list(self._config.channels),
                clock=now,
            )
        log().info("mail_came", account=self._account, verdict=mail.verdict.value, rung=rung.value)

    def _read(self, mail: CarrierMail) -> None:
        if not self._rings:
            return
        from watcher.app.carrier_mail import read_carrier_mail  # noqa: PLC0415 - the carriers' words come along

        with house(self._config) as our:
            read = read_carrier_mail(
                our.store, mail, rules=our.case_rules(), channels=list(self._config.channels), clock=now
            )
        log().info("carrier_mail_came", carrier=mail.carrier, read=read.value)

    def _remember(self, place: Place) -> None:
        self._save(self._name, place_text(place))

    def _tell(self, health: Health) -> None:
        trouble = health.trouble.value if health.trouble else ""
        log().info("mailbox_health", ok=health.ok, trouble=trouble)
        self._save(MAILBOX_HEALTH, "" if health.ok else f"{health.message} {health.advice}".strip())
        if health.trouble is not None and health.trouble.is_permanent:
            with house(self._config) as our:
                tell_of_mailbox(
                    our.store,
                    account=self._account,
                    trouble=trouble,
                    message=health.message,
                    advice=health.advice,
                    channels=list(self._config.channels),
                    clock=now,
                )

    def _save(self, name: str, state: str) -> None:
        with house(self._config) as our, our.store.writing() as writing:
            writing.save_mailbox_state(name, state)
