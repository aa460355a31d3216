"""What the name of a shipping option tells about it."""

_UNTRACKED = ("päckchen", "warenpost", "brief", "büchersendung", "warensendung")
_TRACKED = ("hermes", "einschreiben")


def is_untracked(option: str | None) -> bool:
    """Whether a shipping option is known to have no tracking: DHL's Päckchen and letters have none, Hermes' Päckchen has."""
    name = (option or "").casefold()
    return any(word in name for word in _UNTRACKED) and not any(word in name for word in _TRACKED)
