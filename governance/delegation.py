"""What an organ may decide by itself: the matrix of the day, and what a case is measured by (domain/governance 4.6).

The database reckons the same anew when the decision is written (``governance.models.authority``).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Case, F, OuterRef, Q, Subquery, Sum, Value, When
from django.utils.translation import gettext as _

from core.formats import kroner as kr
from core.formats import short_date
from governance.mandates import keep_mandate, mandate_on
from governance.models import CouncilMandate, Decision, Delegation, Initiative, Organ, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from governance.decision_queries import DecisionQuerySet
    from organization.models import Unit

BODIES = {
    Organ.SECRETARIAT: (Decision.Body.SECRETARIAT,),
    Organ.COUNCIL: (Decision.Body.COUNCIL, Decision.Body.REGION),
}
"""Whose decisions draw on the frame of an organ."""


# --- The matrix of a day --------------------------------------------------------------------------
def matrix_on(municipality: Unit, day: date) -> dict[str, Delegation]:
    """Return the rows in force by organ, with what is ``used`` of the year's frame; empty without a mandate.

    Read once for each loaded municipality and day.
    """
    row: Any = municipality
    kept: dict[date, dict[str, Delegation]] = row.__dict__.setdefault("_matrices_by_day", {})
    if day not in kept:
        used = Subquery(_drawn_by_organ(municipality.pk, day.year))
        found = list(Delegation.objects.in_force(municipality.pk, day).annotate(used=used))
        kept[day] = {one.organ: one for one in found if one.mandate_id == found[0].mandate_id}
        if found:
            keep_mandate(municipality, day, found[0].mandate)
    return kept[day]


def counted_years(initiative: Initiative, day: date) -> int:
    """Return how many years of operation count in the whole life of a measure."""
    rows = matrix_on(initiative.municipality, day).values()
    mandate: CouncilMandate = next((one.mandate for one in rows), None) or mandate_on(
        initiative.municipality, day
    )
    return mandate.counted_years


def whole_life(initiative: Initiative, day: date) -> Decimal:
    """Return what a measure costs with the operation that counts, in kroner."""
    return initiative.lifetime_amount(counted_years(initiative, day))


# --- The frame of a year --------------------------------------------------------------------------
def _of_year(municipality_id: int, year: int) -> DecisionQuerySet:
    rows: DecisionQuerySet = Decision.objects.decided_in(year)
    return rows.filter(municipality_id=municipality_id, outcome=Outcome.PRIORITIZE, amount__isnull=False)


def drawn(municipality_id: int, organ: Organ, year: int) -> DecisionQuerySet:
    """Return the decisions that draw on the frame of ``year``, the oldest first."""
    return _of_year(municipality_id, year).filter(body__in=BODIES[organ]).order_by("decided_at", "pk")


def _drawn_by_organ(municipality_id: int, year: int) -> DecisionQuerySet:
    """Return what the decisions of the organ of an outer row draw in all, for a subquery."""
    organ = Case(When(body=Decision.Body.REGION, then=Value(Organ.COUNCIL.value)), default=F("body"))
    rows = _of_year(municipality_id, year).annotate(organ=organ).filter(organ=OuterRef("organ"))
    return rows.order_by().values("organ").annotate(total=Sum("amount")).values("total")


def used_of_frame(initiative: Initiative, organ: Organ, day: date) -> Decimal:
    """Return what other cases have taken of the frame of that year."""
    given: Any = matrix_on(initiative.municipality, day).get(organ)
    used: Decimal = (given.used if given is not None else None) or Decimal(0)
    if not used or organ == Organ.SECRETARIAT:  # whose decision ends the case: it has none before
        return used
    own = drawn(initiative.municipality_id, organ, day.year).filter(initiative=initiative)
    return used - (own.order_by().aggregate(total=Sum("amount"))["total"] or Decimal(0))


@dataclass(frozen=True, slots=True)
class Drawing:
    """A decision that draws on the frame, with what was left after it."""

    decision: Decision
    left: Decimal


@dataclass(frozen=True, slots=True)
class FrameUse:
    """How the frame of a year is used."""

    year: int
    frame: Decimal | None
    limit: Decimal | None
    rows: list[Drawing]
    used: Decimal

    @property
    def left(self) -> Decimal:
        return (self.frame or Decimal(0)) - self.used

    @property
    def percent(self) -> int:
        return min(100, int(self.used * 100 / self.frame)) if self.frame else 0


def frame_use(municipality: Unit, year: int, day: date) -> FrameUse:
    """Return how the secretariat's frame of ``year`` is used, by the matrix of ``day``."""
    given = matrix_on(municipality, day).get(Organ.SECRETARIAT)
    frame = given.yearly_frame if given else None
    used, rows = Decimal(0), []
    for decision in drawn(municipality.pk, Organ.SECRETARIAT, year).select_related("initiative"):
        used += decision.amount
        rows.append(Drawing(decision, (frame or Decimal(0)) - used))
    return FrameUse(year, frame, given.amount if given else None, rows, used)


