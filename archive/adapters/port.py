"""What every way to an archive can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from archive.models import Channel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archive.models import ArchiveRules


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file from the archive.  ``token`` is the port's own word for it."""

    name: str
    content: bytes
    token: str = ""


class ArchivePort(Protocol):
    """A repeat of ``send`` with the same name has the same bytes, and changes nothing."""

    def send(self, name: str, package: bytes) -> str:
        """Hand the package over and return the id of the shipment."""


@runtime_checkable
class AnsweringPort(ArchivePort, Protocol):
    """A port where answers are waiting to be fetched; the others bring theirs."""

    def fetch_answers(self) -> Iterable[Incoming]:
        """Yield what has come and is not settled; what is not settled comes again."""

    def settle(self, answer: Incoming, *, understood: bool) -> None:
        """Put the answer away: it is written down in the database."""


def port_of(rules: ArchiveRules) -> ArchivePort | None:
    """Return the way that the municipality has chosen, if its messages go by themselves."""
    from archive.adapters.fiks_io import fiks_io_port
    from archive.adapters.file_package import FilePackagePort
    from archive.adapters.pull import PullPort
    from archive.adapters.trial import TrialPort

    if rules.channel == Channel.FILE_PACKAGE:
        return FilePackagePort(rules.municipality)
    if rules.channel == Channel.PULL:
        return PullPort()
    if rules.channel == Channel.FIKS_IO:
        return fiks_io_port(rules)
    if rules.channel == Channel.TRIAL:
        return TrialPort(rules.municipality_id, rules.trial_answer)
    return None
