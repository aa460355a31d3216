"""A seller's machine for the benchmarks: a practice shop, a config, a profile that is logged in."""

from pathlib import Path

from fixtures.shop import LOGIN_EMAIL, LOGIN_PASSWORD, Shop
from watcher.browser.practice import log_in_at_practice_shop


def write_config(folder: Path, shop: Shop, *, extra: str = "") -> Path:
    """Write a config for the shop; its storage is `folder`/data."""
    path = folder / "config.toml"
    path.write_text(
        f"""[terms]
i_accept_the_risk = true
[storage]
dir = "{folder / "data"}"
[site]
base_url = "{shop.base_url}"
gateway_url = "{shop.gateway_url}"
{extra}
""",
        encoding="utf-8",
    )
    return path


def log_in(storage: Path, shop: Shop) -> None:
    """Log the profile of a storage folder in, as a human would."""
    log_in_at_practice_shop(
        "main",
        url=f"{shop.base_url}/m-einloggen.html?targetUrl=/m-nachrichten.html",
        email=LOGIN_EMAIL,
        password=LOGIN_PASSWORD,
        storage=storage,
        executable=None,
    )
