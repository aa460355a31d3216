"""Use cases, one function each, and the ports through which they reach the world."""
