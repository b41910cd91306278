"""Questions that templates of deviations ask."""
