"""What the routes of consultations need, for the stage of the route test."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from tests.organization import consulted

if TYPE_CHECKING:
    from tests.world import Place


class Heard:
    """Makes consultations of a municipality, on demand."""

    place: Place

    @cached_property
    def _consultation(self):
        return consulted.opened(self.place)

    @property
    def consultation(self):
        return {"pk": self._consultation.pk}

    @property
    def consultation_step(self):
        return {**self.consultation, "name": "call_off_hearing"}

    @property
    def consultation_point(self):
        return {"pk": consulted.point(self._consultation).pk}

    @property
    def consultation_comment(self):
        return {"pk": consulted.closed(self.place).pk}
