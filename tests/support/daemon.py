"""Daemons as real processes, and patience with them."""

import json
import signal
import time

import psutil
import pytest


@pytest.fixture
def start(place, tmp_path):
    """Start daemons; whatever is still alive at the end is ended with all its processes."""
    daemons = []

    def begin():
        log = (tmp_path / "log").open("ab")
        daemon = psutil.Popen(place.command("run"), stdout=log, stderr=log, start_new_session=True)
        log.close()
        daemons.append(daemon)
        return daemon

    yield begin
    for daemon in daemons:
        if daemon.is_running():
            daemon.send_signal(signal.SIGTERM)
            daemon.wait(timeout=60)


def wait_for(look, seconds=60, *, pause=0.2):
    """Look again and again until something is found; a look that is a whole process is worth a longer pause."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(pause)
    raise AssertionError(f"waited {seconds} s in vain")


def lines(tmp_path, event):
    log = (tmp_path / "log").read_text(encoding="utf-8") if (tmp_path / "log").exists() else ""
    return [json.loads(line) for line in log.splitlines() if f'"event": "{event}"' in line]
