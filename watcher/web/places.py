"""The dashboard's main places, in the order of its navigation."""

from collections.abc import Callable
from dataclasses import dataclass

from watcher.texts.language import _


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One entry of the navigation."""

    path: str
    icon: str
    """The name of a symbol in `icons.svg`."""
    name: Callable[[], str]
    main: bool = True
    """Whether it stands in the bar of a phone; the others stand behind "more"."""


PLACES = (
    Place(path="/", icon="now", name=lambda: _("Now")),
    Place(path="/orders", icon="orders", name=lambda: _("Sales")),
    Place(path="/ship", icon="ship", name=lambda: _("Hand in")),
    Place(path="/archive", icon="archive", name=lambda: _("Archive")),
    Place(path="/health", icon="health", name=lambda: _("Health"), main=False),
    Place(path="/questions", icon="questions", name=lambda: _("Questions"), main=False),
    Place(path="/listings", icon="listings", name=lambda: _("Ads"), main=False),
    Place(path="/insights", icon="insights", name=lambda: _("Insights"), main=False),
    Place(path="/policy", icon="policy", name=lambda: _("Rules"), main=False),
    Place(path="/settings", icon="settings", name=lambda: _("Settings"), main=False),
)
