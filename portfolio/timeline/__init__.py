"""What has happened in a project: its own steps, and what was written, answered, sent and decided in it."""
