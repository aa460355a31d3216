"""The daemon: a small process that knows what is due and starts others to do it."""
