"""Who takes part in a project: its leaders, and everybody else with a role in it."""
