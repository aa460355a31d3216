"""Mails of carriers: from which domains they come, and what their subjects say; one TOML file per carrier."""
