"""Who sees which benefits: whoever reads the content of the initiative they belong to."""

from __future__ import annotations

from datetime import MAXYEAR
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, ExpressionWrapper, OuterRef, Q, Value
from django.db.models.functions import Concat
from django.utils.crypto import salted_hmac

from core.conditions import has_one, is_in_slot
from governance.models import Initiative
from governance.models.status import ADOPTED_AND_LATER, EDITABLE_BY_SUBMITTER, FINAL, Status
from governance.queries import ChildQuerySet, shielded_condition
from organization.actors import as_person
from organization.models import Unit
from organization.roles import Role

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from typing import Self

    from core.actors import Actor
    from governance.queries import InitiativeQuerySet
    from organization.actors import PersonActor


CARRIED_OUT = sorted(ADOPTED_AND_LATER - {Status.STOPPED})
FOLLOWED = ("planned", "baseline_measured", "realizing")
OF_STOPPED_PILOT = Q(initiative__pilot__outcome="stopped")
"""Benefits that nobody counts on any more: the pilot showed what it was to show."""


def _is_of(initiatives: InitiativeQuerySet) -> Q:
    return has_one(initiatives.filter(pk=OuterRef("initiative_id")))


def in_plan_of(
    actor: PersonActor, *, named: Q | None = None, is_of: Callable[[InitiativeQuerySet], Q] = _is_of
) -> Q:
    """Return who reads a row of an initiative's plan: who reads its papers, of a shielded one also its shielded part.

    :param named: the rows that name the actor, who reads them as soon as the initiative is there to see.
    :param is_of: how it is asked whether the initiative of a row is one of some.
    """
    open_or_allowed = Q(shield_basis="") | shielded_condition(actor)
    readable = is_of(Initiative.objects.readable_by(actor).filter(open_or_allowed))
    return readable if named is None else readable | (named & is_of(Initiative.objects.visible_to(actor)))


class BenefitQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        """Keep those of initiatives whose papers the actor reads (of a shielded one, also its shielded part).

        A service owner sees what he or she is asked to take on as soon as the initiative is sent in.
        """
        if not actor:
            return self.none()
        if actor.is_system:
            return self
        person = as_person(actor)
        return self.filter(in_plan_of(person, named=Q(service_owner_id=person.person_id)))

    def all_visible_to(self, actor: PersonActor) -> Self:
        """Keep the same as ``visible_to``, for who counts all of them: each initiative is looked at once."""
        named = Q(service_owner_id=actor.person_id)
        return self.filter(
            in_plan_of(
                actor, named=named, is_of=lambda initiatives: Q(initiative__in=initiatives.values("pk"))
            )
        )

    def counted_by(self, actor: PersonActor, plans: models.QuerySet[Any] | None = None) -> Self:
        """Keep those in plans that the actor sees, and those of local plans that the actor may only count."""
        seen = in_plan_of(actor, named=Q(service_owner_id=actor.person_id))
        counted = seen if plans is None else seen | Q(initiative__local_plan__in=plans)
        return self.filter(counted).in_plans()

    def owned_by(self, actor: PersonActor) -> Self:
        return self.filter(service_owner_id=actor.person_id)

    def below(self, unit: Unit) -> Self:
        """Keep those of initiatives of ``unit`` and everything below it."""
        return self.filter(
            initiative__unit__path__startswith=unit.path,
            initiative__unit__municipality_id=unit.municipality_id,
        )

    def in_plans(self) -> Self:
        """Keep those that somebody counts on: of adopted initiatives and pilots that were not stopped, and not dropped.

        What municipalities have taken into plans of their own is counted there, and not in the regional plan too.
        """
        from benefits.models import LocalPlan, TemplateLink

        taken = TemplateLink.objects.filter(
            template=OuterRef("pk"), benefit__isnull=False, plan__in=LocalPlan.objects.taking_part()
        )
        counted = (
            self.filter(initiative__status__in=CARRIED_OUT)
            .exclude(status="dropped")
            .exclude(OF_STOPPED_PILOT)
        )
        return counted.filter(~Exists(taken))

    def with_measurements(self, state: str, *, today: date, year: int | None = None) -> Self:
        """Keep those with a point of the schedule that is ``due``, ``made``, ``verified`` or ``missing``.

        :param year: only points of that year.
        """
        from benefits.models import Measurement

        passed = Q(due_on__lte=today)
        states = {
            "due": passed, "made": Q(value__isnull=False), "verified": Q(verified_at__isnull=False),
            "missing": passed & Q(value=None),
        }  # fmt: skip
        points = Measurement.objects.filter(states[state])
        if year is not None:
            points = points.filter(due_on__year=year) if 1 <= year <= MAXYEAR else points.none()
        return self.filter(pk__in=points.values("indicator__benefit_id"))

    def asking(self, actor: PersonActor) -> Self:
        """Keep those whose service owner the actor is asked to be."""
        asked = self.owned_by(actor).filter(ownership="asked", status__in=["identified", "planned"])
        return asked.exclude(initiative__status__in=[*EDITABLE_BY_SUBMITTER, *FINAL])


class OfBenefit(models.QuerySet[Any]):
    """Rows of a benefit: whoever sees it sees them."""

    benefit_path = "benefit"

    def visible_to(self, actor: Actor | None) -> Self:
        from benefits.models import Benefit

        if not actor:
            return self.none()
        if actor.is_system:
            return self
        return self.filter(**{f"{self.benefit_path}__in": Benefit.objects.visible_to(actor)})


