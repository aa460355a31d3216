"""From an alert to a letter that a channel can deliver."""
