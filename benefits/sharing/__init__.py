"""Share and honour: stories of finished benefits, and the enthusiast of the year."""
