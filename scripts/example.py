"""Write config.example.toml from the config's model; `--check` only says whether it is fresh."""

import sys
from pathlib import Path

from watcher.example import example_config
from watcher.texts.language import use

TARGET = Path(__file__).parent.parent / "config.example.toml"


def main() -> int:
    """Return 0 when the file is, or has been made, fresh."""
    use("en")
    wanted = example_config()
    if "--check" in sys.argv:
        if TARGET.is_file() and TARGET.read_text(encoding="utf-8") == wanted:
            return 0
        print("config.example.toml is stale: run `make example`.", file=sys.stderr)
        return 1
    TARGET.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
