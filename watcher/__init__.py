"""Stornowacht watches a private seller's own Kleinanzeigen deals for cancellations."""

__version__ = "0.2.0.dev0"
