"""Take the answers of an archive: lost, double, foreign and out of order ones end right.

Every answer is written down, and only what changes its message counts.  What cannot be used is put aside, with the
reason, where the archivist sees it.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from archive.adapters.port import AnsweringPort, Incoming, port_of
from archive.models import Answer, AnswerKind, ArchiveMessage, ArchiveRules, MessageStatus, Shipment
from archive.operations import tell_receivers
from archive.policies import may_carry
from archive.reading import Foreign, Unreadable, read
from archive.workflow import message_workflow
from core.actors import System
from core.workflow import TransitionDenied

if TYPE_CHECKING:
    from datetime import datetime

    from archive.reading import Reading
    from core.actors import Actor

log = structlog.get_logger("stafett.archive")
BY = System("archive")
S = MessageStatus


def receive_all(*, now: datetime) -> int:
    """Take what has come for every municipality, and return how many answers counted."""
    rows = ArchiveRules.objects.exclude(channel="by_hand").select_related("municipality").order_by("pk")
    return sum(receive(rules, now=now) for rules in rows)


def receive(rules: ArchiveRules, *, now: datetime) -> int:
    port = port_of(rules)
    if not isinstance(port, AnsweringPort):
        return 0
    counted = 0
    for incoming in port.fetch_answers():
        try:
            answer = take(incoming, rules, now=now)
        except Exception:
            # Not settled: it comes again, and the next one is not kept waiting.
            log.exception("archive answer stumbled", municipality=rules.municipality_id)
            continue
        counted += answer.counted
        port.settle(incoming, understood=answer.kind != AnswerKind.PUT_ASIDE)
    return counted


def bring(
    incoming: Incoming, rules: ArchiveRules, *, by: Actor, now: datetime, about: ArchiveMessage | None = None
) -> Answer:
    """Take an answer that the archivist brings, perhaps on the page of the message it is about.

    :raises TransitionDenied: ``by`` is not the municipality's archivist.
    """
    if not may_carry(by, rules.municipality_id):
        raise TransitionDenied
    return take(incoming, rules, now=now, by=by, about=about)


@transaction.atomic
def take(
    incoming: Incoming, rules: ArchiveRules, *, now: datetime, by: Actor = BY, about: ArchiveMessage | None = None
) -> Answer:  # fmt: skip
    """Write the answer down, and let it move its message if it says something new; put aside what cannot be used."""
    try:
        return take_or_refuse(incoming, rules, now=now, by=by, about=about)
    except Unreadable as why:
        answer = _unwritten(incoming, rules, by=by, now=now)
        answer.kind, answer.told = AnswerKind.PUT_ASIDE, str(why)
        answer.sha256 = _digest(b"aside", incoming.name.encode(), incoming.content)
        return _written(answer)


def _unwritten(incoming: Incoming, rules: ArchiveRules, *, by: Actor, now: datetime) -> Answer:
    return Answer(
        municipality_id=rules.municipality_id, name=incoming.name[:200], received_at=now, brought_by_id=by.person_id,
    )  # fmt: skip


@transaction.atomic
def take_or_refuse(
    incoming: Incoming, rules: ArchiveRules, *, now: datetime, by: Actor, about: ArchiveMessage | None
) -> Answer:  # fmt: skip
    """Do the same, and write nothing of what cannot be used.

    :raises Unreadable: it cannot.
    """
    reading = read(incoming.name, incoming.content)
    message = _message_of(reading, rules, about)
    answer = _unwritten(incoming, rules, by=by, now=now)
    row = ArchiveMessage.objects.select_for_update(of=("self",)).get(pk=message.pk)
    answer.message, answer.kind = row, reading.kind
    answer.sha256 = _digest(
        str(row.pk).encode(), reading.package.encode(), reading.kind.encode(), incoming.content
    )
    if standing := _standing(answer):
        standing.counted = False
        return standing
    answer.told = _told(reading)
    answer.counted = _apply(row, reading, now)
    if not answer.counted:
        answer.told = f"{answer.told}\n{_why_not(row)}".strip()
    return _written(answer)


def _digest(*parts: bytes) -> str:
    return hashlib.sha256(b"\x00".join(parts)).hexdigest()


def _standing(answer: Answer) -> Answer | None:
    rows = Answer.objects.filter(municipality_id=answer.municipality_id, sha256=answer.sha256)
    found: Answer | None = rows.first()
    return found


def _written(answer: Answer) -> Answer:
    if standing := _standing(answer):
        standing.counted = False
        return standing
    answer.save()
    return answer


# --- Whose it is ---------------------------------------------------------------------------------
def _message_of(reading: Reading, rules: ArchiveRules, about: ArchiveMessage | None) -> ArchiveMessage:
    """Return the message that the answer is about.

    :raises Unreadable: it belongs to no message of this municipality, or to another than it was brought for.
    """
    own = ArchiveMessage.objects.filter(municipality_id=rules.municipality_id)
    by_package = _of_package(reading.package, rules)
    key, system = _key_of(reading)
    if system and system != rules.system:
        raise Unreadable(_("Svaret gjelder fagsystemet «%(system)s», ikke dette.") % {"system": system[:60]})
    by_key = own.filter(key=key).first() if key else None
    if key and by_key is None:
        raise Foreign(_("Nøkkelen «%(key)s» er ikke en melding fra denne kommunen.") % {"key": key[:120]})
    named = [one for one in (by_key, by_package, about) if one is not None]
    if not named and reading.folder and reading.folder.key:
        named = list(own.filter(folder_key=reading.folder.key, opens_folder=True)[:1])
    if not named:
        raise Unreadable(
            _("Svaret sier ikke hvilken melding det gjelder. Last det opp på meldingens egen side.")
        )
    if any(one.pk != named[0].pk for one in named):
        raise Unreadable(_("Svaret gjelder en annen melding: «%(key)s».") % {"key": named[0].key})
    return named[0]


def _key_of(reading: Reading) -> tuple[str, str]:
    part = reading.record or reading.folder
    system = next((one.system for one in (reading.record, reading.folder) if one and one.system), "")
    return (part.key if part is reading.record and part else ""), system


def _of_package(name: str, rules: ArchiveRules) -> ArchiveMessage | None:
    if not name:
        return None
    found = (
        Shipment.objects.filter(name=name, message__municipality_id=rules.municipality_id)
        .select_related("message")
        .first()
    )
    if found is None:
        raise Foreign(_("Pakken «%(name)s» er ikke sendt fra denne kommunen.") % {"name": name})
    message: ArchiveMessage = found.message
    return message


# --- What it does --------------------------------------------------------------------------------
def _apply(row: ArchiveMessage, reading: Reading, now: datetime) -> bool:
    """Move the message if the answer tells something new of it, and say whether it did."""
    step = _STEPS[reading.kind]
    if S(row.status) not in message_workflow.transitions[step].source:
        return False
    if reading.kind != AnswerKind.RECEIPT and _is_of_earlier_package(row, reading.package):
        return False
    moved = message_workflow.perform(step, row, by=BY, now=now, data=_data(row, reading))
    if moved.archive_reference and moved.archive_reference != row.archive_reference:
        tell_receivers(moved, by=BY, now=now)
    return True


_STEPS = {
    AnswerKind.RECEIPT: "take_receipt", AnswerKind.PARTIAL: "take_partial_receipt", AnswerKind.ERROR: "fail",
    AnswerKind.ACKNOWLEDGED: "acknowledge",
}  # fmt: skip


def _data(row: ArchiveMessage, reading: Reading) -> dict[str, str]:
    if reading.kind == AnswerKind.ACKNOWLEDGED:
        return {}
    if reading.kind == AnswerKind.ERROR:
        return {"problem": reading.error}
    problem = {"problem": reading.error} if reading.kind == AnswerKind.PARTIAL else {}
    return {**_numbers(row, reading), **problem}


def _is_of_earlier_package(row: ArchiveMessage, package: str) -> bool:
    """Tell whether another package has been made since: what was wrong with that one is put right."""
    latest = row.shipments.order_by("-packed_at", "-pk").values_list("name", flat=True).first()
    return bool(package) and latest != package


def _numbers(row: ArchiveMessage, reading: Reading) -> dict[str, str]:
    folder, record = reading.folder, reading.record
    number = row.archive_reference
    if folder and not folder.error:
        number = folder.case_number or folder.system_id or number
    if not row.opens_folder:
        number = number or _number_of_folder(row)
    if reading.kind == AnswerKind.RECEIPT:
        number = number or (record.system_id if record else "") or row.folder_key
    journal = (
        (record.journal_number or record.system_id) if record and not record.error else row.journal_reference
    )
    return {"archive_reference": number[:60], "journal_reference": journal[:60]}


def _number_of_folder(row: ArchiveMessage) -> str:
    same = ArchiveMessage.objects.filter(
        municipality_id=row.municipality_id, folder_key=row.folder_key, opens_folder=True
    )
    return str(same.exclude(archive_reference="").values_list("archive_reference", flat=True).first() or "")


def _told(reading: Reading) -> str:
    if reading.error:
        return reading.error
    parts = [part for part in (reading.folder, reading.record) if part]
    words = [number for part in parts if (number := part.case_number or part.journal_number)]
    if any(part.existed for part in parts):
        words.append(_("fantes fra før"))
    return ", ".join(words)


def _why_not(row: ArchiveMessage) -> str:
    state = str(row.get_status_display()).lower()
    return _("Endret ingenting: meldingen var alt «%(state)s», eller er pakket på nytt siden.") % {
        "state": state
    }
