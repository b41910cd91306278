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
from deviations.importing.telling import tell_nobody
from deviations.importing.writing import bring_in
from deviations.models import ImportMapping
from organization.importing.flow import packed, unpacked

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from core.actors import Actor
    from deviations.importing.reading import Plan
    from deviations.importing.telling import Telling
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


@dataclass(frozen=True, slots=True)
class Way:
    """How a file is read: what its columns and its words mean, and who is told how far it has come."""

    columns: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    tell: Telling = tell_nobody


def keep(table: Table, *, system: str, municipality: Unit, by: Actor) -> Waiting:
    """Keep a file.  One per person waits at a time: a new one takes its place.

    :raises TableError: there is nothing below the headings.
    """
    if not table.lines:
        raise TableError(
            _("«%(name)s» har bare overskrifter. Legg sakene på linjene under.") % {"name": table.name}
        )
    file = Waiting(system, table)
    cache.set(_place(by), json.dumps({"municipality": municipality.pk, **pack(file)}), KEPT_SECONDS)
    return file


def waiting(*, municipality: Unit, by: Actor) -> Waiting:
    """Return the file that waits.

    :raises Expired: there is none, or it is another municipality's.
    """
    text = cache.get(_place(by))
    cache.touch(_place(by), KEPT_SECONDS)
    kept: dict[str, Any] = json.loads(text) if text else {}
    if not kept or kept["municipality"] != municipality.pk:
        raise Expired(
            _(
                "Fila er ikke lenger klar. Den er lest inn alt, eller det er over 30 minutter siden du arbeidet med den. Last den opp på nytt."
            )
        )
    return unpack(kept)


def forget(by: Actor) -> None:
    """Let go of the file that waits."""
    cache.delete(_place(by))


def pack(file: Waiting) -> dict[str, Any]:
    """Return a file as JSON holds it."""
    lines = [[line, [packed(value) for value in values]] for line, values in file.table.lines]
    return {
        "system": file.system,
        "name": file.table.name,
        "headings": list(file.table.headings),
        "lines": lines,
    }


def unpack(kept: Mapping[str, Any]) -> Waiting:
    """Return the file that ``pack`` packed."""
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
    remember(file, columns, values, municipality=municipality, by=by)
    return read_through(file, Way(columns, values), municipality=municipality, by=by, now=now)


def remember(
    file: Waiting,
    columns: Mapping[str, str],
    values: Mapping[str, Mapping[str, str]],
    *,
    municipality: Unit,
    by: Actor,
) -> None:
    """Remember how a system's files are read.

    :raises TransitionDenied: ``by`` does not look after the municipality's catalogue.
    """
    if not policies.may_edit_catalogue(by, municipality):
        raise TransitionDenied
    ImportMapping.objects.update_or_create(
        municipality=municipality, system=file.system, defaults={"columns": dict(columns), "values": {key: dict(words) for key, words in values.items()}}
    )  # fmt: skip


def confirm(file: Waiting, seen: str, *, municipality: Unit, by: Actor, now: datetime) -> DeviationImport:
    """Bring in what was checked, as it was read last.

    :raises Refused: it was not checked.
    :raises Moved: the file would do something else now than what was ``seen``.
    """
    with transaction.atomic():
        mapping = mapping_of(file, municipality)
        way = Way(mapping.columns, mapping.values)
        brought = read_in(file, way, seen, municipality=municipality, by=by, now=now)
    forget(by)
    return brought


def mapping_of(file: Waiting, municipality: Unit) -> ImportMapping:
    """Return how the file was read when it was checked, locked.

    :raises Refused: it was not checked.
    """
    mappings = ImportMapping.objects.filter(municipality=municipality, system=file.system)
    mapping = mappings.select_for_update().first()
    if mapping is None:
        raise Refused(_("Fila er ikke kontrollert ennå. Kontroller den før du leser inn sakene."))
    return mapping


def read_in(
    file: Waiting, way: Way, seen: str, *, municipality: Unit, by: Actor, now: datetime
) -> DeviationImport:
    """Bring in a file that still does what was ``seen``.

    :raises Moved: it would do something else now.
    """
    reading = read_through(file, way, municipality=municipality, by=by, now=now)
    if reading.found.errors or not reading.found.cases or reading.found.fingerprint != seen:
        raise Moved(reading.found)
    return bring_in(reading, file_name=file.table.name, by=by, now=now, tell=way.tell)


def read_through(file: Waiting, way: Way, *, municipality: Unit, by: Actor, now: datetime) -> Reading:
    """Return what the file would do.  Nothing is written."""
    places = {heading: place for place, heading in enumerate(file.table.headings)}
    at = {key: places[heading] for key, heading in way.columns.items() if heading in places}
    titles = {column.key: way.columns.get(column.key) or str(column.title) for column in COLUMNS}
    reading = Reading(municipality, by, system=file.system, values=way.values, now=now)
    rows = [
        Row(
            line,
            {column.key: cells[at[column.key]] if column.key in at else None for column in COLUMNS},
            titles,
        )
        for line, cells in file.table.lines
    ]
    reading.read(rows, tell=way.tell)
    return reading


def _place(by: Actor) -> str:
    return f"deviation-import:{by.person_id}"
