"""The command line: thin commands around the use cases."""
