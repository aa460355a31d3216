"""The browser room: one guarded Chromium per visit, and what it brings home."""
