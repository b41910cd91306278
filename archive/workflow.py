"""The way of a message to the archive, from the outbox to its receipt.

The only writer of ``ArchiveMessage.status``.  The system packs, sends and takes answers; the archivist corrects what
the archive refused, under the same key, or files by hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from archive import policies
from archive.forms import CorrectionForm
from archive.models import ArchiveMessage
from archive.models import MessageStatus as S
from core.history import label_actions
from core.workflow import Workflow

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor

message_workflow: Workflow[ArchiveMessage] = Workflow(ArchiveMessage, S)
step = message_workflow.transition
SYSTEM, ARCHIVIST = _("Systemet"), _("Arkivar")
_OPEN = [S.READY, S.PACKED, S.SENT, S.ACKNOWLEDGED, S.PARTLY_RECEIPTED, S.FAILED]


def _arrive(message: ArchiveMessage, now: datetime, *, problem: str = "") -> None:
    message.status_since, message.problem, message.attempts = now, problem, 0


@step(
    source=[S.READY], target=S.PACKED, label=_("Pakk"), done=_("Pakket"), roles=SYSTEM, internal=True,
    allow=policies.nobody,
)  # fmt: skip
def pack(message: ArchiveMessage, *, by: Actor, now: datetime) -> None:
    _arrive(message, now)


@step(
    source=[S.PACKED], target=S.SENT, label=_("Send"), done=_("Sendt"), roles=SYSTEM, internal=True,
    allow=policies.nobody,
)  # fmt: skip
def send(message: ArchiveMessage, *, by: Actor, now: datetime) -> None:
    _arrive(message, now)


@step(
    source=[S.PACKED, S.SENT], target=S.ACKNOWLEDGED, label=_("Før som mottatt"), done=_("Mottatt av arkivet"),
    roles=SYSTEM, internal=True, allow=policies.nobody,
)  # fmt: skip
def acknowledge(message: ArchiveMessage, *, by: Actor, now: datetime) -> None:
    _arrive(message, now)


@step(
    source=_OPEN, target=S.RECEIPTED, label=_("Før kvittering"), done=_("Kvittert av arkivet"), roles=SYSTEM,
    internal=True, allow=policies.nobody,
)  # fmt: skip
def take_receipt(
    message: ArchiveMessage, *, by: Actor, now: datetime, archive_reference: str, journal_reference: str
) -> None:
    message.archive_reference, message.journal_reference = archive_reference, journal_reference
    _arrive(message, now)


@step(
    source=[S.PACKED, S.SENT, S.ACKNOWLEDGED, S.FAILED], target=S.PARTLY_RECEIPTED, label=_("Før delvis kvittering"),
    done=_("Delvis kvittert av arkivet"), roles=SYSTEM, internal=True, allow=policies.nobody,
)  # fmt: skip
def take_partial_receipt(
    message: ArchiveMessage, *, by: Actor, now: datetime, archive_reference: str, journal_reference: str, problem: str
) -> None:  # fmt: skip
    message.archive_reference, message.journal_reference = archive_reference, journal_reference
    _arrive(message, now, problem=problem)


@step(
    source=[S.READY, S.PACKED, S.SENT, S.ACKNOWLEDGED], target=S.FAILED, label=_("Før feil"), done=_("Feilet"),
    roles=SYSTEM, internal=True, allow=policies.nobody,
)  # fmt: skip
def fail(message: ArchiveMessage, *, by: Actor, now: datetime, problem: str) -> None:
    _arrive(message, now, problem=problem)


@step(
    source=[S.FAILED, S.PARTLY_RECEIPTED], target=S.READY, label=_("Rett og send på nytt"),
    done=_("Rettet og sendt på nytt"), tone="primary", roles=ARCHIVIST, allow=policies.may_handle, form=CorrectionForm,
)  # fmt: skip
def correct(
    message: ArchiveMessage, *, by: Actor, now: datetime, reason: str, public_title: str = ""
) -> None:
    message.public_title = public_title or message.public_title
    message.handled_by_id = by.person_id
    _arrive(message, now)


@step(
    source=[*_OPEN, S.MANUAL], target=S.MANUAL, label=_("Før for hånd"), done=_("Ført for hånd"), roles=ARCHIVIST,
    allow=policies.may_handle, internal=True,
)  # fmt: skip
def file_by_hand(message: ArchiveMessage, *, by: Actor, now: datetime, archive_reference: str) -> None:
    message.archive_reference, message.handled_by_id = archive_reference, by.person_id
    _arrive(message, now)


label_actions({"register_case_number": _("Saksnummer ført"), "stumble": _("Forsøk på å sende feilet")})

message_workflow.seal()