# --- The check of a case --------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is measured: what the matrix allows, what the case has, and what to do when it does not fit."""

    label: str
    allowed: str
    counted: str
    remedy: str = ""

    @property
    def is_met(self) -> bool:
        return not self.remedy


@dataclass(frozen=True, slots=True)
class Check:
    """Everything a case is measured by on a day."""

    lines: list[Line]
    conditions: str = ""
    mandate: str = ""
    related: list[Decision] = field(default_factory=list)
    related_sum: Decimal = Decimal(0)
    over_together: str = ""

    @property
    def remedies(self) -> list[str]:
        return [line.remedy for line in self.lines if line.remedy]

    @property
    def is_met(self) -> bool:
        return not self.remedies


def check_of(initiative: Initiative, organ: Organ, day: date) -> Check:
    """Measure a case by what the matrix of ``day`` gives ``organ``."""
    given = matrix_on(initiative.municipality, day).get(organ)
    if given is None:
        return Check([_no_mandate(day)])
    amount = whole_life(initiative, day)
    lines = [
        _financing(initiative, organ), _amount(given, amount), *_frame(initiative, given, amount, day),
        *_operation(initiative, given), _principle(initiative, given), _category(initiative, given),
    ]  # fmt: skip
    return Check(lines, given.conditions, given.mandate.version)


def with_related(check: Check, initiative: Initiative, day: date) -> Check:
    """Return the check with what has been decided of the same people and unit this year: a sign of splitting."""
    given = matrix_on(initiative.municipality, day).get(Organ.SECRETARIAT)
    related = list(related_to(initiative, day))
    together = sum((row.amount or Decimal(0) for row in related), whole_life(initiative, day))
    over = ""
    if related and given is not None and given.amount is not None and together > given.amount:
        over = _(
            "Sammen med denne blir de %(sum)s, og grensen for ett tiltak er %(limit)s. "
            "Er de deler av samme tiltak, skal de avgjøres av rådet."
        ) % {"sum": kr(together), "limit": kr(given.amount)}
    return replace(check, related=related, related_sum=together, over_together=over)


def related_to(initiative: Initiative, day: date) -> DecisionQuerySet:
    """Return what the secretariat has adopted this year for the same unit, submitter, service owner or case it grew from."""
    alike = (
        Q(initiative__unit=initiative.unit_id)
        | Q(initiative__submitter=initiative.submitter_id)
        | Q(initiative__merged_from=initiative.pk)
    )
    if initiative.service_owner_id:
        alike |= Q(initiative__service_owner=initiative.service_owner_id)
    rows = drawn(initiative.municipality_id, Organ.SECRETARIAT, day.year).exclude(initiative=initiative)
    return rows.filter(pk__in=rows.filter(alike).order_by().values("pk")).select_related("initiative")


