"""What a plan lacks of change work.

Domain/benefits 3.4 names what stops an approval, and change work is not among it.  DFØ (3.6) plans with an analysis of
the stakeholders, and template F has an owner and a deadline for every action: that is said, and stops nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from benefits.models import Attitude, Influence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from benefits.change.presentation import ChangeWork
    from benefits.change.risk import RiskScale
    from benefits.models import Benefit


def lacks_of(work: ChangeWork, benefits: Iterable[Benefit], scale: RiskScale) -> list[str]:
    """Return what should be put right, each with what to do."""
    return [*_of_actions(work), *_of_benefits(work, benefits), *_of_people(work), *_of_risks(work, scale)]


def _of_owner(row: Any) -> Iterable[str]:
    if row.owner is None:
        yield _("«%(title)s» har ingen ansvarlig. Velg en.") % {"title": row}
    elif not row.is_staffed:
        words = {"title": row, "name": row.owner.name}
        yield _("«%(title)s»: %(name)s arbeider ikke her lenger. Velg en ny ansvarlig.") % words


def _of_actions(work: ChangeWork) -> Iterable[str]:
    for row in work.actions:
        if row.is_open:
            yield from _of_owner(row)
        if row.is_open and row.due_on is None:
            yield _("«%(title)s» har ingen frist. Sett en.") % {"title": row}


def _of_benefits(work: ChangeWork, benefits: Iterable[Benefit]) -> Iterable[str]:
    """A plan with actions for single benefits has one for each; actions of the whole plan serve all."""
    served = {row.benefit_id for row in work.actions}
    if None in served or not served:
        if not work.actions:
            yield _("Planen har ingen tiltak. Legg til det som må gjøres for at gevinstene skal komme.")
        return
    for benefit in benefits:
        if benefit.pk not in served:
            yield _("Ingen tiltak tjener gevinsten «%(title)s».") % {"title": benefit}


def _of_people(work: ChangeWork) -> Iterable[str]:
    if not work.stakeholders:
        yield _("Ingen interessenter er beskrevet. Hvem vinner og taper på endringen?")
    for row in work.stakeholders:
        if row.influence == Influence.GREAT and row.attitude == Attitude.AGAINST and not row.involvement:
            yield _("«%(title)s» har stor innflytelse og er skeptisk. Skriv hvordan de er med.") % {
                "title": row
            }


def _of_risks(work: ChangeWork, scale: RiskScale) -> Iterable[str]:
    if not work.risks:
        yield _("Ingen risiko er vurdert. Hva kan gjøre at gevinstene uteblir?")
    for row in work.risks:
        level = scale.level_of(row)
        if row.is_gone:
            continue
        yield from _of_owner(row)
        if level is None:
            yield _("«%(title)s» er vurdert etter en annen skala. Vurder den på nytt.") % {"title": row}
        elif level.is_high and not row.measure and row.action_id is None:
            yield _("«%(title)s» er høy risiko uten noe som gjøres med den.") % {"title": row}
