"""The annual cycle of the council: its periods, what is late for a meeting, its calendar and its feed."""
