"""A real systemd of an unprivileged user, in a mount namespace and a control group of its own: the machine's stays as it is.

Needs root, `unshare`, `nsenter`, `setpriv`, and a kernel with control groups of the second kind.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

MANAGER = Path("/lib/systemd/systemd")
USER = "nobody"
_TOOLS = ("unshare", "nsenter", "setpriv", "systemctl")
_SECONDS = 20

# What systemd takes for granted on a machine that it has booted; the folders below /run/systemd are where it makes a
# service's view of the files. A Python below a home that others may not enter is shown to the user by a window into it.
_PREPARE = """
set -e
echo $$ > "$GROUP/manager/cgroup.procs"
if [ -n "$CLOSED" ]; then
    mkdir -p "$STAGE/python" && mount --bind "$PYTHON" "$STAGE/python"
    mount -t tmpfs -o mode=755 tmpfs "$CLOSED"
    mkdir -p "$PYTHON" && mount --bind "$STAGE/python" "$PYTHON"
fi
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/systemd/system /run/systemd/unit-root /run/systemd/inaccessible /run/systemd/propagate "$XDG_RUNTIME_DIR"
chown "$UID_" "$XDG_RUNTIME_DIR" && chmod 700 "$XDG_RUNTIME_DIR"
mount -t cgroup2 none /sys/fs/cgroup
exec setpriv --reuid "$UID_" --regid "$GID_" --clear-groups "$MANAGER" --user --log-target=console
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A user who is logged in."""

    pid: int
    home: Path
    environment: dict[str, str]

    def run(self, *command: str, seconds: float = 60) -> subprocess.CompletedProcess[str]:
        user = pwd.getpwnam(USER)
        who = ["setpriv", "--reuid", str(user.pw_uid), "--regid", str(user.pw_gid), "--clear-groups"]
        return subprocess.run(
            ["nsenter", "--mount", "--target", str(self.pid), *who, *command],
            capture_output=True,
            text=True,
            timeout=seconds,
            env=self.environment,
            cwd="/",
        )

    def owns(self, folder: Path) -> None:
        """Give a folder with all that is in it to the user."""
        user = pwd.getpwnam(USER)
        for path in (folder, *folder.rglob("*")):
            os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)


def what_is_missing() -> str:
    """Return what a session lacks here; empty where one can be had."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        return "only root of a Linux can begin a session for somebody else"
    missing = [tool for tool in _TOOLS if shutil.which(tool) is None]
    if missing or not MANAGER.is_file():
        return f"{', '.join(missing) or MANAGER} is not installed (`make test` installs it where it may)"
    if _groups() is None:
        return "this kernel has no control groups of the second kind"
    return ""


@contextmanager
def session(stage: Path) -> Iterator[Session]:
    """Log a user in for the length of the block; all that they have started ends with it."""
    user = pwd.getpwnam(USER)
    home = stage / "home"
    home.mkdir()
    os.chown(home, user.pw_uid, user.pw_gid)
    group = _groups() / f"stornowacht-test-{os.getpid()}"
    (group / "manager").mkdir(parents=True)
    for path in (group, *group.rglob("*")):
        os.chown(path, user.pw_uid, user.pw_gid)
    python = Path(sys.base_prefix).resolve()
    environment = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "XDG_RUNTIME_DIR": f"/run/user/{user.pw_uid}",
    }
    preparing = {
        "GROUP": str(group),
        "STAGE": str(stage),
        "CLOSED": next(
            (str(each) for each in reversed(python.parents) if not each.stat().st_mode & 0o001), ""
        ),
        "PYTHON": str(python),
        "MANAGER": str(MANAGER),
        "UID_": str(user.pw_uid),
        "GID_": str(user.pw_gid),
    }
    command = ["unshare", "--mount", "--propagation", "private", "bash", "-c", _PREPARE]
    with (stage / "manager.log").open("wb") as log:
        manager = subprocess.Popen(
            command, env=environment | preparing, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        found = Session(pid=manager.pid, home=home, environment=environment)
        _wait_for(found, manager, stage / "manager.log")
        yield found
    finally:
        manager.send_signal(signal.SIGTERM)
        try:
            manager.wait(timeout=60)
        except subprocess.TimeoutExpired:
            manager.kill()
            manager.wait()
        _remove(group)


def _wait_for(found: Session, manager: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + _SECONDS
    while manager.poll() is None and time.monotonic() < end:
        if found.run("systemctl", "--user", "is-system-running").stdout.strip() in {"running", "degraded"}:
            return
        time.sleep(0.1)
    raise AssertionError(f"no session: {log.read_text(errors='replace')}")


def _groups() -> Path | None:
    for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines():
        _device, place, kind, *_rest = line.split()
        if kind == "cgroup2":
            return Path(place)
    return None


def _remove(group: Path) -> None:
    """Remove a control group; what is still in it is ended."""
    for path in sorted(group.rglob("cgroup.procs"), reverse=True):
        for pid in path.read_text(encoding="ascii").split():
            os.kill(int(pid), signal.SIGKILL)
    end = time.monotonic() + _SECONDS
    for folder in [*sorted((path for path in group.rglob("*") if path.is_dir()), reverse=True), group]:
        while folder.is_dir():
            try:
                folder.rmdir()
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)
