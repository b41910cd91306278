"""Risks and opportunities of projects: their scale, how they are written, and how they are shown."""
