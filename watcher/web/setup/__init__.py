"""The set-up in the browser: a guided way from nothing to a working watch, for people without a terminal."""
