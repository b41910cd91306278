"""The portfolio report: an area as it stood at a moment, computed from history, and frozen when it is published."""
