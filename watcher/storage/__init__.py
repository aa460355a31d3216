"""Where everything is kept: a SQLite database and a vault of content-addressed files, both in one folder."""
