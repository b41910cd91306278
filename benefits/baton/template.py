"""The template of a local plan: what the municipality began with, and what has changed in it since.

Changes are offered, never forced: the local benefit is the municipality's own record, and the link remembers how the
template stood when it was last answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import DecimalField, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from benefits.models import Benefit, Indicator, LocalPlan, Measurement, TemplateLink
from benefits.operations.overview import why_closed
from benefits.operations.planning import points_of, settle
from core.errors import Refused
from core.formats import number

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.db.models import QuerySet

    from governance.models import Initiative

_OF_BENEFIT = ("title", "how", "beneficiary", "kind", "form", "full_effect_from", "prerequisites", "losers")
_OF_INDICATOR = ("name", "quantity", "unit", "method", "source", "direction", "target", "every")
_DAYS = ("baseline_on", "first_on", "last_on")


_FIELDS: dict[str, Any] = {
    **{name: Benefit._meta.get_field(name) for name in _OF_BENEFIT},
    **{f"indicator_{name}": Indicator._meta.get_field(name) for name in _OF_INDICATOR},
}


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs: what it is called, what was answered last, and what stands in the template now."""

    name: str
    label: Any
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What a template offers a local plan: a benefit that is new, or changes of one that was answered before."""

    plan: LocalPlan
    template: Benefit
    link: TemplateLink | None
    changes: tuple[Change, ...]

    @property
    def is_new(self) -> bool:
        return self.link is None

    def answer(self, *, take: bool, now: datetime) -> TemplateLink:
        """Write the answer: a new benefit is copied or left, changes are taken into the local one or left.

        :raises Refused: the local benefit is not open to planning, or what it would become does not fit together.
        """
        if self.link is None:
            if take:
                return copy_into(self.plan, self.template, share=None, now=now)
            return _link(self.plan, self.template, None, now)
        if take and self.link.benefit is not None:
            _apply(self.link.benefit.pk, {change.name for change in self.changes}, self.template, now)
        self.link.seen = snapshot(self.template)
        self.link.stamp(now)
        self.link.save()
        return self.link


def snapshot(benefit: Benefit) -> dict[str, Any]:
    """Return what a template hands on of a benefit and its main indicator, as it is kept and compared."""
    found = {name: getattr(benefit, name) for name in _OF_BENEFIT}
    indicator = benefit.main_indicator
    if indicator is not None:
        found |= {f"indicator_{name}": getattr(indicator, name) for name in _OF_INDICATOR}
    return {name: _plain(value) for name, value in found.items()}


def _plain(value: Any) -> Any:
    return str(value.normalize()) if isinstance(value, Decimal) else value


def handed_on(template: Initiative) -> QuerySet[Benefit]:
    """Return the benefits of a regional plan that local plans are made from, with their indicators."""
    rows = template.benefits.exclude(status=Benefit.Status.DROPPED)
    return rows.prefetch_related("indicators").order_by("pk")


def open_offers(plan: LocalPlan) -> Iterator[Offer]:
    """Yield what the template offers now: benefits not answered yet, and those changed since they were.

    A municipality that has gone out is offered nothing.
    """
    if not LocalPlan.objects.taking_part().filter(pk=plan.pk).exists():
        return
    links = {row.template_id: row for row in plan.links.select_related("benefit")}
    for template in handed_on(plan.template):
        link = links.get(template.pk)
        if link is None:
            yield Offer(plan, template, None, ())
        elif link.benefit is not None and (changes := _changes(link.seen, snapshot(template))):
            yield Offer(plan, template, link, changes)


def news_of_template() -> Exists:
    """Return the condition on a local plan that its template was touched since it was answered.

    A benefit that the municipality has said no to is offered no more.
    """
    since = Q(changed_at__gte=OuterRef("changed_at")) | Q(benefit=None)
    answered = TemplateLink.objects.filter(since, plan=OuterRef(OuterRef("pk")), template=OuterRef("pk"))
    rows = Benefit.objects.filter(initiative_id=OuterRef("template_id")).exclude(
        status=Benefit.Status.DROPPED
    )
    return Exists(rows.filter(~Exists(answered)))


def _changes(before: dict[str, Any], after: dict[str, Any]) -> tuple[Change, ...]:
    names = [name for name in after if before.get(name) != after[name]]
    return tuple(
        Change(name, _FIELDS[name].verbose_name, _words(name, before.get(name)), _words(name, after[name]))
        for name in names
    )


def _words(name: str, value: Any) -> str:
    """Return a value as people read it."""
    if value in {None, ""}:
        return str(_("ikke oppgitt"))
    field = _FIELDS[name]
    if isinstance(field, DecimalField):
        return number(Decimal(value))
    return str(dict(field.flatchoices).get(value, value))


def copy_into(plan: LocalPlan, template: Benefit, *, share: Decimal | None, now: datetime) -> TemplateLink:
    """Make the municipality's own benefit from the template's, with its indicators and their days.

    :param share: the part of the region's yearly amounts to begin with; without it they are left open.
    """
    values = {name: getattr(template, name) for name in _OF_BENEFIT}
    benefit = Benefit(
        initiative=plan.initiative, **values, service_owner=plan.initiative.service_owner, created_at=now,
        kroner_per_year=_part(template.kroner_per_year, share), hours_per_year=_part(template.hours_per_year, share),
        points=template.points,
    )  # fmt: skip
    benefit.stamp(now)
    benefit.save()
    for source in template.indicators.all():
        names = (*_OF_INDICATOR, *_DAYS, "is_main")
        indicator = Indicator(
            benefit=benefit, **{name: getattr(source, name) for name in names}, created_at=now
        )
        indicator.stamp(now)
        indicator.save()
        rows = (
            Measurement(indicator=indicator, kind=kind, due_on=day, changed_at=now)
            for kind, day in points_of(indicator)
        )
        Measurement.objects.bulk_create(rows)
    return _link(plan, template, benefit, now)


def _part(amount: Decimal | None, share: Decimal | None) -> Decimal | None:
    if amount is None or share is None:
        return None
    return (amount * share).quantize(Decimal(1))


def _link(plan: LocalPlan, template: Benefit, benefit: Benefit | None, now: datetime) -> TemplateLink:
    link = TemplateLink(plan=plan, template=template, benefit=benefit, seen=snapshot(template))
    link.stamp(now)
    link.save()
    return link


def _apply(pk: int, names: set[str], template: Benefit, now: datetime) -> None:
    """Let the fields that changed be as in the template; amounts, owner and days stay the municipality's own.

    :raises Refused: the benefit is not open to planning, or what it would become does not fit together.
    """
    rows = Benefit.objects.select_for_update(of=("self",)).select_related("initiative")
    benefit: Benefit = rows.get(pk=pk)
    if reason := why_closed(benefit):
        raise Refused(reason)
    theirs = template.main_indicator
    for name in names & set(_OF_BENEFIT):
        setattr(benefit, name, getattr(template, name))
    if benefit.form == Benefit.Form.NOT_PRICED:
        benefit.kroner_per_year = None
    benefit.stamp(now)
    benefit.save()
    of_indicator = [name for name in _OF_INDICATOR if f"indicator_{name}" in names]
    mine = benefit.indicators.select_for_update().filter(is_main=True).first()
    if not of_indicator or mine is None or theirs is None:
        return
    for name in of_indicator:
        setattr(mine, name, getattr(theirs, name))
    try:
        settle(mine, now)
    except ValidationError as problem:
        raise Refused(*problem.messages) from problem
