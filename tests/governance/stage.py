"""What the addresses of scoring and of nyttepoker need, made on demand for the test of every address."""

from __future__ import annotations

from tests.governance import pokers, scorings


class Scored:
    """A part of the stage that has a place, and an initiative under preparation."""

    @property
    def scored(self):
        scorings.criteria(self.place)
        return self.preparing

    @property
    def assessor(self):
        scorings.criteria(self.place)
        return {**self.preparing, "assessor": scorings.asked(self._preparing, self.place).pk}

    @property
    def criterion(self):
        return self._pk(scorings.draft(self.place).criteria.first())

    @property
    def poker(self):
        return self._pk(pokers.opened(self.place, self._preparing))

    @property
    def poker_draft(self):
        return self._pk(pokers.draft(self.place, self._preparing))
