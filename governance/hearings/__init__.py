"""Hearings: who must be heard, as the mandate says it, who is asked, and what they answer."""
