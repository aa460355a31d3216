"""The shapes of tracking numbers, their check digits, and the words that name a carrier."""
