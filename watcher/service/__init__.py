"""Starting the watch with the computer: what the systems have for that, one module each."""
