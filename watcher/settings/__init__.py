"""The tables of the config, one module per topic."""
