"""Time stamps (RFC 3161): authorities outside that confirm which hash was there when."""
