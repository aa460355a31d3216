"""A real mail server: Debian's Dovecot on loopback, a process of this test with a folder of its own."""

import getpass
import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.notifiers.certificates import Authority
from watcher.mailbox.server import MailboxSettings

USERNAME = "me@example.org"
PASSWORD = "geheim & wörtlich"
PROGRAM = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")

_CONFIG = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {internal_user}
default_internal_group = {internal_group}
default_login_user = {login_user}
disable_plaintext_auth = no
first_valid_uid = 0
first_valid_gid = 0
auth_mechanisms = plain
auth_failure_delay = 0
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/passwords
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
mail_location = maildir:{folder}/mail
# Noticed at once, and told at once.
mailbox_idle_check_interval = 1 s
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain_port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
{more}
"""


def _users() -> dict[str, str]:
    """As root, Dovecot insists on the users that its package has made; as anybody else it can be nobody else."""
    if os.getuid() == 0:
        return {"internal_user": "dovecot", "internal_group": "dovecot", "login_user": "dovenull"}
    user, group = getpass.getuser(), grp.getgrgid(os.getgid()).gr_name
    return {"internal_user": user, "internal_group": group, "login_user": user}


def _owner() -> tuple[int, int]:
    """Whose mails they are; Dovecot serves nobody's as root."""
    if os.getuid() == 0:
        nobody = pwd.getpwnam("nobody")
        return nobody.pw_uid, nobody.pw_gid
    return os.getuid(), os.getgid()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


@dataclass
class Dovecot:
    """A mailbox of one user. `more` is added to its config."""

    folder: Path
    more: str = ""
    authority: Authority | None = None
    certified_for: str = "localhost"
    port: int = field(default_factory=free_port)
    tls_port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    delivered: int = 0

    def __post_init__(self) -> None:
        self.folder.mkdir()
        self.folder.chmod(0o711)
        for name in ("run", "state", "home", "mail/new", "mail/cur", "mail/tmp"):
            (self.folder / name).mkdir(parents=True)
        uid, gid = _owner()
        for place in (self.folder / "home", *(self.folder / "mail").rglob("*"), self.folder / "mail"):
            os.chown(place, uid, gid)
        (self.folder / "passwords").write_text(f"{USERNAME}:{PASSWORD}\n")
        values = {
            "folder": self.folder,
            **_users(),
            "uid": uid,
            "gid": gid,
            "plain_port": self.port,
            "tls_port": self.tls_port if self.authority else 0,
            "more": f"{self._tls()}\n{self.more}",
        }
        (self.folder / "conf").write_text(_CONFIG.format(**values))

    def _tls(self) -> str:
        if self.authority is None:
            return "ssl = no"
        shown = self.authority.ca.issue_cert(self.certified_for)
        shown.private_key_pem.write_to_path(str(self.folder / "key.pem"))
        shown.cert_chain_pems[0].write_to_path(str(self.folder / "cert.pem"))
        return f"ssl = yes\nssl_cert = <{self.folder}/cert.pem\nssl_key = <{self.folder}/key.pem"

    def start(self) -> "Dovecot":
        for _ in range(200):
            if self.process is None or self.process.poll() is not None:
                self.process = self._begun()
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.025)
            else:
                return self
        raise AssertionError(f"Dovecot does not start:\n{self.log()}")

    def _begun(self) -> subprocess.Popen[bytes]:
        """Begin it. One that finds the sockets of helpers which have not gone yet ends at once, and is begun anew."""
        assert PROGRAM is not None
        return subprocess.Popen(
            [PROGRAM, "-F", "-c", str(self.folder / "conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def stop(self) -> None:
        """Ends it and its helpers at once; it takes its time otherwise."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(timeout=10)
            self.process = None
            for lock in (self.folder / "mail").glob("*.lock"):
                lock.unlink()  # its own mails wait for it for minutes otherwise

    def log(self) -> str:
        file = self.folder / "log"
        return file.read_text(errors="replace") if file.exists() else ""

    def number_anew(self, validity: int) -> None:
        """Forgets which mail has which UID, as after a move to another machine. The server must not run."""
        for file in (self.folder / "mail").glob("dovecot*"):
            file.unlink()
        uids = self.folder / "mail" / "dovecot-uidlist"
        uids.write_text(f"3 V{validity} N1 G{validity:032x}\n")
        os.chown(uids, *_owner())

    def deliver(self, mail: bytes, *, flags: str | None = None, folder: str = "") -> Path:
        """Puts a mail into the mailbox as a delivery agent does; with flags as if a mail program had shown it."""
        self.delivered += 1
        name = f"{int(time.time())}.M{time.monotonic_ns()}P{os.getpid()}Q{self.delivered}.here"
        place = self.folder / "mail" / folder
        draft = place / "tmp" / name
        draft.write_bytes(mail)
        to = place / "new" / name if flags is None else place / "cur" / f"{name}:2,{flags}"
        draft.rename(to)
        # The server looks into a folder whose time has changed, and the kernel's clock ticks every few milliseconds: a mail
        # that comes in the tick of the last look would not be seen. Between real mails there is time.
        now = time.time_ns()
        os.utime(to.parent, ns=(now, now))
        return to

    def files(self) -> dict[str, bytes]:
        """Every mail as it lies there: Maildir keeps the flags in the names, and unseen mails in `new`."""
        mails = [*(self.folder / "mail" / "new").iterdir(), *(self.folder / "mail" / "cur").iterdir()]
        return {f"{mail.parent.name}/{mail.name}": mail.read_bytes() for mail in mails}

    def settings(self, **changes: object) -> MailboxSettings:
        values: dict[str, object] = {
            "host": "127.0.0.1",
            "port": self.port,
            "security": "none",
            "username": USERNAME,
            "password": PASSWORD,
            "timeout": 5.0,
        }
        return MailboxSettings(**values | changes)  # type: ignore[arg-type]
