"""What the platform's protection promises and asks, and what the law says beside it: dated data, and its periods. Pure."""
