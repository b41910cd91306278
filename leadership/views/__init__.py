"""Pages of the leadership page."""
