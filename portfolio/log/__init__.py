"""The log of a project, and the lessons of the whole portfolio."""
