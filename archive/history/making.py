"""Make the messages that a record lacks, under the keys that they would have had."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _

from archive.history.sources import drafts_of, unfilled
from archive.models import ArchiveMessage, ExportGap, MessageStatus
from archive.operations import in_folder, unsaved
from archive.workflow import message_workflow
from core.actors import System

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import Model

    from archive.filing import Draft
    from archive.history.sources import Scope
    from archive.models import ArchiveExport

log = structlog.get_logger("stafett.archive")
BY = System("archive")


def make_messages(export: ArchiveExport, scope: Scope, model: type[Model], pk: int, *, now: datetime) -> None:
    """Put what is missing of one record in the outbox; what cannot be drafted is left out, and told.

    The record is locked, so the numbers that are free stay free; a key that stands is left as it is.
    """
    try:
        with transaction.atomic():
            _make(export, list(drafts_of(scope, model, pk)), now)
    except Exception as error:
        log.exception("archive export stumbled", export=export.pk, model=model._meta.label, record=pk)
        told = _("Kunne ikke lages (%(error)s). Be driften se i loggen, og kjør eksporten på nytt.") % {
            "error": type(error).__name__
        }
        _leave_out(export, "", f"{model._meta.model_name}/{pk}", told)


def _make(export: ArchiveExport, drafts: list[tuple[datetime, Draft]], now: datetime) -> None:
    taken = _taken(drafts)
    rows: list[ArchiveMessage] = []
    opened: dict[tuple[int, str], bool] = {}
    for at, draft in drafts:
        row = unsaved(draft, key=_key(draft, at, taken), happened_at=at, now=now)
        row.export = export
        folder = (row.municipality_id, row.folder_key)
        if folder not in opened:
            opened[folder] = in_folder(row).filter(opens_folder=True).exists()
        if not opened[folder] and not row.may_open_folder:
            _leave_out(export, row.kind, row.key, _folder_is_missing())
            continue
        row.opens_folder, opened[folder] = not opened[folder], True
        rows.append(row)
    _fill(rows)
    ArchiveMessage.objects.bulk_create(rows, ignore_conflicts=True)


def _taken(drafts: list[tuple[datetime, Draft]]) -> dict[str, tuple[datetime, bool]]:
    """Return the keys that stand of what the drafts are about: when it happened, and whether there is content."""
    about = {(type(draft.about), draft.about.pk) for _at, draft in drafts}
    found: dict[str, tuple[datetime, bool]] = {}
    for model, pk in about:
        kind = ContentType.objects.get_for_model(model)
        rows = ArchiveMessage.objects.filter(content_type=kind, object_id=pk)
        empty = set(rows.filter(content={}).values_list("key", flat=True))
        for key, at in rows.values_list("key", "created_at"):
            found[key] = (at, key not in empty)
    return found


def _key(draft: Draft, at: datetime, taken: dict[str, tuple[datetime, bool]]) -> str:
    """Return the key of a draft: of those that are numbered, the one of the same moment, else the first free one."""
    if not draft.is_numbered:
        return draft.key
    same = [
        key for key, (then, full) in taken.items() if key.startswith(draft.key) and then == at and not full
    ]
    number = 1
    while not same and f"{draft.key}{number}" in taken:
        number += 1
    key = same[0] if same else f"{draft.key}{number}"
    taken[key] = (at, True)
    return key


def _fill(rows: list[ArchiveMessage]) -> None:
    """Give content to messages that were written before anything could be sent, and let refused ones be sent anew."""
    standing = ArchiveMessage.objects.filter(unfilled(), key__in=[row.key for row in rows])
    given = {row.key: row for row in rows}
    for old in standing.select_for_update(of=("self",)).order_by("pk"):
        new = given[old.key]
        old.content, old.folder_key, old.opens_folder = new.content, new.folder_key, new.opens_folder
        old.export = new.export
        old.stamp(new.changed_at)
        old.save(update_fields=["content", "folder_key", "opens_folder", "export", "changed_at"])
        if old.status == MessageStatus.FAILED:
            reason = _("Innholdet er hentet fra historikken.")
            message_workflow.perform("correct", old, by=BY, now=new.changed_at, data={"reason": reason})


def _folder_is_missing() -> str:
    return _(
        "Mappen finnes ikke i arkivet, og ingenting i utvalget lager den. Ta med innmeldinger eller en lengre periode."
    )


def _leave_out(export: ArchiveExport, kind: str, key: str, told: str) -> None:
    ExportGap.objects.update_or_create(export=export, key=key[:120], defaults={"kind": kind, "told": told})
