"""Those a project affects, or who can affect it."""
