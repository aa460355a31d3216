"""Where the practice shop is: under fixtures/ in a checkout, inside this package in the wheel."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fixtures.shop import Shop


def practice_shop() -> Any:
    """Return the practice shop's module."""
    try:
        return importlib.import_module("watcher.practice_shop")
    except ModuleNotFoundError:
        return importlib.import_module("fixtures.shop")


def five_orders_shop(at: Any) -> "Shop":
    """Return a shop with a seller's five orders in different stages, as of `at`."""
    module = practice_shop()
    shop: Shop = module.Shop(deals=module.five_orders(at))
    return shop
