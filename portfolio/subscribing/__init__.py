"""Portfolio reports by e-mail: who wants them of which area and how often, and one letter per report and person."""
