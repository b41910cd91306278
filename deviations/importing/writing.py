"""Bring the cases in, all of them or none, in a number of statements that does not grow with the file; and undo it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refused
from core.history import label_actions, record
from core.retention import Order, erase
from core.workdays import add_working_days
from core.workflow import TransitionDenied
from deviations import policies
from deviations.importing.alone import be_alone
from deviations.importing.telling import tell_nobody
from deviations.models import Deviation, DeviationImport, DeviationRules, Follower, Link, Origin, Routing
from deviations.operations.reporting import SERIES, case_number
from organization.operations import next_numbers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from core.actors import Actor
    from deviations.importing.reading import Case, Reading
    from deviations.importing.telling import Telling

BATCH = 500
"""Cases that are written, or taken away, by one set of statements."""
_WHY = gettext_lazy("Hentet inn fra %(system)s. %(why)s")
label_actions(
    {
        "import_deviations": gettext_lazy("Hentet inn fra et tidligere system"),
        "undo_import": gettext_lazy("Importen ble angret"),
    }
)


def bring_in(
    reading: Reading, *, file_name: str, by: Actor, now: datetime, tell: Telling = tell_nobody
) -> DeviationImport:
    """Write what was read, with its origin and, of what is in somebody's hands, why.

    :raises TransitionDenied: ``by`` does not look after the municipality's catalogue.
    :raises Refused: somebody else brought the same cases in at the same moment, or another import is under way.
    """
    if not policies.may_edit_catalogue(by, reading.municipality):
        raise TransitionDenied
    cases = reading.found.cases
    try:
        with (
            transaction.atomic(),
            record("import_deviations", actor=by, reason=f"{reading.system}: {file_name}"),
        ):
            be_alone(reading.municipality.pk)
            brought = DeviationImport.objects.create(
                municipality=reading.municipality, system=reading.system, file_name=file_name[:200], brought_by_id=by.person_id, at=now,
                count=len(cases), skipped=reading.found.known, changed_at=now,
            )  # fmt: skip
            _number(cases, reading.municipality.pk)
            _set_due(cases, DeviationRules.of(reading.municipality).receive_days, now)
            for first in range(0, len(cases), BATCH):
                tell(first, is_writing=True)
                Deviation.objects.bulk_create([case.row for case in cases[first : first + BATCH]])
                _write_beside(cases[first : first + BATCH], brought, now)
    except IntegrityError as broken:
        raise Refused(
            _(
                "Noen andre leste inn de samme sakene samtidig. Ingenting er lest inn. Kontroller fila på nytt."
            )
        ) from broken
    return brought


def _number(cases: Sequence[Case], municipality_id: int) -> None:
    """Give each case the next number of the year it was reported in, the oldest first."""
    ordered = sorted(cases, key=lambda case: (case.row.reported_at, case.line))
    years = [timezone.localdate(case.row.reported_at).year for case in ordered]
    following = next_numbers(municipality_id, SERIES, Counter(years)) if cases else {}
    for case, year in zip(ordered, years, strict=True):
        case.row.number = case_number(year, following[year])
        following[year] += 1


def _set_due(cases: Sequence[Case], days: int, now: datetime) -> None:
    due_on = add_working_days(timezone.localdate(now), days)
    for case in cases:
        if case.row.is_open:
            case.row.due_on = due_on


def _write_beside(cases: Sequence[Case], brought: DeviationImport, now: datetime) -> None:
    Origin.objects.bulk_create(
        [
            Origin(
                deviation=case.row, brought=brought, municipality_id=brought.municipality_id, system=brought.system,
                external_number=case.external,
            )
            for case in cases
        ]
    )  # fmt: skip
    causes = Deviation.causes.through
    causes._default_manager.bulk_create(
        [causes(deviation_id=case.row.pk, cause_id=case.cause.pk) for case in cases if case.cause]
    )
    Routing.objects.bulk_create(
        [
            Routing(
                deviation=case.row, person=case.route.person, unit=case.route.unit, at=now,
                why=(str(_WHY) % {"system": brought.system, "why": case.route.why})[:300],
            )
            for case in cases
            if case.route
        ]
    )  # fmt: skip


def may_undo(actor: Actor, brought: DeviationImport) -> bool:
    """Tell whether ``actor`` brought it in and looks after the catalogue."""
    return actor.person_id == brought.brought_by_id and policies.may_edit_catalogue(
        actor, brought.municipality
    )


def undo(brought: DeviationImport, *, by: Actor, now: datetime, tell: Telling = tell_nobody) -> int:
    """Take a whole import away again, with its history, and return how many cases it was.

    :raises TransitionDenied: ``by`` did not bring it in, or no longer looks after the catalogue.
    :raises Refused: it is too old, undone already, or somebody has worked on one of the cases.
    """
    if not may_undo(by, brought):
        raise TransitionDenied
    with transaction.atomic(), record("undo_import", actor=by):
        be_alone(brought.municipality_id)
        locked = DeviationImport.objects.select_for_update().get(pk=brought.pk)
        if reasons := why_not_undone(locked, now=now):
            raise Refused(*reasons)
        order = Order(legal_basis=_("Importen ble angret"), by=by, now=now)
        ids = list(
            Deviation.objects.filter(origin__brought=locked).order_by("pk").values_list("pk", flat=True)
        )
        for first in range(0, len(ids), BATCH):
            tell(first, is_writing=True)
            cases = (
                Deviation.objects.filter(pk__in=ids[first : first + BATCH])
                .select_related("unit")
                .order_by("pk")
            )
            erase(list(cases.select_for_update(of=("self",))), order)
        locked.undone_at = now
        locked.stamp(now)
        locked.save()
    return len(ids)


def why_not_undone(brought: DeviationImport, *, now: datetime) -> list[str]:
    """Return why the import stays, empty when it can be undone."""
    if brought.undone_at is not None:
        return [_("Importen er alt angret.")]
    if not brought.is_fresh(now):
        return [_("Det er over 30 dager siden. Importen kan ikke lenger angres.")]
    touched = Deviation.objects.filter(origin__brought=brought).filter(_is_touched(brought)).order_by("pk")
    numbers = list(touched.values_list("number", flat=True)[:4])
    if numbers:
        return [
            _("Noen har arbeidet med %(numbers)s. Importen kan ikke lenger angres.")
            % {"numbers": ", ".join(numbers)}
        ]
    return []


def _is_touched(brought: DeviationImport) -> Q:
    """Every change of a row leaves an event; following, tying and merging leave rows of their own."""
    ours = {"deviation_id__in": Origin.objects.filter(brought=brought).values("deviation_id")}
    events = Deviation.pgh_event_model._default_manager.filter(
        pgh_label="update", pgh_obj_id__in=ours["deviation_id__in"]
    )
    others = Link.objects.filter(other_id__in=ours["deviation_id__in"])
    merged = Deviation.objects.filter(merged_into_id__in=ours["deviation_id__in"])
    return (
        Q(pk__in=events.values("pgh_obj_id"))
        | Q(pk__in=Follower.objects.filter(**ours).values("deviation_id"))
        | Q(pk__in=Link.objects.filter(**ours).values("deviation_id"))
        | Q(pk__in=others.values("other_id"))
        | Q(pk__in=merged.values("merged_into_id"))
    )
