"""The roadmap: the projects of the portfolio on a calendar, drawn and as a table, from the same rows."""
