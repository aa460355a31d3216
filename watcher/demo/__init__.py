"""A whole cancellation, played against the practice shop in a real browser by the real daemon."""
