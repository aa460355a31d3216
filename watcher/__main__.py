"""The program's entry: finds out the language, then hands over to the command line."""

import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path

_GARBAGE_THRESHOLD = 100_000
"""Objects. Importing makes many that all stay; at Python's own threshold a tenth of a command's time goes into looking for
garbage there. It takes some megabytes more."""


def main() -> None:
    """Run the command line. Never ends with a traceback for what the user did or the world is like."""
    if sys.argv[1:2] != ["run"]:  # a watch lives for months, and is to stay small
        gc.set_threshold(_GARBAGE_THRESHOLD)
    # Looking for plug-ins of a library that we give none costs every command 20 ms.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from watcher.daemon.lifeline import hold  # noqa: PLC0415 - nothing is imported before it is needed
    from watcher.head_start import head_start  # noqa: PLC0415

    hold()

    with head_start(sys.argv[1:]):
        from watcher.config_file import peek_language  # noqa: PLC0415
        from watcher.texts import language  # noqa: PLC0415

        language.use(peek_language(_config_in(sys.argv[1:])))
        from watcher.cli.entry import run  # noqa: PLC0415 - commands choose the words of their help when they are imported

        code = run()
    # What a command has made need not be looked through for garbage once more before all of it goes: that takes 0.15 s.
    gc.freeze()
    sys.exit(code)


def _config_in(arguments: Sequence[str]) -> Path:
    """Return the config that the arguments name, so that even the help speaks the user's language."""
    from watcher.config import default_path  # noqa: PLC0415

    for index, argument in enumerate(arguments):
        if argument.startswith("--config="):
            return Path(argument.removeprefix("--config="))
        if argument == "--config" and index + 1 < len(arguments):
            return Path(arguments[index + 1])
    return default_path()


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure") and os.environ.get("PYTHONIOENCODING") is None:
        sys.stdout.reconfigure(errors="replace")
    main()
