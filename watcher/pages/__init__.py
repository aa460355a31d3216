"""The readers: from captured bytes to what they say. Pure; no network, no clock, no storage."""
