"""The plan of a project: milestones that are moved with a reason, deliverables that are approved, and what it waits for."""
