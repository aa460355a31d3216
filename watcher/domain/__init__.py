"""What Stornowacht knows: plain, immutable values and pure functions, standard library only."""
