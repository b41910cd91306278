"""The trial archive as a way to an archive: handed over and answered inside the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.adapters.port import Incoming
from archive.models import TrialAnswer
from archive.trial.archive import TrialArchive

if TYPE_CHECKING:
    from collections.abc import Iterator


class TrialPort:
    def __init__(self, municipality_id: int, reply: str) -> None:
        self._municipality_id, self._reply = municipality_id, reply

    def send(self, name: str, package: bytes) -> str:
        TrialArchive(self._municipality_id, self._reply).take(name, package)
        return name

    def fetch_answers(self) -> Iterator[Incoming]:
        for row in TrialAnswer.objects.filter(municipality_id=self._municipality_id).order_by("pk")[:500]:
            yield Incoming(row.name, bytes(row.content), str(row.pk))

    def settle(self, answer: Incoming, *, understood: bool) -> None:
        del understood
        TrialAnswer.objects.filter(pk=int(answer.token)).delete()
