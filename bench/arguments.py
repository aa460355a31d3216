"""What a benchmark is told on its command line."""

import argparse
from pathlib import Path


def asked(about: str, **options: int | str | None) -> argparse.Namespace:
    """Return what is asked for: each option with its default, beside `--json FILE` and `--envs DIR`.

    An option whose default is a text takes a text, any other a number from 1 on. Ends the program with a word on an option that
    there is none of, one without its value, or one that is no such number.
    """
    parser = argparse.ArgumentParser(description=about, allow_abbrev=False, parents=[_everywhere()])
    for name, default in options.items():
        kind = str if isinstance(default, str) else _count
        shown = None if default is None else f"default: {default}"
        parser.add_argument(f"--{name}", type=kind, default=default, help=shown)
    return parser.parse_args()


def where() -> tuple[argparse.Namespace, list[str]]:
    """Return `json` and `envs`, which only say where something lies here, and all other arguments as they are."""
    return _everywhere().parse_known_args()


def _everywhere() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--json", type=Path, help="the file into which the tables are written")
    parser.add_argument("--envs", type=Path, help="the folder of the programs to compare with")
    return parser


def _count(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 on")
    return number
