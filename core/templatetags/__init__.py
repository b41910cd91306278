"""Template tags and filters of the kernel; all are builtins of the template engine."""
