"""Change work of a plan: what must be done for the change to stick, by whom, who is affected, and what may go wrong."""
