"""Scoring of initiatives before they are decided: criteria in versions, and who has given which points."""
