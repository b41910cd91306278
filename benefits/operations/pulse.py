"""Plan the pulses of an initiative, and take an answer without keeping whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from benefits.adoption import cell
from benefits.models import Occasion, PulseGroup, PulseRound, PulseToken
from benefits.operations.mapping import planning_whole
from core.errors import Refused
from core.formats import short_date
from organization.models import RoleAssignment, Unit
from organization.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from core.actors import Actor
    from governance.models import Initiative
    from organization.actors import PersonActor
    from organization.queries import UnitQuerySet

_MONTHS, _YEAR, _LAST_DAY = 6, 12, 28


@dataclass(frozen=True, slots=True, kw_only=True)
class PulseInput:
    """From when and until when those who work in the units are asked."""

    opens_on: date
    closes_on: date
    units: Sequence[Unit]


def plan_pulse(
    initiative: Initiative, occasion: str, given: PulseInput, *, by: Actor, now: datetime
) -> PulseRound:
    """Plan one of the pulses, or change it until it opens; the one at BP5 brings the one six months later.

    :raises Refused: it has opened, a unit is part of another or takes no part, or the days are in the past
        or the wrong order.
    """
    with planning_whole(initiative, "plan_pulse", by=by, now=now) as current:
        today = timezone.localdate(now)
        row = PulseRound.objects.select_for_update().filter(initiative=current, occasion=occasion).first()
        if row is not None and row.opens_on <= today:
            raise Refused(_("Pulsen åpnet %(day)s og kan ikke endres.") % {"day": short_date(row.opens_on)})
        if reasons := problems_of(given, current, today):
            raise Refused(*reasons)
        row = row or PulseRound(initiative=current, occasion=occasion, created_at=now)
        row.opens_on, row.closes_on = given.opens_on, given.closes_on
        _save(row, given.units, now)
        if occasion == Occasion.AT_BP5:
            _plan_follow_up(row, given.units, now)
    return row


def units_to_ask(initiative: Initiative, today: date) -> UnitQuerySet:
    """Return the units that can be asked: those open in the municipality, or in those that take part."""
    taking_part = initiative.participations.filter(left_at=None).values("municipality_id")
    places = Q(municipality_id=initiative.municipality_id) | Q(municipality_id__in=taking_part)
    rows: UnitQuerySet = Unit.objects.open_on(today).filter(places).exclude(kind=Unit.Kind.REGION)
    return rows


def problems_of(given: PulseInput, initiative: Initiative, today: date) -> list[str]:
    """Return what is wrong with a planned pulse, each with what to do."""
    found = []
    if given.opens_on <= today:
        found.append(_("Pulsen må åpne etter i dag. Velg en senere dag."))
    if given.closes_on <= given.opens_on:
        found.append(_("Siste dag må komme etter dagen den åpner."))
    wanted = {unit.pk for unit in given.units}
    if units_to_ask(initiative, today).filter(pk__in=wanted).count() < len(wanted):
        found.append(_("En av enhetene er lagt ned eller er ikke med i tiltaket. Velg på nytt."))
    for inner in given.units:
        outer = next(
            (one for one in given.units if one.pk != inner.pk and inner.path.startswith(one.path)), None
        )
        if outer is not None:
            found.append(
                _("«%(inner)s» er en del av «%(outer)s». Velg bare den ene.")
                % {"inner": inner, "outer": outer}
            )
    return found


def _save(row: PulseRound, units: Iterable[Unit], now: datetime) -> None:
    row.stamp(now)
    row.save()
    row.groups.all().delete()
    PulseGroup.objects.bulk_create(
        PulseGroup(round=row, unit=unit, asked=workers_of([unit], row.opens_on).count()) for unit in units
    )


def _plan_follow_up(row: PulseRound, units: Iterable[Unit], now: datetime) -> None:
    """Ask again six months after BP5, as long, unless it is planned already."""
    if PulseRound.objects.filter(initiative=row.initiative_id, occasion=Occasion.SIX_MONTHS_AFTER).exists():
        return
    opens_on = six_months_after(row.opens_on)
    later = PulseRound(
        initiative=row.initiative, occasion=Occasion.SIX_MONTHS_AFTER, opens_on=opens_on,
        closes_on=opens_on + (row.closes_on - row.opens_on), created_at=now,
    )  # fmt: skip
    _save(later, units, now)


def six_months_after(day: date) -> date:
    years, month = divmod(day.month - 1 + _MONTHS, _YEAR)
    return date(day.year + years, month + 1, min(day.day, _LAST_DAY))


def workers_of(units: Iterable[Unit], day: date) -> QuerySet[Any]:
    """Return the ids of those who work in one of the units, or below, on a day."""
    held = RoleAssignment.objects.in_force(day).exclude(role=Role.ELECTED_REPRESENTATIVE)
    chosen = held.none()
    for unit in units:
        chosen |= held.filter(unit__path__startswith=unit.path, person__is_active=True)
    return chosen.order_by().values("person_id").distinct()


def answer_pulse(pulse: PulseRound, replies: Sequence[int], *, by: PersonActor, today: date) -> None:
    """Count one person's replies, in the order of the questions, and spend the person's token.

    Nothing is recorded in any history; what is left is the counts of the unit and the token.

    :raises Http404: ``by`` is not asked in it.
    :raises Refused: it is not open, or ``by`` has answered.
    """
    with transaction.atomic():
        row = PulseRound.objects.asking(by).with_token_of(by.person_id).filter(pk=pulse.pk).first()
        if row is None:
            raise Http404
        if not row.is_open(today):
            raise Refused(_("Pulsen er ikke åpen nå."))
        group = _group_of(row, by)
        try:
            with transaction.atomic():
                PulseToken.objects.create(token=row.token)
        except IntegrityError as spent:
            raise Refused(_("Du har svart alt. Takk.")) from spent
        if not group.answers:  # people have come and gone since it was planned
            group.asked = workers_of([group.unit], row.opens_on).count()
        for at, reply in enumerate(replies):
            group.counts[cell(at, reply)] += 1
        group.answers += 1
        group.save(update_fields=["asked", "counts", "answers"])


def _group_of(pulse: PulseRound, by: PersonActor) -> PulseGroup:
    """Return the group the person answers in, locked; the same one every time for who works in several."""
    paths = [grant.unit_path for grant in by.grants if grant.role != Role.ELECTED_REPRESENTATIVE]
    groups = PulseGroup.objects.select_for_update(of=("self",)).select_related("unit").filter(round=pulse)
    return next(
        group for group in groups.order_by("pk") if any(path.startswith(group.unit.path) for path in paths)
    )
