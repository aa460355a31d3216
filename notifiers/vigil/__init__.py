"""A program of its own that stays with a notification until a button is pressed: ``python -m notifiers.vigil``.

A package, so that looking for channels does not import it: it needs a D-Bus library that only Linux has.
"""
