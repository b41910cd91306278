"""Candidates for the portfolio side by side: by criteria, by money and by points, never merged."""
