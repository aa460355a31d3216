"""Ways out: a message goes in, a receipt comes back, or an error that says what to do."""
