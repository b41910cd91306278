"""Deviations in the API."""
