"""Status reports: called for each month, filled in from what is known, confirmed by the author and published for good."""
