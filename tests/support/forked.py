"""The program as a process of its own that has imported nearly everything already: it is forked off one that has.

Importing takes most of a short command's time, and the tests give hundreds of commands. What chooses its words when it is
imported, the command line, is imported in the new process, in the language of its config.
"""

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

_IMPORTED = [
    "watcher.head_start",
    "watcher.config_file",
    "watcher.bootstrap",
    "watcher.app.check_account",
    "watcher.browser.visitor",
]
_CONTEXT = multiprocessing.get_context("forkserver") if sys.platform == "linux" else None
if _CONTEXT is not None:
    _CONTEXT.set_forkserver_preload(_IMPORTED)


def can_fork() -> bool:
    """Whether this machine can; elsewhere commands are started the long way."""
    return _CONTEXT is not None


def run_forked(
    arguments: Sequence[str], environment: Mapping[str, str], *, timeout: float
) -> tuple[int, str, str]:
    """Give one command; returns its exit code and what it wrote to stdout and stderr.

    Raises:
        subprocess.TimeoutExpired: it took longer than so many seconds, and was ended.
    """
    assert _CONTEXT is not None
    with TemporaryDirectory() as name:
        out, err = Path(name) / "out", Path(name) / "err"
        process = _CONTEXT.Process(
            target=_command, args=(list(arguments), dict(environment), str(out), str(err))
        )
        process.start()
        process.join(timeout)
        if process.is_alive():
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(
                list(arguments), timeout, *(path.read_bytes() for path in (out, err))
            )
        assert process.exitcode is not None
        code, texts = process.exitcode, [path.read_text(encoding="utf-8") for path in (out, err)]
        process.close()
    return code, texts[0], texts[1]


def _command(arguments: list[str], environment: dict[str, str], out: str, err: str) -> None:
    for path, number in ((out, 1), (err, 2)):
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["stornowacht", *arguments]
    from watcher.__main__ import main

    main()
