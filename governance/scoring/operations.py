"""Write criteria and points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refused
from core.history import label_actions, record
from core.seeing import lock
from core.workflow import TransitionDenied
from governance.models import Assessment, Assessor, CriteriaSet, Criterion, GivenPoints, Initiative
from governance.models.status import SCORABLE
from governance.scoring.arithmetic import MOST_POINTS
from governance.scoring.policies import may_assess, may_name_assessors, may_set_criteria
from governance.scoring.standard import standard
from organization.actors import as_person, person_actor
from organization.models import Unit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from core.actors import Actor
    from organization.models import Person

MOST_CRITERIA = 12
label_actions({
    "set_criteria": gettext_lazy("Kriteriene endret"), "adopt_criteria": gettext_lazy("Kriteriene vedtatt"),
    "name_assessor": gettext_lazy("Bedt om å vurdere tiltaket"), "unname_assessor": gettext_lazy("Skal ikke vurdere tiltaket likevel"),
    "assess": gettext_lazy("Vurdert etter kriteriene"),
})  # fmt: skip


def current_set(municipality_id: int) -> CriteriaSet | None:
    """Return the criteria that count in a municipality now."""
    rows = CriteriaSet.objects.filter(municipality_id=municipality_id, adopted_on__isnull=False)
    found: CriteriaSet | None = rows.order_by("-number").first()
    return found


def _locked_municipality(municipality: Unit, by: Actor) -> None:
    """:raises TransitionDenied: ``by`` does not set the criteria there."""
    if not may_set_criteria(by, municipality.pk):
        raise TransitionDenied
    Unit.objects.select_for_update(no_key=True, of=("self",)).get(pk=municipality.pk)


@transaction.atomic
def draft_criteria(municipality: Unit, *, by: Actor, now: datetime) -> CriteriaSet:
    """Begin on the next version with what counts now, or with the standard; the draft that stands is returned.

    :raises TransitionDenied: ``by`` does not set the criteria there.
    """
    _locked_municipality(municipality, by)
    draft: CriteriaSet | None = CriteriaSet.objects.filter(municipality=municipality, adopted_on=None).first()
    if draft is not None:
        return draft
    now_set = current_set(municipality.pk)
    rows: Any = now_set.criteria.values("name", "weight", "description", "anchors") if now_set else standard()
    last = CriteriaSet.objects.filter(municipality=municipality).aggregate(last=Max("number"))["last"] or 0
    with record("set_criteria", actor=by):
        made = CriteriaSet.objects.create(municipality=municipality, number=last + 1, changed_at=now)
        Criterion.objects.bulk_create(
            Criterion(criteria_set=made, position=position, changed_at=now, **row)
            for position, row in enumerate(rows, start=1)
        )
    return made


def _draft(municipality: Unit) -> CriteriaSet:
    draft: CriteriaSet | None = (
        CriteriaSet.objects.select_for_update().filter(municipality=municipality, adopted_on=None).first()
    )
    if draft is None:
        raise Refused(_("Det er ikke noe utkast. Lag en ny versjon først."))
    return draft


@transaction.atomic
def save_criterion(
    municipality: Unit, values: Mapping[str, Any], *, pk: int | None, by: Actor, now: datetime
) -> Criterion:
    """Add a criterion to the draft, or change one of it.

    :raises TransitionDenied: ``by`` does not set the criteria; Http404: the draft has no such criterion.
    :raises Refused: what counts already cannot be changed, or it cannot be so.
    """
    _locked_municipality(municipality, by)
    draft = _draft(municipality)
    its = draft.criteria.all()
    row = (
        its.filter(pk=pk).first()
        if pk is not None
        else Criterion(criteria_set=draft, position=its.count() + 1)
    )
    if row is None:
        raise Http404
    if row.pk is None and its.count() >= MOST_CRITERIA:
        raise Refused(_("Det er %(most)s kriterier alt. Ta bort ett først.") % {"most": MOST_CRITERIA})
    for name, value in values.items():
        setattr(row, name, value)
    row.stamp(now)
    try:
        row.full_clean()
    except ValidationError as problem:
        raise Refused(*problem.messages) from problem
    with record("set_criteria", actor=by):
        row.save()
    return row


@transaction.atomic
def remove_criterion(municipality: Unit, *, pk: int, by: Actor) -> None:
    """Take a criterion out of the draft.

    :raises TransitionDenied: ``by`` does not set the criteria; Http404: the draft has no such criterion.
    :raises Refused: it is the last.
    """
    _locked_municipality(municipality, by)
    draft = _draft(municipality)
    row = draft.criteria.filter(pk=pk).first()
    if row is None:
        raise Http404
    if draft.criteria.count() == 1:
        raise Refused(_("Det må være minst ett kriterium."))
    with record("set_criteria", actor=by):
        row.delete()


@transaction.atomic
def drop_draft(municipality: Unit, *, by: Actor) -> None:
    """Throw the draft away.

    :raises TransitionDenied: ``by`` does not set the criteria there.
    """
    _locked_municipality(municipality, by)
    with record("set_criteria", actor=by):
        CriteriaSet.objects.filter(municipality=municipality, adopted_on=None).delete()


@transaction.atomic
def adopt_criteria(
    municipality: Unit, *, adopted_by: str, adopted_on: date, by: Actor, now: datetime
) -> CriteriaSet:
    """Let the draft count from now on.  What is assessed already keeps the version it was assessed by.

    :raises TransitionDenied: ``by`` does not set the criteria there.
    :raises Refused: there is no draft.
    """
    _locked_municipality(municipality, by)
    draft = _draft(municipality)
    draft.adopted_by, draft.adopted_on = adopted_by, adopted_on
    draft.stamp(now)
    with record("adopt_criteria", actor=by):
        draft.save()
    return draft


# --- One initiative ------------------------------------------------------------------------------
def why_closed(initiative: Initiative) -> str | None:
    """Return why nobody can assess the initiative now, or ``None``."""
    if initiative.status in SCORABLE:
        return None
    return _("Tiltaket er «%(status)s». Vurderingene kan leses, men ikke endres.") % {
        "status": initiative.get_status_display()
    }


@transaction.atomic
def name_assessor(initiative: Initiative, person: Person, *, by: Actor, now: datetime) -> Assessor:
    """Ask somebody to assess the initiative; who is asked already stays asked.

    :raises Http404: ``by`` cannot see it; TransitionDenied: ``by`` is not of its secretariat.
    :raises Refused: it is decided, or the person may not read it.
    """
    current = lock(initiative, by)
    if not may_name_assessors(by, current):
        raise TransitionDenied
    if reason := why_closed(current):
        raise Refused(reason)
    if not Initiative.objects.read_in_full_by(person_actor(person)).filter(pk=current.pk).exists():
        raise Refused(_("%(name)s kan ikke lese saken, og kan derfor ikke vurdere den.") % {"name": person})
    found = Assessor.objects.filter(initiative=current, person=person).first()
    if found is not None:
        return found
    with record("name_assessor", actor=by):
        return Assessor.objects.create(
            initiative=current, person=person, named_by=as_person(by).person, changed_at=now
        )


@transaction.atomic
def unname_assessor(initiative: Initiative, *, pk: int, by: Actor) -> None:
    """Ask somebody no longer; what he or she has assessed stays.

    :raises Http404: ``by`` cannot see it, or nobody was asked so; TransitionDenied: ``by`` is not of its secretariat.
    """
    current = lock(initiative, by)
    if not may_name_assessors(by, current):
        raise TransitionDenied
    row = Assessor.objects.filter(initiative=current, pk=pk).first()
    if row is None:
        raise Http404
    with record("unname_assessor", actor=by):
        row.delete()


@transaction.atomic
def assess(
    initiative: Initiative, points: Mapping[int, int], *, note: str, criteria_set: CriteriaSet, by: Actor, now: datetime
) -> Assessment:  # fmt: skip
    """Give points for every criterion, or change those given before by the same criteria.

    :param points: by the id of the criterion.
    :raises Http404: ``by`` cannot see it; TransitionDenied: ``by`` is not asked to.
    :raises Refused: it is decided, other criteria count by now, or a criterion lacks its points.
    """
    current = lock(initiative, by)
    if not may_assess(by, current):
        raise TransitionDenied
    if reason := why_closed(current):
        raise Refused(reason)
    counting = current_set(current.municipality_id)
    if counting is None or counting != criteria_set:
        raise Refused(
            _("Kriteriene er endret imens. Se over poengene etter de nye kriteriene, og lagre på nytt.")
        )
    criteria = list(counting.criteria.all())
    if any(points.get(one.pk) not in range(MOST_POINTS + 1) for one in criteria):
        raise Refused(_("Gi poeng fra 0 til 5 for hvert kriterium."))
    who = as_person(by).person
    row = Assessment.objects.filter(initiative=current, criteria_set=counting, assessor=who).first()
    with record("assess", actor=by):
        row = row or Assessment(initiative=current, criteria_set=counting, assessor=who)
        row.note = note
        row.stamp(now)
        row.save()
        for one in criteria:
            GivenPoints.objects.update_or_create(
                assessment=row, criterion=one, defaults={"points": points[one.pk], "changed_at": now}
            )
    return row
