"""The dashboard's pages, one module each with a constant `ROUTES`, found by discovery."""
