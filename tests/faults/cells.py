"""The fault matrix: what goes wrong x noticed, said, recovers, nothing lost. Each cell names the tests that show it.

`docs/faults.md` is written from here by `scripts/fault_table.py`; `test_matrix.py` sees to it that every cell is shown, by
tests that exist.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Cell:
    """What is promised, in plain words, and the tests (node ids below `tests/`) by which it is shown."""

    words: str
    shown_by: tuple[str, ...]


def shown(words: str, *tests: str) -> Cell:
    """Return a cell."""
    return Cell(words, tests)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong."""

    part: str
    what: str
    noticed: Cell
    said: Cell
    recovers: Cell
    kept: Cell

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The four cells, in the order of the table."""
        return self.noticed, self.said, self.recovers, self.kept


BROWSER: Final = "The browser"
NETWORK: Final = "The network and the site"
DISK: Final = "The disk"
DATABASE: Final = "The database"
TIME: Final = "Clocks"
WAYS: Final = "Mail, messengers, authorities"
WATCH: Final = "The watch itself"

_BROWSER = "faults/test_browser.py::"
_DISK = "faults/test_disk.py::"
_DATABASE = "faults/test_database.py::"
_TIME = "faults/test_time.py::"
_WALL = "e2e/test_walls.py::test_a_wall_is_what_the_table_says_keeps_its_proof_and_changes_no_order"
_CRASH = f"{_BROWSER}test_a_browser_that_crashes_ends_the_check_in_words_and_costs_nothing"
_HUGE = f"{_BROWSER}test_two_gigabytes_fit_into_bounded_memory_and_the_next_check_is_fine"
_LIMITS = "e2e/test_browser_limits.py::"
_DOWN = (
    "faults/test_ways_out.py::test_a_way_out_that_is_down_for_days_is_told_through_another_and_loses_nothing"
)
_MAILBOX_DOWN = (
    "mailbox/test_watch.py::"
    "test_a_server_that_is_down_for_days_is_told_once_asked_ever_more_slowly_and_hides_no_mail"
)
_SLOW = f"{_DISK}test_a_disk_that_takes_its_time_makes_a_check_slow_and_nothing_else"
_STUCK = f"{_DISK}test_a_check_that_waits_for_the_disk_past_its_deadline_is_ended_and_the_next_one_is_fine"
_READ_ONLY = f"{_DISK}test_a_folder_that_may_not_be_written_is_told_and_all_is_there_once_it_may_be_again"
_SUPERVISION = "daemon/test_supervision.py::"
_DAMAGED = f"{_DATABASE}test_a_damaged_database_names_the_latest_backup_is_left_alone_and_comes_back"

_FAILED_SAID: Final = shown(
    "`status`; from the third failure in a row on an alert, with the cause",
    "app/test_failed_check.py::test_the_seller_is_told_at_the_third_failure_in_a_row_and_once",
    "postman/test_news.py::test_there_is_a_letter_of_every_kind_and_of_every_cause",
)
_FAILED_AGAIN: Final = shown(
    "tried again, ever more slowly",
    "app/test_failed_check.py::test_a_failure_is_counted_and_the_next_try_planned",
)
_FAILED_KEPT: Final = shown(
    "orders and cases stay; what was captured is taken in by the next check",
    "app/test_failed_check.py::test_orders_and_cases_stay_as_they_were",
    "app/test_check.py::test_a_check_that_was_killed_is_as_if_it_had_not_begun_but_for_its_proof",
)
_SITE_SAID: Final = shown(
    "`check` and `status`; from the third visit in a row on an alert, with the cause and a way out",
    "domain/test_plan.py::test_an_unreachable_site_is_told_from_the_third_visit_in_a_row_on",
    "postman/test_news.py::test_the_way_out_fits_the_cause",
)
_SITE_AGAIN: Final = shown(
    "tried again by itself; its end is told once",
    "app/test_check.py::test_trouble_is_told_once_and_its_end_once",
)
_SITE_KEPT: Final = shown(
    "no order is missing, cancelled or over",
    "app/test_check.py::test_a_wall_never_means_that_orders_are_over",
)


def _site(what: str, noticed: Cell) -> Fault:
    return Fault(
        part=NETWORK, what=what, noticed=noticed, said=_SITE_SAID, recovers=_SITE_AGAIN, kept=_SITE_KEPT
    )


def _way(what: str, name: str) -> Fault:
    test = f"{_DOWN}[{name}]"
    return Fault(
        part=WAYS,
        what=what,
        noticed=shown("at the first try", test),
        said=shown(
            "an alert through the other channels, once and again each day; `status`, `doctor`",
            test,
            "cli/test_channels.py::test_a_dead_channel_says_why_and_what_to_do",
        ),
        recovers=shown("tried again by itself; told once", test),
        kept=shown("every alert arrives, many of them as one digest", test),
    )


MATRIX: Final[tuple[Fault, ...]] = (
    Fault(
        part=BROWSER,
        what="there is none, or it does not start",
        noticed=shown(
            "`check` ends with exit code 2; the watch logs `check_failed`",
            "e2e/test_check.py::test_a_browser_that_cannot_be_started_is_named_with_the_way_out",
            "e2e/test_daemon.py::test_a_check_that_cannot_start_its_browser_is_remembered_and_tried_again_later",
        ),
        said=_FAILED_SAID,
        recovers=shown(
            "by your hand: the message says how a browser is had; then by itself",
            "cli/test_check.py::test_without_a_browser_the_way_out_is_told",
            "app/test_failed_check.py::test_a_failure_is_counted_and_the_next_try_planned",
        ),
        kept=_FAILED_KEPT,
    ),
    Fault(
        part=BROWSER,
        what="it hangs",
        noticed=shown(
            "ended at the check's deadline, with all that it has started",
            f"{_LIMITS}test_a_browser_that_hangs_is_ended_at_the_deadline_with_all_its_processes",
        ),
        said=_FAILED_SAID,
        recovers=_FAILED_AGAIN,
        kept=_FAILED_KEPT,
    ),
    Fault(
        part=BROWSER,
        what="it crashes in the middle of a check, or its page does",
        noticed=shown("at once: the check ends in words", f"{_CRASH}[browser]", f"{_CRASH}[page]"),
        said=_FAILED_SAID,
        recovers=shown("the next check is fine", f"{_CRASH}[browser]", f"{_CRASH}[page]"),
        kept=shown(
            "orders stay, the archive verifies, no process is left", f"{_CRASH}[browser]", f"{_CRASH}[page]"
        ),
    ),
    Fault(
        part=BROWSER,
        what="it fills the memory",
        noticed=shown(
            "ended at `[browser] memory`",
            f"{_LIMITS}test_a_browser_that_takes_too_much_memory_is_ended_and_the_seller_hears_why",
        ),
        said=_FAILED_SAID,
        recovers=_FAILED_AGAIN,
        kept=_FAILED_KEPT,
    ),
    _site(
        "the site's name is not found (DNS)",
        shown("`unreachable`, `dns`", "e2e/test_walls.py::test_a_name_that_nobody_knows_is_a_matter_of_dns"),
    ),
    _site(
        "no secure connection (TLS)",
        shown(
            "`unreachable`, `tls`",
            "e2e/test_walls.py::test_a_server_without_tls_is_a_matter_of_the_certificate",
        ),
    ),
    _site("the connection breaks off", shown("`unreachable`, `reset`", f"{_WALL}[reset]")),
    _site("the page comes in drops", shown("`unreachable`, `timeout`", f"{_WALL}[slow_drip]")),
    _site(
        "the site or its data answer 500, 503",
        shown("`unreachable`, `server_error`", f"{_WALL}[server_error]", f"{_WALL}[gateway_down]"),
    ),
    _site("the site redirects in circles", shown("`unreachable`, `redirects`", f"{_WALL}[endless_redirect]")),
    Fault(
        part=NETWORK,
        what="an answer of two gigabytes",
        noticed=shown(
            "stopped after 50 MB: `unreachable`, `too_large`", f"{_WALL}[huge_page]", f"{_WALL}[huge_json]"
        ),
        said=_SITE_SAID,
        recovers=shown("the next check is fine", _HUGE),
        kept=shown("orders stay, the archive verifies, memory stays bounded", _HUGE, f"{_WALL}[huge_page]"),
    ),
    Fault(
        part=DISK,
        what="it is full",
        noticed=shown(
            "commands end with exit code 2; nothing is half remembered",
            f"{_DISK}test_a_command_on_a_full_disk_says_so_and_works_once_there_is_room",
            "storage/test_opening.py::test_a_full_disk_is_told_and_nothing_half_remembered",
        ),
        said=shown(
            "an alert while there is still 1 GB, for on a full disk nobody can be told; `status`, `doctor`",
            f"{_DISK}test_a_running_watch_tells_that_the_disk_is_nearly_full_and_that_there_is_room_again",
            f"{_DISK}test_a_disk_at_the_limit_is_told_of_once_and_as_better_only_when_there_is_twice_as_much",
            "app/test_doctor.py::test_a_disk_that_fills_up_is_told_before_it_is_full",
        ),
        recovers=shown(
            "by your hand: make room; the watch goes on by itself",
            f"{_DISK}test_a_disk_that_fills_up_under_a_running_watch_ends_nothing_and_costs_no_alert",
        ),
        kept=shown(
            "alerts wait, and arrive once; the archive has no half file",
            f"{_DISK}test_a_disk_that_fills_up_under_a_running_watch_ends_nothing_and_costs_no_alert",
            "storage/test_vault.py::test_a_full_disk_leaves_no_half_file_in_the_archive",
            "app/test_check.py::test_a_full_disk_while_keeping_leaves_nothing_half_remembered",
        ),
    ),
    Fault(
        part=DISK,
        what="the storage folder may not be written",
        noticed=shown("commands end with exit code 2", _READ_ONLY),
        said=shown(
            "the message names folder and way out; so does `doctor`",
            _READ_ONLY,
            "storage/test_opening.py::test_a_read_only_folder_is_told",
        ),
        recovers=shown("by your hand: make it writable", _READ_ONLY),
        kept=shown(
            "all is there as it was; the log costs lines, never the watch",
            _READ_ONLY,
            "daemon/test_log.py::test_a_folder_that_cannot_be_written_costs_lines_and_no_fault",
        ),
    ),
    Fault(
        part=DISK,
        what="it is slow",
        noticed=shown("the check takes longer; past its deadline it is ended", _SLOW, _STUCK),
        said=_FAILED_SAID,
        recovers=shown("the next check is fine", _STUCK),
        kept=shown("every file is on the disk before it counts", _SLOW),
    ),
    Fault(
        part=DATABASE,
        what="another program holds it locked",
        noticed=shown(
            "the log says `job_failed`, locked; commands say so after 15 seconds",
            f"{_DATABASE}test_a_watch_whose_database_is_locked_says_so_in_its_log_and_goes_on_once_it_is_free",
            "storage/test_store.py::test_whoever_waits_too_long_for_the_lock_is_told_that_somebody_is_at_work",
        ),
        said=shown(
            "the command's message, the dashboard's page; locked for good, the watch ends and is started anew",
            "web/test_hostile.py::test_a_wholly_locked_database_gets_a_busy_page_that_needs_no_database",
            "daemon/test_watchdog.py::test_a_job_that_fails_has_ended_but_a_locked_database_is_no_progress",
        ),
        recovers=shown(
            "by itself, once it is free",
            f"{_DATABASE}test_a_watch_whose_database_is_locked_says_so_in_its_log_and_goes_on_once_it_is_free",
        ),
        kept=shown(
            "what waits is delivered, the archive verifies",
            f"{_DATABASE}test_a_watch_whose_database_is_locked_says_so_in_its_log_and_goes_on_once_it_is_free",
        ),
    ),
    Fault(
        part=DATABASE,
        what="its file is damaged",
        noticed=shown(
            "commands and `run` end with exit code 2; `doctor` examines all the rest",
            _DAMAGED,
            "cli/test_doctor.py::test_a_damaged_database_is_told_and_all_the_rest_is_examined_nevertheless",
        ),
        said=shown(
            "`doctor` names the latest backup and the command that brings it back",
            _DAMAGED,
            f"{_DATABASE}test_a_backup_that_is_out_of_reach_is_named_as_that",
            f"{_DATABASE}test_where_no_backup_is_known_that_is_said",
        ),
        recovers=shown("by your hand: `archive restore` into a new folder", _DAMAGED),
        kept=shown("nothing is overwritten; all up to the backup is back and verifies", _DAMAGED),
    ),
    Fault(
        part=TIME,
        what="the clock is set back",
        noticed=shown(
            "the ledger notes it once; `doctor`",
            "domain/test_ledger.py::test_a_clock_that_was_set_back_is_noticed_once_and_is_no_fault",
            "app/test_doctor.py::test_a_clock_that_contradicts_itself_is_told",
        ),
        said=shown(
            "`archive verify` as a remark, `doctor` with what to do",
            "app/test_tampering.py::test_what_is_done_to_the_archive_is_found_by_both_verifiers"
            "[the clock was set back while the program ran]",
            "app/test_doctor.py::test_a_clock_that_contradicts_itself_is_told",
        ),
        recovers=shown(
            "jobs run on within seconds, checks at their usual pace",
            f"{_TIME}test_a_heart_whose_next_beat_is_days_away_beats_at_once",
            f"{_TIME}test_a_clock_that_is_set_forward_and_back_under_a_running_watch_stops_nothing",
            f"{_TIME}test_an_archive_whose_clock_jumped_years_ahead_and_back_verifies_and_is_checked_at_its_usual_pace",
        ),
        kept=shown(
            "no alert is held or told twice, the archive verifies",
            f"{_TIME}test_a_clock_that_is_set_forward_and_back_under_a_running_watch_stops_nothing",
            "storage/test_outbox.py::test_a_clock_that_was_set_back_holds_no_alert",
        ),
    ),
    Fault(
        part=TIME,
        what="the clock jumps forward",
        noticed=shown(
            "`doctor`, where the system or the files contradict it; in the ledger, once it is put right",
            "app/test_doctor.py::test_a_clock_that_contradicts_itself_is_told",
            "domain/test_ledger.py::test_a_clock_that_was_set_back_is_noticed_once_and_is_no_fault",
        ),
        said=shown(
            "`doctor`, with what to do; a clock that nobody vouches for is never called right",
            "app/test_doctor.py::test_a_clock_that_contradicts_itself_is_told",
            "app/test_doctor.py::test_a_clock_that_nobody_vouches_for_is_never_called_right",
        ),
        recovers=shown(
            "one reminder, not twenty; no plan of a wrong clock holds",
            "app/test_persistence.py::test_a_clock_that_jumps_years_ahead_and_back_neither_floods_nor_silences",
            "app/test_poll_parcels.py::test_a_plan_of_a_wrong_clock_does_not_hold",
        ),
        kept=shown(
            "alerts arrive once, the archive verifies",
            f"{_TIME}test_a_clock_that_is_set_forward_and_back_under_a_running_watch_stops_nothing",
        ),
    ),
    Fault(
        part=TIME,
        what="summer time begins or ends",
        noticed=shown(
            "times are those of a German clock, through every change of it",
            f"{_TIME}test_on_the_days_of_the_changing_clocks_the_hand_in_and_the_last_day_to_ship_keep_their_german_time",
            "carriers/test_window.py::test_the_cutoff_is_one_of_the_clock_in_berlin_through_every_change_of_it",
        ),
        said=shown(
            "quiet hours hold and end on time; reminders keep their beat",
            "app/test_persistence.py::test_in_the_nights_of_the_changing_clocks_quiet_hours_hold_and_end_on_time",
            "domain/test_escalation.py::test_in_the_nights_of_the_changing_clocks_the_beat_stays",
        ),
        recovers=shown(
            "nothing to recover from",
            "domain/test_cadence.py::test_on_the_nights_when_clocks_are_changed_the_moments_keep_their_german_time",
        ),
        kept=shown(
            "what pages say of those nights is read right",
            "pages/test_dates.py::test_nights_in_which_the_clocks_change_are_read_right",
        ),
    ),
    Fault(
        part=TIME,
        what="the computer's time zone changes",
        noticed=shown(
            "it does not matter: moments are kept in UTC",
            f"{_TIME}test_a_time_zone_that_changes_between_two_checks_changes_nothing_that_is_known_or_told",
        ),
        said=shown(
            "times go on to be told on a German clock",
            f"{_TIME}test_a_time_zone_that_changes_between_two_checks_changes_nothing_that_is_known_or_told",
        ),
        recovers=shown(
            "nothing to recover from",
            f"{_TIME}test_a_time_zone_that_changes_between_two_checks_changes_nothing_that_is_known_or_told",
        ),
        kept=shown(
            "no order changes, the archive verifies",
            f"{_TIME}test_a_time_zone_that_changes_between_two_checks_changes_nothing_that_is_known_or_told",
        ),
    ),
    Fault(
        part=TIME,
        what="the computer sleeps",
        noticed=shown(
            "no job is taken for hung; nights that it sleeps through are remembered",
            "daemon/test_watchdog.py::test_a_night_of_sleep_is_no_hang",
            "domain/test_nights.py::test_a_machine_that_slept_through_two_nights_is_expected_to_sleep_again",
        ),
        said=shown(
            "in the evening, if a parcel is decided in the night; `status` says when all was last seen",
            "app/test_timely.py::test_in_the_evening_a_machine_that_sleeps_at_night_is_told_that_this_one_decides",
            "domain/test_silence.py::test_a_sleeping_machine_is_no_silence_until_its_first_check_is_overdue",
        ),
        recovers=shown(
            "what is due is done at once, what waits is delivered; of what was missed nothing is counted",
            f"{_TIME}test_of_the_beats_that_a_sleeping_machine_missed_one_is_made_up_for_and_none_is_counted",
            f"{_TIME}test_a_watch_that_was_suspended_goes_on_and_delivers_what_has_waited",
            "domain/test_permission.py::test_the_clock_brings_a_check_when_its_time_has_come",
        ),
        kept=shown(
            "one reminder, not twenty; one letter of all that came due",
            "app/test_deliver.py::test_after_a_long_sleep_one_reminder_comes_not_twenty",
            "app/test_timely.py::test_after_a_week_of_sleep_one_letter_tells_of_all_that_came_due",
        ),
    ),
    _way("the mail server (SMTP) is down for days", "email"),
    _way("ntfy is down for days", "ntfy"),
    _way("the desktop (D-Bus) is not there for days", "desktop"),
    Fault(
        part=WAYS,
        what="the watched mailbox (IMAP) is down for days",
        noticed=shown("at once", _MAILBOX_DOWN),
        said=shown(
            "`status`; an alert a day where only you can mend it; an alert where checks fail to come for it",
            "e2e/test_modes.py::test_a_mailbox_that_refuses_is_told_in_status_and_stops_nothing",
            "app/test_ring.py::test_a_mailbox_that_only_a_human_can_mend_is_told_once_a_day",
            "domain/test_silence.py::test_where_no_clock_brings_checks_a_day_is_waited_except_for_a_parcel_on_its_way",
        ),
        recovers=shown(
            "watched again by itself",
            _MAILBOX_DOWN,
            "mailbox/test_watch.py::test_a_server_that_comes_back_is_watched_again",
            "mailbox/test_watch.py::test_a_server_that_has_too_many_of_us_is_asked_again_later",
        ),
        kept=shown("mails that came meanwhile are read", _MAILBOX_DOWN),
    ),
    Fault(
        part=WAYS,
        what="an authority of time stamps is down for days",
        noticed=shown(
            "at the first question",
            "app/test_anchor.py::test_one_that_fails_holds_up_no_other_and_is_asked_again_after_its_rest",
        ),
        said=shown(
            "one alert; `archive stamp` and `doctor` say since when",
            "app/test_anchor.py::test_days_of_failing_are_told_once_and_nothing_else_is",
        ),
        recovers=shown(
            "asked again by itself; others stamp meanwhile",
            "app/test_anchor.py::test_days_without_a_network_are_made_up_for_with_one_question_each",
            "timestamping/test_zoo.py::test_another_authority_stamps_while_one_does_not",
        ),
        kept=shown(
            "one stamp covers all the days",
            "app/test_anchor.py::test_days_without_a_network_are_made_up_for_with_one_question_each",
        ),
    ),
    Fault(
        part=WATCH,
        what="a second one is started on the same data",
        noticed=shown(
            "the second ends with exit code 2",
            "e2e/test_daemon.py::test_a_second_daemon_on_the_same_data_says_so_and_leaves",
        ),
        said=shown(
            "its message names the folder",
            "e2e/test_daemon.py::test_a_second_daemon_on_the_same_data_says_so_and_leaves",
        ),
        recovers=shown(
            "the first goes on",
            "e2e/test_daemon.py::test_a_second_daemon_on_the_same_data_says_so_and_leaves",
        ),
        kept=shown(
            "each alert is handed over once, whoever delivers",
            "app/test_deliver.py::test_two_programs_that_deliver_at_once_hand_each_alert_over_once",
            "app/test_deliver.py::test_two_programs_that_remind_at_once_queue_one_round",
        ),
    ),
    Fault(
        part=WATCH,
        what="its config is changed, rightly or with mistakes",
        noticed=shown(
            "within seconds, at once by SIGHUP: `config_taken_over` or `config_refused`",
            f"{_SUPERVISION}test_a_new_config_is_taken_over_by_a_signal_and_one_with_mistakes_is_not",
        ),
        said=shown(
            "mistakes: one alert, `status`, the log",
            f"{_SUPERVISION}test_a_new_config_is_taken_over_by_a_signal_and_one_with_mistakes_is_not",
            "postman/test_setback.py::test_a_config_with_mistakes_names_each_and_what_is_in_force",
        ),
        recovers=shown(
            "a corrected file is taken over by itself",
            f"{_SUPERVISION}test_a_new_config_is_taken_over_by_a_signal_and_one_with_mistakes_is_not",
        ),
        kept=shown(
            "the old config stays in force, for children, too",
            f"{_SUPERVISION}test_children_use_the_config_in_force_and_not_a_half_written_file",
        ),
    ),
    Fault(
        part=WATCH,
        what="the power goes, at any moment",
        noticed=shown(
            "at the next start; dying young again and again is told once",
            f"{_SUPERVISION}test_a_daemon_that_dies_young_again_and_again_rests_and_tells_once_until_it_is_over",
        ),
        said=shown(
            "after a long absence one alert says from when until when",
            "app/test_steady.py::test_a_long_absence_is_told_once_and_every_account_is_looked_at_now",
        ),
        recovers=shown(
            "the next start goes on; no process and no half transaction is left",
            "crashes/test_power_cut.py::test_a_power_cut_at_any_named_moment_of_a_check_costs_nothing",
            "crashes/test_power_cut.py::test_power_cuts_at_random_moments_cost_nothing",
        ),
        kept=shown(
            "one case, alerts at least once and repeats marked, archive and ledger verify",
            "crashes/test_power_cut.py::test_a_power_cut_at_any_named_moment_of_a_check_costs_nothing",
            "app/test_killed_delivery.py::test_no_alert_is_lost_and_a_repeat_says_that_it_is_one",
        ),
    ),
    Fault(
        part=WATCH,
        what="it alone is killed while a check is under way",
        noticed=shown(
            "by the check, at once; by the next start",
            "daemon/test_child.py::test_a_child_whose_line_is_cut_goes_on_for_a_moment_and_ends",
            f"{_SUPERVISION}test_a_daemon_that_dies_young_again_and_again_rests_and_tells_once_until_it_is_over",
        ),
        said=shown(
            "from the fourth early death on one alert",
            f"{_SUPERVISION}test_a_daemon_that_dies_young_again_and_again_rests_and_tells_once_until_it_is_over",
        ),
        recovers=shown(
            "the check ends within 25 seconds, or ends itself and its browser then, even one that hangs",
            f"{_LIMITS}test_a_check_whose_watch_was_killed_alone_ends_itself_with_a_browser_that_hangs",
        ),
        kept=shown(
            "one case, alerts at least once and repeats marked, archive and ledger verify; the profile is free",
            "crashes/test_power_cut.py::test_power_cuts_at_random_moments_cost_nothing",
            f"{_LIMITS}test_a_check_whose_watch_was_killed_alone_ends_itself_with_a_browser_that_hangs",
        ),
    ),
)
