"""The few numbers of the leadership page: what each counts, its list, and how it compares."""
