"""The money of a project: its budget lines per year and source, their sums, and what accounting says, from a file."""
