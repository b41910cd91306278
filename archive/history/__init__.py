"""What happened before: found in the apps' own history, and sent or packed as a whole."""
