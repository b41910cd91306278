"""Programmes, and projects that belong below another."""
