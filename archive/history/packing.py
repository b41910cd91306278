"""All that stands in the outbox as file packages, whatever has become of it: for a new archive, or one without a folder.

Nothing is sent and no message moves.  Keys are those of the outbox, so an archive that knows one answers that it exists.
A file holds some hundred packages and is made outside of any transaction; what it is made of is then written down
in one, unless the export was stopped or another worker was first.
"""

from __future__ import annotations

import csv
import hashlib
import io
import tempfile
import uuid
import zipfile
from collections import Counter
from typing import TYPE_CHECKING, Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from archive.messages.documents import MissingFile
from archive.models import ArchiveExport, ArchiveMessage, ExportFile, ExportGap, ExportStatus
from archive.models.shipment import FOLDER
from archive.operations import rules_of
from archive.schema.profile import Unfit
from archive.shipping import package_of
from core.retention import REDACTED

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from archive.history.sources import Scope
    from archive.models import ArchiveRules

IN_A_FILE, MOST_BYTES = 200, 200 * 1024 * 1024
INDEX = "innhold.csv"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def selected(scope: Scope) -> QuerySet[ArchiveMessage]:
    """Return the messages of a scope, each with whether it is the first of its folder there, and so makes it."""
    rows = _rows(scope)
    earlier = rows.filter(
        folder_key=OuterRef("folder_key"), pk__lt=OuterRef("pk"), content__entry__isnull=False
    )
    return rows.annotate(has_earlier=Exists(earlier.exclude(content__entry=None))).order_by("pk")


def _rows(scope: Scope) -> QuerySet[ArchiveMessage]:
    of_kinds = Q(kind__in=list(scope.kinds)) if scope.kinds else Q()
    rows: QuerySet[ArchiveMessage] = ArchiveMessage.objects.filter(
        scope.period.within("created_at"), of_kinds, municipality_id=scope.municipality_id
    )
    return rows


def count(scope: Scope) -> dict[str, int]:
    return dict(_rows(scope).order_by().values_list("kind").annotate(number=Count("pk")))


def next_file(export: ArchiveExport, scope: Scope, *, now: datetime) -> bool:
    """Make the next file of an export; tell whether there may be more."""
    after: int = export.position["after"]
    rows = list(selected(scope).filter(pk__gt=after)[:IN_A_FILE])
    if not rows:
        return False
    with tempfile.TemporaryFile() as whole:
        made = _Made(whole, rules_of(export.municipality_id))
        for row in rows:
            made.add(row)
            if whole.tell() > MOST_BYTES:
                break
        made.close()
        _keep(export, made, now)
    return True


class _Made:
    """A file under way: packages as they come, and at the end a list of what is in it."""

    def __init__(self, whole: io.BufferedRandom, rules: ArchiveRules) -> None:
        self.whole, self._rules = whole, rules
        self._zip = zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED)
        self._lines: list[tuple[Any, ...]] = []
        self.counts: Counter[str] = Counter()
        self.gaps: list[tuple[str, str, str]] = []
        self.first = self.last = 0
        self.packed: list[int] = []

    def add(self, row: ArchiveMessage) -> None:
        self.first, self.last = self.first or row.pk, row.pk
        try:
            package = package_of(_alone(row), self._rules, anew=True)
        except Unfit as unfit:
            self.gaps.append((row.kind, row.key, "\n".join(str(reason) for reason in unfit.reasons)))
        except MissingFile as missing:
            self.gaps.append((row.kind, row.key, str(missing)))
        else:
            self._write(f"{package.name}.zip", package.content)
            self.counts[row.kind] += 1
            self.packed.append(row.pk)
            told = (
                package.name,
                row.key,
                row.folder_key,
                row.kind,
                row.status,
                row.archive_reference,
                row.journal_reference,
            )
            self._lines.append(told)

    def _write(self, name: str, content: bytes) -> None:
        info = zipfile.ZipInfo(name, _EPOCH)
        info.external_attr = 0o600 << 16
        self._zip.writestr(info, content)

    def close(self) -> None:
        text = io.StringIO()
        listed = csv.writer(text, delimiter=";")
        listed.writerow(
            ("package", "key", "folderKey", "kind", "status", "caseNumberBefore", "journalNumberBefore")
        )
        listed.writerows(self._lines)
        self._write(INDEX, text.getvalue().encode("utf-8-sig"))
        self._zip.close()


def _alone(row: Any) -> ArchiveMessage:
    """Let the message stand in the file as it would to an archive that has nothing: the first of a folder makes it."""
    if row.title == REDACTED:
        raise Unfit([_("Innholdet er slettet etter reglene for lagring.")])
    if not row.content:
        raise Unfit(
            [
                _(
                    "Meldingen har ikke innhold ennå. Kjør «Send det som mangler» først: den henter det fra historikken."
                )
            ]
        )
    row.opens_folder = not row.has_earlier and row.may_open_folder
    if not row.opens_folder and not row.has_earlier:
        told = _("Ingenting i utvalget lager mappen. Ta med innmeldinger eller en lengre periode.")
        raise Unfit([told])
    message: ArchiveMessage = row
    return message


def _folder(export: ArchiveExport) -> str:
    return f"{FOLDER}/exports/{export.pk}"


def tidy(export: ArchiveExport) -> None:
    """Delete the files that workers who died have left without a row."""
    if not export.makes_packages or not default_storage.exists(_folder(export)):
        return
    known = set(export.files.values_list("file", flat=True))
    _folders, names = default_storage.listdir(_folder(export))
    for name in {f"{_folder(export)}/{one}" for one in names} - known:
        default_storage.delete(name)


def _keep(export: ArchiveExport, made: _Made, now: datetime) -> None:
    """Keep the file and move the position with it; a file that came second is let go of."""
    made.whole.seek(0)
    digest = hashlib.file_digest(made.whole, "sha256").hexdigest()
    size = made.whole.seek(0, 2)
    made.whole.seek(0)
    stored = default_storage.save(f"{_folder(export)}/{uuid.uuid4().hex}.zip", File(made.whole))
    kept = {"file": stored, "size": size, "sha256": digest, "made_at": now}
    if not _write_down(export, made, kept):
        default_storage.delete(stored)


def _was_forgotten(made: _Made) -> bool:
    """Tell whether something in the file has been forgotten while it was made; what is forgotten later finds the file."""
    rows = ArchiveMessage.objects.filter(pk__in=made.packed).order_by("pk")
    return REDACTED in rows.select_for_update(of=("self",)).values_list("title", flat=True)


@transaction.atomic
def _write_down(export: ArchiveExport, made: _Made, kept: dict[str, Any]) -> bool:
    still = ArchiveExport.objects.select_for_update(of=("self",)).filter(
        pk=export.pk, status=ExportStatus.RUNNING, position=export.position
    )
    if (standing := still.first()) is None or _was_forgotten(made):
        return False
    standing.position, standing.heard_at = {"step": 0, "after": made.last}, kept["made_at"]
    standing.save(update_fields=["position", "heard_at"])
    for kind, key, told in made.gaps:
        ExportGap.objects.update_or_create(export=export, key=key, defaults={"kind": kind, "told": told})
    ExportFile.objects.create(
        export=export, number=standing.files.count() + 1, counts=dict(made.counts), first=made.first, last=made.last, **kept
    )  # fmt: skip
    return True
