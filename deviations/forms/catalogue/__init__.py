"""Forms of the catalogue: what can be reported, what is asked, which duties follow, and who receives."""
