"""People and capacity: what there is of each role, what projects ask for and are given, and where it is too much."""
