"""`doctor`: examines everything that a watch leans on, and says how to mend what is wrong. It visits nothing."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import click

from watcher.app.doctor import account as memory
from watcher.app.doctor import line, machine, storage, visiting
from watcher.app.doctor.finding import Finding, State, bad, ok, skipped, warn
from watcher.app.doctor.in_time import Examination, examined
from watcher.app.doctor.interface import InterfaceFacts, interface
from watcher.app.doctor.system_clock import is_synchronised
from watcher.app.doctor.title import title
from watcher.bootstrap import house, mailbox_settings, now, polled
from watcher.cli.common import account_names, config_option, json_option, load_config, print_json, printable
from watcher.cli.patient import Patient, patient_of
from watcher.config import Config, ConfigError, default_path
from watcher.errors import UsageError
from watcher.texts.language import _

_LINE_SECONDS = 4.0
_CLOCK_SECONDS = 2.0
_PROOF_SECONDS = 180.0
"""A busy machine may have to try the proof again."""
_MARKS = {State.OK: "✓", State.WARN: "!", State.BAD: "✗", State.SKIPPED: "–"}
_COLOURS = {State.OK: "green", State.WARN: "yellow", State.BAD: "red", State.SKIPPED: "bright_black"}


@click.command(
    "doctor", help=_("Examine all that a watch leans on: what is wrong, and how to mend it. Visits nothing.")
)
@click.argument("account", required=False)
@click.option(
    "--prove",
    is_flag=True,
    help=_("Also prove now, on a page of this machine, that the browser obeys the read-only guard."),
)
@config_option
@json_option
def doctor_command(account: str | None, *, prove: bool, config_path: Path | None, as_json: bool) -> int:
    """Examine: exit code 0 when nothing is bad, 1 otherwise."""
    config = load_config(config_path)
    patient = patient_of(config, account_names(config, account), prove=prove)
    place = config_path or default_path()
    findings = []
    for finding in examined([*_at_rest(patient, place), *_accounts(patient), *_outside(patient)]):
        findings.append(finding)
        if not as_json:
            _tell(finding)
    if as_json:
        print_json(
            [
                {"name": each.name, "state": each.state.value, "said": each.said, "advice": each.advice}
                for each in findings
            ]
        )
    return 1 if any(finding.state is State.BAD for finding in findings) else 0


def examine_at_home(config: Config, place: Path) -> list[Finding]:
    """Make all examinations that connect to nobody."""
    patient = patient_of(config, account_names(config, None), prove=False)
    return list(examined([*_at_rest(patient, place), *_accounts(patient)]))


def _at_rest(patient: Patient, place: Path) -> list[Examination]:
    """Return the examinations of this machine that are about no account."""
    from watcher.browser.finder import sandbox_works  # noqa: PLC0415
    from watcher.browser.login import has_display  # noqa: PLC0415

    config = patient.config
    return [
        _one("versions", machine.versions),
        _one("config", lambda: machine.config_place(place, [table.name for table in config.account])),
        _one("terms", lambda: machine.terms(accepted=config.terms.i_accept_the_risk)),
        _one("browser", lambda: visiting.browser(patient.browser.result())),
        _guard(patient),
        _one("sandbox", lambda: visiting.sandbox(works=sandbox_works())),
        _one(
            "display",
            lambda: visiting.display(headless=config.browser.headless, has_display=has_display()),
        ),
        _one("allow", lambda: memory.allowed(config.site.allow)),
        _one("storage", lambda: storage.storage(patient.storage.result())),
        _one("disk", lambda: storage.disk(patient.storage.result())),
        _one("database", lambda: storage.database(patient.database.result())),
        _one("names", partial(_names, patient)),
        _one("replay", partial(_replay, patient)),
        _one("clock", partial(_clock, patient)),
        _one("daemon", partial(_daemon, patient)),
        _one("service", partial(_service, config, place)),
        _one("stamps", lambda: _stamping(config)),
        *(_one(f"stamps/{name}", partial(_authority, patient, name)) for name in config.stamped_by),
    ]


def _accounts(patient: Patient) -> list[Examination]:
    found = []
    for name in patient.names:
        found += [
            _one(f"profile/{name}", partial(_profile, patient, name)),
            _one(f"session/{name}", partial(_session, patient, name)),
            _one(f"readers/{name}", partial(_readers, patient, name)),
        ]
    return found


def _outside(patient: Patient) -> list[Examination]:
    """Return the examinations that connect to somebody."""
    config = patient.config
    found: list[Examination] = []
    if config.terms.i_accept_the_risk:
        addresses = (config.site.base_url, config.site.gateway_url)
        found += [
            _one(peer.name, partial(line.reached, peer, seconds=_LINE_SECONDS, clock=now))
            for peer in line.peers(addresses, proxy=config.browser.proxy)
        ]
    else:
        found.append(_one("site", lambda: skipped("site", _("not tried before you have accepted the risk"))))
    found += [_one(f"channel/{name}", partial(_channel, patient, name)) for name in config.channels]
    if not config.channels:
        advice = _("Add a table such as [notify.email] to the config; see config.example.toml.")
        found.append(
            _one("channel", lambda: warn("channel", _("none is set up: nobody would be told"), advice))
        )
    found.append(_one("mailbox", partial(_mailbox, config)))
    found += [_one(f"tracking/{name}", partial(_interface, patient, name)) for name in config.tracking.set_up]
    return found


def _one(name: str, make: Callable[[], Finding], **limits: float) -> Examination:
    return Examination(name=name, make=lambda: [make()], **limits)


def _guard(patient: Patient) -> Examination:
    if patient.prove:
        return _one("guard", partial(_prove, patient), seconds=_PROOF_SECONDS)
    return _one("guard", partial(_proven, patient))


def _prove(patient: Patient) -> Finding:
    from watcher.browser.examine import prove_guard  # noqa: PLC0415

    patient.storage.exception()
    patient.database.exception()
    with house(patient.config) as our:
        settings = our.browser_settings()
    prove_guard(settings)
    return visiting.proven_now()


def _proven(patient: Patient) -> Finding:
    from watcher.browser.examine import proof_keys  # noqa: PLC0415

    if patient.browser.exception() is not None:
        return skipped("guard", _("there is no browser to prove it in"))
    facts, database = patient.browser.result(), patient.database.result()
    patient.storage.exception()
    if facts.version is None or (database.is_there and not database.can_be_read):
        return visiting.guard(facts, proven=None)
    if not database.is_there:
        return visiting.guard(facts, proven=False)
    with house(patient.config) as our:
        settings = our.browser_settings()
        keys = proof_keys(
            facts.version, allow=settings.allow, hosts=settings.hosts, headless=settings.headless
        )
        return visiting.guard(facts, proven=any(our.store.guard_is_proven(key) for key in keys))


def _profile(patient: Patient, name: str) -> Finding:
    from watcher.browser.examine import examine_profile, lock_of_profile  # noqa: PLC0415
    from watcher.storage.examine import is_held  # noqa: PLC0415

    folder = patient.config.storage_dir
    facts = examine_profile(name, folder, is_held=is_held(lock_of_profile(name, folder)))
    present = None if patient.browser.exception() else patient.browser.result().major
    return visiting.profile(facts, present=present)


def _names(patient: Patient) -> Finding:
    found = patient.memory.result()
    return _not_read("names") if found is None else storage.names(found.names_fault)


def _replay(patient: Patient) -> Finding:
    found = patient.memory.result()
    return _not_read("replay") if found is None else storage.readers(replay_is_due=found.replay_is_due)


def _session(patient: Patient, name: str) -> Finding:
    found = patient.memory.result()
    if found is None:
        return _not_read(f"session/{name}")
    return memory.session(next(each for each in found.accounts if each.name == name), now=now())


def _readers(patient: Patient, name: str) -> Finding:
    found = patient.memory.result()
    if found is None:
        return _not_read(f"readers/{name}")
    return memory.readers(name, found.words.get(name, []))


def _not_read(name: str) -> Finding:
    return skipped(name, _("not read: see the line about the database"))


def _clock(patient: Patient) -> Finding:
    synchronised = is_synchronised(seconds=_CLOCK_SECONDS)
    skew = None if patient.storage.exception() else patient.storage.result().skew
    found = None if patient.memory.exception() else patient.memory.result()
    accounts = found.accounts if found else ()
    latest = max((each.last_check_at for each in accounts if each.last_check_at), default=None)
    return machine.clock(synchronised=synchronised, skew=skew, latest=latest, now=now())


def _daemon(patient: Patient) -> Finding:
    from watcher.storage.examine import is_held  # noqa: PLC0415

    found = None if patient.memory.exception() else patient.memory.result()
    return machine.daemon(
        found.accounts if found else (),
        patient.config.watch.mode,
        is_held=is_held(patient.config.storage_dir / "daemon.lock"),
        now=now(),
    )


def _service(config: Config, place: Path) -> Finding:
    from watcher.cli.service import look  # noqa: PLC0415
    from watcher.service.seal import Hand  # noqa: PLC0415

    try:
        found = look(config, place)
    except UsageError as error:
        return skipped("service", error.message)
    return machine.service(
        found.manager,
        is_installed=found.is_installed,
        is_running=None if found.refusal else found.running.is_running,
        starts=found.running.is_enabled,
        # One that was changed by hand is as its owner wants it.
        is_as_it_should=found.seal.hand is not Hand.OURS or found.is_current is not False,
    )


def _channel(patient: Patient, name: str) -> Finding:
    from notifiers.contract import DeliveryError  # noqa: PLC0415
    from notifiers.discovery import channel  # noqa: PLC0415

    config = patient.config
    kind, settings = channel(name), config.channels[name]
    if kind is None:
        return bad(f"channel/{name}", _("there is no such channel"))
    try:
        built = kind.build(settings, app_name="Stornowacht", language=config.language)
        receipt = built.probe()
    except DeliveryError as error:
        return bad(f"channel/{name}", error.message, error.advice)
    ready = _("ready, nothing was sent ({answer})").format(answer=receipt.detail)
    return _in_earnest(patient, name) or ok(f"channel/{name}", ready)


def _in_earnest(patient: Patient, name: str) -> Finding | None:
    """Return what a channel that passes a test has not taken in earnest: a test meets no recipient who is refused."""
    from watcher.cli.channels import channel_words  # noqa: PLC0415

    database = None if patient.database.exception() else patient.database.result()
    if database is None or not database.can_be_read:
        return None
    with house(patient.config) as our:
        health = our.store.channel_health(name)
    if health.failing_since is None or health.by_test:
        return None
    return warn(
        f"channel/{name}",
        _("a test works, but an alert was not taken: {state}").format(state=channel_words(health)),
        health.advice or _("`stornowacht notify-test` sends one through each channel."),
    )


def _mailbox(config: Config) -> Finding:
    if config.mailbox is None:
        return skipped("mailbox", _("none is set up"))
    from watcher.mailbox.trial import try_once  # noqa: PLC0415

    table = config.mailbox
    try:
        health = try_once(mailbox_settings(config, table, timeout=_LINE_SECONDS))
    except ConfigError as error:
        return bad("mailbox", error.message, error.advice)
    if not health.ok:
        return bad("mailbox", health.message, health.advice)
    return ok("mailbox", _("{host} opens {folder} for reading").format(host=table.host, folder=table.folder))


def _interface(patient: Patient, name: str) -> Finding:
    config = patient.config
    try:
        polled(config)
    except ConfigError as error:
        return bad(f"tracking/{name}", error.message, error.advice)
    if patient.memory.result() is None:
        return _not_read(f"tracking/{name}")
    if not patient.database.result().is_there:
        return interface(InterfaceFacts(name=name, asked=0, per_day=config.tracking.set_up[name].per_day))
    with house(config) as our:
        state = next(each for each in our.sources() if each.name == name)
    return interface(
        InterfaceFacts(
            name=name,
            asked=state.asked_today,
            per_day=state.per_day,
            problem=state.problem,
            message=state.message,
            advice=state.advice,
        )
    )


def _stamping(config: Config) -> Finding:
    from watcher.app.doctor.stamps import stamping  # noqa: PLC0415
    from watcher.timestamping.library import missing  # noqa: PLC0415

    is_set = config.timestamp is not None
    return stamping(len(config.stamped_by), is_set=is_set, missing=missing())


def _authority(patient: Patient, name: str) -> Finding:
    from watcher.app.anchor import stamp_states  # noqa: PLC0415
    from watcher.app.doctor.stamps import authority  # noqa: PLC0415

    if patient.memory.result() is None:
        return _not_read(f"stamps/{name}")
    if not patient.database.result().is_there:
        return skipped(f"stamps/{name}", _("not asked yet"))
    with house(patient.config) as our:
        return authority(stamp_states(our.store, [name])[0])


def _tell(finding: Finding) -> None:
    mark = click.style(_MARKS[finding.state], fg=_COLOURS[finding.state])
    click.echo(f"{mark} {title(finding.name)}: {printable(finding.said)}")
    if finding.advice:
        click.echo(f"    {printable(finding.advice)}")
