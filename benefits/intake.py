"""The benefits section of the intake form, plugged into governance by settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from benefits.models import Benefit
from benefits.papers import said_of
from core.formats import kroner, number
from governance.intake import Row, Section, SectionState

if TYPE_CHECKING:
    from governance.models import Initiative
    from organization.actors import PersonActor


def _state(initiative: Initiative) -> SectionState:
    rows = list(initiative.benefits.all())
    if not rows:
        return SectionState.UNTOUCHED
    if any(benefit.service_owner_id is None for benefit in rows):
        return SectionState.MISSING
    return SectionState.DONE


def _rows(initiative: Initiative, _actor: PersonActor) -> list[Row]:
    rows = [
        Row(b.title, _in_short(b), reverse("benefits:benefit_edit", args=[b.pk]))
        for b in initiative.benefits.all()
    ]
    rows += [_by_year(b) for b in initiative.benefits.all() if b.estimates.all()]
    overview = rows or [Row(_t("Gevinster"), "", benefits.url(initiative), is_lacking=True)]
    return [*overview, *_of_pilot(initiative)]


def _of_pilot(initiative: Initiative) -> list[Row]:
    pilot = getattr(initiative, "pilot", None)
    if pilot is None:
        return []
    url = reverse("benefits:pilot_edit", args=[initiative.pk])
    return [
        Row(_t("Utprøving: %(what)s") % {"what": str(label).lower()}, text, url)
        for label, text in said_of(pilot)
    ]


def _by_year(benefit: Benefit) -> Row:
    """Return the estimates of a benefit: lowest, likely and highest, a line for each year."""
    lines = "\n".join(f"{row.year}: {row.in_words}" for row in benefit.estimates.all())
    label = _t("%(title)s, minst – sannsynlig – mest") % {"title": benefit.title}
    return Row(label, lines, reverse("benefits:profile_edit", args=[benefit.pk]))


def _in_short(benefit: Benefit) -> str:
    """Return kind, estimate and owner of a benefit in one line."""
    amount = kroner(benefit.kroner_per_year) if benefit.kroner_per_year is not None else ""
    hours = (
        _t("%(hours)s timer") % {"hours": number(benefit.hours_per_year)}
        if benefit.hours_per_year is not None
        else ""
    )
    owner = str(benefit.service_owner) if benefit.service_owner else _t("ingen tjenesteeier ennå")
    return " · ".join(filter(None, [str(benefit.get_kind_display()), amount, hours, owner]))


benefits = Section(
    key="benefits",
    label=_("Gevinster"),
    purpose=_("Hva blir bedre, for hvem, og hvem skal sørge for at det skjer?"),
    url_name="benefits:overview_edit",
    state=_state,
    rows=_rows,
    related=(Prefetch("benefits", Benefit.objects.select_related("service_owner")),),
    told=("benefits__estimates",),
    joined=("pilot",),
)
