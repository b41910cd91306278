"""Figures of deviations: who may see which, what is counted, against what, and how it moves."""
