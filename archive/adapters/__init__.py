"""How packages leave for the archive of a municipality, and how its answers come back."""
