"""Forms of deviations."""
