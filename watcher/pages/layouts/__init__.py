"""Layouts of the message box: one file each, found by discovery, newest tried first.

A layout file defines `LAYOUT`. To follow a change of the site, add a file with its selectors at the top and a folder of
fixtures; leave the old file in place, so that old evidence stays readable.
"""