def _no_mandate(day: date) -> Line:
    return Line(
        _("Mandat"), _("Et mandat med fullmakter"), _("Ingen gjelder %(date)s") % {"date": short_date(day)},
        _("Ingen fullmakt gjelder i dag. Be administrator registrere et mandat med fullmakter, eller send saken til utredning."),
    )  # fmt: skip


def _financing(initiative: Initiative, organ: Organ) -> Line:
    remedy = ""
    if initiative.needs_budget:
        remedy = (
            _("Saken trenger budsjett og må avgjøres av kommunedirektøren eller politisk nivå.")
            if organ == Organ.COUNCIL
            else _("Saken trenger budsjett og må til rådet.")
        )
    counted = initiative.get_financing_display() or _("Ikke oppgitt")
    return Line(_("Finansiering"), _("Uten nytt budsjett"), str(counted), remedy)


def _amount(given: Delegation, amount: Decimal) -> Line:
    years, limit, remedy = given.mandate.counted_years, given.amount, ""
    if limit is not None and amount > limit:
        remedy = _(
            "Beløpet %(amount)s med drift i %(years)s år er over grensen på %(limit)s. "
            "Send saken videre til den som kan avgjøre den."
        ) % {"amount": kr(amount), "years": years, "limit": kr(limit)}
    counted = _("%(amount)s med drift i %(years)s år") % {"amount": kr(amount), "years": years}
    return Line(_("Beløp for hele tiltaket"), _upto(limit), counted, remedy)


def _frame(initiative: Initiative, given: Delegation, amount: Decimal, day: date) -> Iterable[Line]:
    if given.yearly_frame is None:
        return []
    used = used_of_frame(initiative, Organ(given.organ), day)
    left, remedy = given.yearly_frame - used, ""
    if amount > left:
        remedy = _(
            "Det er %(left)s igjen av årsrammen, og saken trenger %(amount)s. "
            "Vent til neste år, eller send saken videre."
        ) % {"left": kr(max(left, Decimal(0))), "amount": kr(amount)}
    counted = _("%(used)s brukt, %(left)s igjen") % {"used": kr(used), "left": kr(left)}
    label = _("Årsrammen for %(year)s") % {"year": day.year}
    return [Line(label, kr(given.yearly_frame), counted, remedy)]


def _operation(initiative: Initiative, given: Delegation) -> Iterable[Line]:
    limit, remedy = given.operation_limit, ""
    if limit is None:
        return []
    operation = initiative.operation_per_year or Decimal(0)
    if operation > limit:
        remedy = _(
            "Ny fast drift på %(operation)s i året er over grensen på %(limit)s. Send saken videre."
        ) % {"operation": kr(operation), "limit": kr(limit)}
    return [Line(_("Ny fast drift per år"), _upto(limit), kr(operation), remedy)]


def _principle(initiative: Initiative, given: Delegation) -> Line:
    remedy = ""
    if initiative.is_principle and not given.decides_principle:
        remedy = _("Saken er prinsipiell og kan ikke avgjøres på fullmakt. Send den til utredning.")
    allowed = _("Også prinsipielle") if given.decides_principle else _("Ikke prinsipielle")
    return Line(_("Prinsipiell"), allowed, _("Ja") if initiative.is_principle else _("Nei"), remedy)


def _category(initiative: Initiative, given: Delegation) -> Line:
    remedy = ""
    name = str(initiative.get_category_display() or _("Ikke oppgitt"))
    if initiative.category not in given.categories:
        remedy = _("Kategorien «%(name)s» er ikke med i fullmakten. Send saken til utredning.") % {
            "name": name
        }
    return Line(_("Kategori"), given.categories_words, name, remedy)


def _upto(limit: Decimal | None) -> str:
    return _("Ingen grense") if limit is None else _("Inntil %(limit)s") % {"limit": kr(limit)}
