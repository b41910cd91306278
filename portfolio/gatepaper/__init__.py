"""Gate papers: what a decision point is decided on, by the council or by those who own the project."""