class OfPlan(models.QuerySet[Any]):
    """Rows of an initiative's plan: whoever sees one of its benefits sees them."""

    initiative_path = "initiative"

    def visible_to(self, actor: Actor | None) -> Self:
        from benefits.models import Benefit

        if not actor:
            return self.none()
        if actor.is_system:
            return self
        seen = Benefit.objects.visible_to(actor).values("initiative_id")
        return self.filter(**{f"{self.initiative_path}__in": seen})


class SpentToken(models.Func):
    """The token of a person in a round: a digest of the round's salt and a key that only the installation can make."""

    template = "encode(sha256(convert_to(%(expressions)s, 'UTF8')), 'hex')"
    output_field = models.CharField()


def pulse_key(person_id: int) -> str:
    """Return what a person's tokens are made of; nobody gets from it to the person without the installation's secret."""
    return salted_hmac("benefits.pulse", str(person_id), algorithm="sha256").hexdigest()


class PulseRoundQuerySet(OfPlan):
    def visible_to(self, actor: Actor | None) -> Self:
        """Keep those of plans the actor sees, and those the actor is asked in."""
        rows = super().visible_to(actor)
        if not actor or actor.is_system:
            return rows
        asked = self.model._default_manager.asking(actor).values("pk")
        return self.filter(Q(pk__in=rows.values("pk")) | Q(pk__in=asked))

    def open_on(self, day: date) -> Self:
        return self.filter(opens_on__lte=day, closes_on__gte=day)

    def asking(self, actor: PersonActor) -> Self:
        """Keep those that ask a unit in which, or below which, the actor works today."""
        from benefits.models import PulseGroup

        lines = Value(_lines_of(actor), ArrayField(models.CharField()))
        groups = PulseGroup.objects.filter(is_in_slot("unit__path", lines), round=OuterRef("pk"))
        return self.filter(Exists(groups))

    def with_token_of(self, person_id: int) -> Self:
        """Annotate the ``token`` that the person spends in each round."""
        seed = Concat("salt", Value(":"), Value(pulse_key(person_id)), output_field=models.TextField())
        return self.annotate(token=SpentToken(seed))

    def unanswered_by(self, person_id: int) -> Self:
        from benefits.models import PulseToken

        rows = self.with_token_of(person_id)
        return rows.filter(~Exists(PulseToken.objects.filter(token=OuterRef("token"))))


def _lines_of(actor: PersonActor) -> list[str]:
    """Return the paths of the units the actor works in, and of every unit above them."""
    paths = {grant.unit_path for grant in actor.grants if grant.role != Role.ELECTED_REPRESENTATIVE}
    step = Unit.steplen
    return sorted({path[:end] for path in paths for end in range(step, len(path) + 1, step)})


class IndicatorQuerySet(OfBenefit):
    pass


class MeasurementQuerySet(OfBenefit):
    benefit_path = "indicator__benefit"

    def missing(self, day: date) -> Self:
        """Keep what was due on ``day`` and is not measured."""
        return self.filter(value=None, due_on__lte=day)

    def called_for(self, until: date) -> Self:
        """Keep what somebody must measure by ``until``: of benefits that are being followed, and not computed."""
        return self.missing(until).filter(indicator__computation=None).of_followed()

    def of_followed(self) -> Self:
        return self.filter(
            indicator__benefit__status__in=FOLLOWED, indicator__benefit__initiative__status__in=CARRIED_OUT
        ).exclude(indicator__benefit__initiative__pilot__outcome="stopped")

    def in_hands_of(self, actor: PersonActor) -> Self:
        """Keep those that the actor measures: named on the indicator, else as service owner."""
        from benefits.models import Indicator

        named = Indicator.objects.filter(responsible_id=actor.person_id)
        owned = Indicator.objects.filter(responsible=None, benefit__service_owner_id=actor.person_id)
        return self.filter(indicator__in=named.values("pk").union(owned.values("pk")))


class ComputationQuerySet(OfBenefit):
    benefit_path = "indicator__benefit"


class MeasurementBasisQuerySet(OfBenefit):
    benefit_path = "measurement__indicator__benefit"


class SideEffectQuerySet(OfPlan):
    pass


class PilotQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor | None) -> Self:
        """Keep those of plans the actor reads, or owns a benefit of; also before the plan has any benefit."""
        from benefits.models import Benefit

        if not actor:
            return self.none()
        if actor.is_system:
            return self
        person = as_person(actor)
        owned = Benefit.objects.owned_by(person).filter(initiative=OuterRef("initiative_id"))
        return self.filter(in_plan_of(person, named=has_one(owned)))

    def to_be_decided_by(self, day: date) -> Self:
        """Keep those under way that have come to their last day by ``day``."""
        return self.filter(outcome="", ends_on__lte=day, initiative__status__in=sorted(ADOPTED_AND_LATER))

    def led_by(self, actor: PersonActor) -> Self:
        """Keep those the actor leads: the project owner, else the service owner, else who raised the initiative."""
        its, person = "initiative__", actor.person_id
        return self.filter(
            Q(**{f"{its}project_owner": person})
            | Q(**{f"{its}project_owner": None, f"{its}service_owner": person})
            | Q(**{f"{its}project_owner": None, f"{its}service_owner": None, f"{its}submitter": person})
        )


class PlanApprovalQuerySet(ChildQuerySet):
    def with_access(self, actor: PersonActor) -> Self:
        """Annotate ``reads_plan``: whether the actor reads the whole plan, and not only the benefits that name the actor."""
        return self.annotate(
            reads_plan=ExpressionWrapper(in_plan_of(actor), output_field=models.BooleanField())
        )
