"""Install the parts that the tests use where this user may; a test that misses one says so when it skips."""

import os
import shutil
import subprocess
import sys

from browser import may_install

PARTS = {
    "aplay": "alsa-utils",
    "dbus-run-session": "dbus",
    "dovecot": "dovecot-imapd",
    "faketime": "faketime",
    "notification-daemon": "notification-daemon",
    "openssl": "openssl",
    "pdftotext": "poppler-utils",
    "qpdf": "qpdf",
    "systemd-analyze": "systemd",
    "xdotool": "xdotool",
    "Xvfb": "xvfb",
}
"""Program -> the Debian package that holds it."""
PATH = os.pathsep.join(
    (os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin", "/usr/lib/notification-daemon")
)
"""Servers lie where a normal user's path does not lead."""


def main() -> int:
    """Always return 0: without a part its tests are skipped, and say why."""
    missing = sorted(
        {package for program, package in PARTS.items() if shutil.which(program, path=PATH) is None}
    )
    apt, prefix = shutil.which("apt-get"), may_install()
    if missing and apt and prefix is not None:
        print(f"Installing parts that the tests use: {', '.join(missing)} ...")
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (["update"], ["install", "--yes", "--no-install-recommends", *missing]):
            subprocess.run(
                [*prefix, apt, "-qq", *arguments], check=False, env=quiet, stdout=subprocess.DEVNULL
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
