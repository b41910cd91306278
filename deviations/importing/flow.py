"""From a file that was sent to one that is read: kept for half an hour, bound to the person who sent it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from core.spreadsheets import Row, Table, TableError
from core.workflow import TransitionDenied
from deviations import policies
from deviations.importing.columns import COLUMNS
from deviations.importing.reading import Reading
from deviations.importing.writing import bring_in
from deviations.models import ImportMapping
from organization.importing.flow import packed, unpacked

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from core.actors import Actor
    from deviations.importing.reading import Plan
    from deviations.models import DeviationImport
    from organization.models import Unit

KEPT_SECONDS = 30 * 60


class Expired(Refused):
    """The file that was sent is no longer there."""


class Moved(Exception):
    """Something changed between the check and the confirmation; ``plan`` is how it looks now."""

    def __init__(self, plan: Plan) -> None:
        super().__init__("the plan is another one now")
        self.plan = plan


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that waits to be told apart: the system it comes from, its name, and what stands in it."""

    system: str
    table: Table


def keep(table: Table, *, system: str, municipality: Unit, by: Actor) -> Waiting:
    """Keep a file.  One per person waits at a time: a new one takes its place.

    :raises TableError: there is nothing below the headings.
    """
    if not table.lines:
        raise TableError(
            _("«%(name)s» har bare overskrifter. Legg sakene på linjene under.") % {"name": table.name}
        )
    kept = {
        "municipality": municipality.pk, "system": system, "name": table.name, "headings": table.headings,
        "lines": [[line, [packed(value) for value in values]] for line, values in table.lines],
    }  # fmt: skip
    cache.set(_place(by), json.dumps(kept), KEPT_SECONDS)
    return Waiting(system, table)


def waiting(*, municipality: Unit, by: Actor) -> Waiting:
    """Return the file that waits.

    :raises Expired: there is none, or it is another municipality's.
    """
    text = cache.get(_place(by))
    kept: dict[str, Any] = json.loads(text) if text else {}
    if not kept or kept["municipality"] != municipality.pk:
        raise Expired(
            _(
                "Fila er ikke lenger klar. Den er lest inn alt, eller det er over 30 minutter siden. Last den opp på nytt."
            )
        )
    lines = tuple((line, tuple(unpacked(value) for value in values)) for line, values in kept["lines"])
    return Waiting(kept["system"], Table(kept["name"], tuple(kept["headings"]), lines))


def check(
    file: Waiting,
    columns: Mapping[str, str],
    values: Mapping[str, Mapping[str, str]],
    *,
    municipality: Unit,
    by: Actor,
    now: datetime,
) -> Reading:
    """Return what the file would do, and remember how it was read.  No case is written.

    :raises TransitionDenied: ``by`` does not look after the municipality's catalogue.
    """
    if not policies.may_edit_catalogue(by, municipality):
        raise TransitionDenied
    ImportMapping.objects.update_or_create(
        municipality=municipality, system=file.system, defaults={"columns": dict(columns), "values": {key: dict(words) for key, words in values.items()}}
    )  # fmt: skip
    return _read(file, columns, values, municipality=municipality, by=by, now=now)


def confirm(file: Waiting, seen: str, *, municipality: Unit, by: Actor, now: datetime) -> DeviationImport:
    """Bring in what was checked, as it was read last.

    :raises Refused: it was not checked.
    :raises Moved: the file would do something else now than what was ``seen``.
    """
    mappings = ImportMapping.objects.filter(municipality=municipality, system=file.system)
    with transaction.atomic():
        mapping = mappings.select_for_update().first()
        if mapping is None:
            raise Refused(_("Fila er ikke kontrollert ennå. Kontroller den før du leser inn sakene."))
        reading = _read(file, mapping.columns, mapping.values, municipality=municipality, by=by, now=now)
        if reading.found.errors or not reading.found.cases or reading.found.fingerprint != seen:
            raise Moved(reading.found)
        brought = bring_in(reading, file_name=file.table.name, by=by, now=now)
    cache.delete(_place(by))
    return brought


def _read(
    file: Waiting,
    columns: Mapping[str, str],
    values: Mapping[str, Mapping[str, str]],
    *,
    municipality: Unit,
    by: Actor,
    now: datetime,
) -> Reading:
    places = {heading: place for place, heading in enumerate(file.table.headings)}
    at = {key: places[heading] for key, heading in columns.items() if heading in places}
    titles = {column.key: columns.get(column.key) or str(column.title) for column in COLUMNS}
    reading = Reading(municipality, by, system=file.system, values=values, now=now)
    reading.read(
        [
            Row(
                line,
                {column.key: cells[at[column.key]] if column.key in at else None for column in COLUMNS},
                titles,
            )
            for line, cells in file.table.lines
        ]
    )
    return reading


def _place(by: Actor) -> str:
    return f"deviation-import:{by.person_id}"
