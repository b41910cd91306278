"""Checklists of the decision points: a municipality's own, and what each project has answered."""
