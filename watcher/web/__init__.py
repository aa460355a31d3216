"""The dashboard: a local web application for the seller, a way in like the command line."""
