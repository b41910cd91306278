"""BP6: a plan is closed when its benefits are judged and what was learned is written, in a project or in the line."""
