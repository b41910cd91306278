"""Nyttepoker: goals are weighted and initiatives given benefit points in rounds with hidden cards (domain/benefits 3.9)."""
