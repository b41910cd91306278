"""Forms of the intake, of the transitions and of the council."""
