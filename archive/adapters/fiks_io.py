"""Fiks IO as a way to an archive: what Stafett knows of it, and what it leaves to a carrier.

Fiks IO is messages over AMQP whose content is encrypted with the receiver's public key, for who has an account, an
integration, a token of Maskinporten and keys.  KS publishes clients for Java and .NET, and none for Python.  So this
adapter speaks the messages of Fiks Arkiv V1, and what speaks Fiks IO is a *carrier* that an installation brings: the
setting ``FIKS_IO_CARRIER`` names a function that takes the municipality's own account and returns one.  Without a
carrier nothing is sent this way, and the municipality cannot choose it.
"""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from archive.adapters.port import Incoming
from archive.messages.package import MANIFEST, SUMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from archive.models import ArchiveRules

PROTOCOL = "no.ks.fiks.arkiv.v1"
# A repeat of a message has the same id of ours, so that whoever receives it can drop it.
_IDS = uuid.UUID("8d1f6d3e-1f0b-5c6e-9d55-1b0e6a3c7f10")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """``client_id`` is Fiks IO's *klientMeldingId*, ``correlation`` its *klientKorrelasjonsId*, which every answer repeats."""

    to: uuid.UUID
    type: str
    client_id: uuid.UUID
    correlation: str
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """An answer, opened: ``id`` is Fiks IO's own, and what it is acknowledged by."""

    id: str
    type: str
    correlation: str
    files: Mapping[str, bytes]


class Carrier(Protocol):
    """What speaks Fiks IO for one account: tokens, keys, encryption (ASiC-E) and the queue."""

    def send(self, message: Outgoing) -> str:
        """Hand the message over and return Fiks IO's id of it.

        :raises Exception: it was not taken; it is sent again, with the same ``client_id``.
        """

    def fetch(self) -> Iterable[Received]:
        """Yield what waits on the queue, without acknowledging it."""

    def acknowledge(self, message_id: str) -> None:
        """Take a message off the queue; Fiks IO gives up and tells the sender after three fetches without it."""


class FiksIoPort:
    def __init__(self, carrier: Carrier, archive_account: uuid.UUID) -> None:
        self._carrier, self._archive_account = carrier, archive_account

    def send(self, name: str, package: bytes) -> str:
        with zipfile.ZipFile(io.BytesIO(package)) as opened:
            files = {one: opened.read(one) for one in opened.namelist()}
        manifest = json.loads(files.pop(MANIFEST))
        del files[SUMS]
        message = Outgoing(
            to=self._archive_account, type=manifest["messageType"], client_id=uuid.uuid5(_IDS, name), correlation=name,
            files=files,
        )  # fmt: skip
        return self._carrier.send(message)

    def fetch_answers(self) -> Iterator[Incoming]:
        for received in self._carrier.fetch():
            yield Incoming(f"{received.correlation}.zip", _as_file(received), received.id)

    def settle(self, answer: Incoming, *, understood: bool) -> None:
        del understood  # what is put aside is written down too, and would only come again
        self._carrier.acknowledge(answer.token)


def _as_file(received: Received) -> bytes:
    """Return an answer as the ZIP file it would be in the folder of answers."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("melding.json", json.dumps({"meldingstype": received.type}))
        for name, content in received.files.items():
            if name != "melding.json":
                made.writestr(name, content)
    return whole.getvalue()


def fiks_io_port(rules: ArchiveRules) -> FiksIoPort | None:
    """Return the way of a municipality, if all that it needs is there."""
    if missing(rules) or rules.archive_account is None:
        return None
    return FiksIoPort(import_string(settings.FIKS_IO_CARRIER)(rules.own_account), rules.archive_account)


def missing(rules: ArchiveRules) -> list[str]:
    """Return what must be there before the municipality can send this way, as far as Stafett can know."""
    found = []
    if not settings.FIKS_IO_CARRIER:
        found.append(
            _(
                "Installasjonen har ingen bærer for Fiks IO (FIKS_IO_CARRIER). Den som drifter Stafett, må skaffe en."
            )
        )
    if rules.own_account is None:
        found.append(_("Kommunens egen Fiks-konto mangler."))
    if rules.archive_account is None:
        found.append(_("Fiks-kontoen til arkivet mangler."))
    if not rules.municipality.orgnr:
        found.append(_("Kommunen har ikke organisasjonsnummer i Stafett."))
    return found
