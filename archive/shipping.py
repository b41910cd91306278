"""Pack what is ready and send what is packed, in order within each case.

Each message moves in a transaction of its own, with its row locked: a run that is killed has either moved it or not,
and the next one finds what is left.  A package is named by its content, so sending it twice changes nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from archive.adapters.port import port_of
from archive.filing import thaw
from archive.messages.documents import MissingFile
from archive.messages.package import Package, pack
from archive.models import ArchiveMessage, ArchiveRules, MessageStatus, Shipment
from archive.models.shipment import FOLDER
from archive.schema.profile import Unfit
from archive.workflow import message_workflow
from core.actors import System
from core.history import record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from archive.adapters.port import ArchivePort

log = structlog.get_logger("stafett.archive")
BY = System("archive")
BATCH, ROUNDS, MOST_ATTEMPTS = 200, 50, 5
# So many of an export are taken before it is looked whether something of the day has come.
A_FEW = 25
_NUMBER = re.compile(r"^\s*(\d{2}|\d{4})/(\d{1,8})\b")
# A year of two digits is of this century: «26/1234» is «2026/1234».
_CENTURY, _YEARS_IN_IT = 2000, 100
_CODES = (
    "system", "rule", "archive_part", "class_system", "initiative_class", "meeting_class", "deviation_class",
    "access_code", "access_label", "algorithm", "formats",
)  # fmt: skip


def ship_all(*, now: datetime) -> int:
    """Pack and send for every municipality whose messages go by themselves, and return how many steps were taken.

    What exports made waits until the messages of the day have gone, everywhere.
    """
    rows = ArchiveRules.objects.exclude(channel="by_hand").select_related("municipality").order_by("pk")
    every = list(rows)
    return sum(ship(rules, now=now, of_the_day=True) for rules in every) + sum(
        ship(rules, now=now) for rules in every
    )


def ship(rules: ArchiveRules, *, now: datetime, at_most: int | None = None, of_the_day: bool = False) -> int:
    """Pack and send what is free to go.

    :param at_most: how many messages are taken, where not all are to be.
    :param of_the_day: leave what exports made for later.
    """
    port = port_of(rules)
    if port is None:
        return 0
    done, seen = 0, set[int]()
    for _round in range(ROUNDS):
        ids = _free(rules, seen, of_the_day=of_the_day)
        if not ids:
            break
        for pk in ids:
            if len(seen) == at_most:
                return done
            seen.add(pk)
            while _forward(pk, rules, port, now):
                done += 1
    return done


def _free(rules: ArchiveRules, seen: set[int], *, of_the_day: bool = False) -> list[int]:
    """Return the next that are free: those of the day, or, where there are none, a few of what an export made."""
    waiting = (MessageStatus.READY, MessageStatus.PACKED)
    rows = ArchiveMessage.objects.filter(municipality_id=rules.municipality_id, status__in=waiting)
    free: Any = rows.free_to_go().exclude(pk__in=seen).running_first()
    found = list(free.values_list("pk", "behind")[:BATCH])
    first = [pk for pk, is_behind in found if not is_behind]
    return first if first or of_the_day else [pk for pk, _behind in found[:A_FEW]]


def _forward(pk: int, rules: ArchiveRules, port: ArchivePort, now: datetime) -> bool:
    """Move one message a step; what goes wrong is written on it and keeps nobody else waiting."""
    try:
        with transaction.atomic():
            row = ArchiveMessage.objects.select_for_update(of=("self",)).get(pk=pk)
            if row.status == MessageStatus.READY:
                _pack(row, rules, now)
            elif row.status == MessageStatus.PACKED:
                _send(row, port, now)
            else:
                return False
    except Exception as error:
        log.exception("archive message stumbled", message=pk)
        _stumbled(pk, error, now)
        return False
    return True


def _stumbled(pk: int, error: Exception, now: datetime) -> None:
    with transaction.atomic(), record("stumble", actor=BY):
        row = ArchiveMessage.objects.select_for_update(of=("self",)).get(pk=pk)
        row.attempts += 1
        words = {"error": type(error).__name__, "count": row.attempts}
        row.problem = (
            _("Kunne ikke sendes (%(error)s). Forsøk %(count)s. Det prøves på nytt av seg selv.") % words
        )
        row.stamp(now)
        row.save(update_fields=["attempts", "problem", "changed_at"])
        if row.attempts >= MOST_ATTEMPTS:
            told = _("Kunne ikke sendes etter %(count)s forsøk (%(error)s). Be driften se i loggen.") % words
            message_workflow.perform("fail", row, by=BY, now=now, data={"problem": told})


# --- Packing -------------------------------------------------------------------------------------
def _pack(row: ArchiveMessage, rules: ArchiveRules, now: datetime) -> None:
    try:
        package = package_of(row, rules)
    except Unfit as unfit:
        problem = "\n".join(str(reason) for reason in unfit.reasons)
        message_workflow.perform("fail", row, by=BY, now=now, data={"problem": problem})
        return
    except MissingFile as missing:
        message_workflow.perform("fail", row, by=BY, now=now, data={"problem": str(missing)})
        return
    keep(row, package, now)
    message_workflow.perform("pack", row, by=BY, now=now)


def package_of(row: ArchiveMessage, rules: ArchiveRules, *, anew: bool = False) -> Package:
    """Return the package of a message.

    :param anew: it is for an archive that knows nothing of earlier ones, nor of folders that were made by hand.
    :raises Unfit: it does not live up to our profile.
    :raises MissingFile: an attachment is gone.
    """
    if not row.content:
        told = _("Meldingen ble skrevet før Stafett kunne sende til arkivet. Før saksnummeret for hånd.")
        raise Unfit([told])
    content = thaw(row.content)
    content["creator_orgnr"] = content["creator_orgnr"] or rules.municipality.orgnr
    if row.public_title:
        _retitle(content, row.public_title)
    codes = {name: getattr(rules, name) for name in _CODES}
    return pack(
        content, number=row.pk, key=row.key, opens_folder=row.opens_folder, codes=codes,
        parent=_own(row, rules.system) if anew else _parent(row, rules.system),
    )  # fmt: skip


def _retitle(content: dict[str, Any], public_title: str) -> None:
    for part in (content["folder"], content["entry"]):
        if part and part["shield"]:
            part["public_title"] = public_title


def _own(row: ArchiveMessage, system: str) -> Mapping[str, Any]:
    return {"system": system, "key": row.folder_key}


def _parent(row: ArchiveMessage, system: str) -> Mapping[str, Any]:
    """Return how the archive knows the folder: one that was made by hand has a number and not our key."""
    own = _own(row, system)
    if row.opens_folder:
        return own
    maker = (
        ArchiveMessage.objects.filter(municipality_id=row.municipality_id, folder_key=row.folder_key, opens_folder=True)
        .order_by("pk").first()
    )  # fmt: skip
    if maker is None or maker.status != MessageStatus.MANUAL:
        return own
    number = _NUMBER.match(maker.archive_reference)
    if number is None:
        return {"name": maker.archive_reference}
    year = int(number[1])
    return {"year": _CENTURY + year if year < _YEARS_IN_IT else year, "number": int(number[2])}


def keep(row: ArchiveMessage, package: Package, now: datetime) -> Shipment:
    """Keep the package; the same one twice is one row and one file."""
    standing: Shipment | None = row.shipments.filter(sha256=package.sha256).first()
    if standing is not None:
        if not standing.file or not default_storage.exists(str(standing.file.name)):
            standing.file.name = _stored(package, row)
        standing.packed_at = now
        standing.stamp(now)
        standing.save()
        return standing
    made = Shipment(
        message=row, name=package.name, sha256=package.sha256, size=len(package.content), packed_at=now, changed_at=now,
    )  # fmt: skip
    made.file.name = _stored(package, row)
    made.save()
    return made


def _stored(package: Package, row: ArchiveMessage) -> str:
    path = f"{FOLDER}/{row.municipality_id}/{package.name}.zip"
    if default_storage.exists(path):  # of a run that was killed; the name says that the content is the same
        default_storage.delete(path)
    return default_storage.save(path, ContentFile(package.content))


def _send(row: ArchiveMessage, port: ArchivePort, now: datetime) -> None:
    shipment = row.shipments.order_by("-packed_at", "-pk").first()
    assert shipment is not None
    with default_storage.open(str(shipment.file.name)) as file:
        port.send(shipment.name, file.read())
    shipment.sent_at = now
    shipment.stamp(now)
    shipment.save(update_fields=["sent_at", "changed_at"])
    message_workflow.perform("send", row, by=BY, now=now)
