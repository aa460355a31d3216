"""A simulated year of one account, for the soak test: its deals, its seller, its bad days, and what it leaves behind."""
