"""How the baton is shown: on the plan, on the project, and side by side for a region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy

from benefits import scorecard as cards
from benefits.baton import policies
from benefits.baton.guards import CARRIED, is_regional
from benefits.baton.template import news_of_template
from benefits.baton.workflow import handover_workflow
from benefits.change.offers import work_news
from benefits.models import Benefit, Handover, HandoverStatus, LocalPlan
from core.presentation import actions_of
from governance.models import Participation
from organization.models import Unit

if TYPE_CHECKING:
    from datetime import date

    from benefits.queries import BenefitQuerySet
    from core.presentation import Actions
    from governance.models import Initiative
    from organization.actors import PersonActor

_NEXT = {
    "confirm_handover": gettext_lazy(
        "Tjenesteeieren får planen til svar. Regionen ser at kommunen har tatt imot."
    ),
    "decline_handover": gettext_lazy("Regionen får begrunnelsen og kan overlevere på nytt."),
    "accept_handover": gettext_lazy(
        "Du svarer for at gevinstene blir tatt ut og målt. Gevinstene i planen som venter på svar fra deg, tar du på deg samtidig."
    ),
    "refuse_handover": gettext_lazy("Den som overleverte, får begrunnelsen og kan overlevere på nytt."),
    "withdraw_handover": gettext_lazy("Ingen blir bedt om å svare lenger. Planen kan overleveres på nytt."),
}


def what_happens(name: str) -> Any:
    """Return what follows from a step, in a sentence."""
    return _NEXT.get(name, "")


def actions_for(handover: Handover, actor: PersonActor) -> Actions:
    """Return the buttons of a hand-over."""

    def url(name: str) -> str:
        return reverse("benefits:handover_transition", args=[handover.pk, name])

    return actions_of(handover_workflow.offers(handover, actor), url)


@dataclass(frozen=True, slots=True)
class Ties:
    """How a plan is tied to others: it is the template of municipalities, or follows a regional one, which has news."""

    is_regional: bool
    takes_part: bool
    has_news: bool


def with_ties(benefits: BenefitQuerySet) -> BenefitQuerySet:
    """Annotate what ``ties_of`` reads, so that the page of a plan asks nothing more for it."""
    its = {"initiative": OuterRef("initiative_id")}
    shared = Participation.objects.filter(
        **its, left_at=None, initiative__municipality__kind=Unit.Kind.REGION
    )
    part = LocalPlan.objects.taking_part().filter(**its)
    return benefits.annotate(
        is_regional=Exists(shared), takes_part=Exists(part), has_news=Exists(part.filter(_news()))
    )


def _news() -> Q:
    """Return the condition on a local plan that its template has something to offer."""
    return Q(news_of_template()) | work_news()


def ties_of(benefit: Any) -> Ties:
    return Ties(benefit.is_regional, benefit.takes_part, benefit.has_news)


def baton_of(initiative: Initiative, actor: PersonActor, *, ties: Ties | None = None) -> dict[str, Any]:
    """Return where the baton of a plan is, for the plan's page and the project's, in three queries at most.

    ``latest`` is the hand-over that counts, ``local`` the link to a regional plan, ``municipalities`` how many have
    taken theirs.

    :param ties: where the page has read them already.
    """
    local = _local(initiative)
    ties = ties or _ties(initiative, local)
    found: dict[str, Any] = {"initiative": initiative, "local": local, "regional": ties.is_regional}
    given = False
    if ties.is_regional:
        found |= _taken(initiative, actor)
    else:
        rows = Handover.objects.visible_to(actor).filter(initiative=initiative)
        found["latest"] = rows.select_related("receiver", "offered_by").order_by("-pk").first()
        given = found["latest"] is not None and (found["latest"].is_waiting or found["latest"].is_accepted)
    if local is not None:
        found |= _of_local(ties, initiative, actor)
    may_give = policies.may_hand_over_in(actor, initiative) and local is None
    found["may_give"] = may_give and not given and initiative.status in CARRIED
    return found


def _local(initiative: Initiative) -> LocalPlan | None:
    """Return the local plan that the initiative carries; loaded with it where the page asks for ``local_plan``."""
    return getattr(initiative, "local_plan", None)


def _taken(initiative: Initiative, actor: PersonActor) -> dict[str, Any]:
    accepted = Handover.objects.filter(
        initiative_id=OuterRef("initiative_id"), status=HandoverStatus.ACCEPTED
    )
    plans = LocalPlan.objects.visible_to(actor).taking_part().filter(template=initiative)
    rows = list(plans.annotate(is_taken=Exists(accepted)))
    counted = {"plans": len(rows), "taken": sum(row.is_taken for row in rows)}
    own = next((row for row in rows if row.municipality_id in actor.municipality_ids), None)
    return {"municipalities": counted, "own": own}


def _ties(initiative: Initiative, local: LocalPlan | None) -> Ties:
    part = None
    if local is not None:
        parts = LocalPlan.objects.taking_part().filter(pk=local.pk)
        part = parts.annotate(has_news=ExpressionWrapper(_news(), BooleanField())).first()
    return Ties(is_regional(initiative), part is not None, part is not None and part.has_news)


def _of_local(ties: Ties, initiative: Initiative, actor: PersonActor) -> dict[str, Any]:
    return {
        "takes_part": ties.takes_part, "may_leave": ties.takes_part and policies.may_lead(actor, initiative),
        "has_news": ties.has_news and policies.may_follow_template(actor, initiative),
    }  # fmt: skip


# --- The region -------------------------------------------------------------------------------------
def side_by_side(template: Initiative, actor: PersonActor, *, measure: str, today: date) -> list[dict[str, Any]]:  # fmt: skip
    """Return a line per municipality that the actor may know of: whether it has taken its plan, and its totals.

    Three queries, whatever the number of municipalities.  Nothing of a single benefit of theirs leaves here.
    """
    plans = LocalPlan.objects.visible_to(actor).taking_part().filter(template=template)
    listed = list(plans.select_related("municipality").order_by("municipality__name"))
    latest = {
        row.initiative_id: row
        for row in Handover.objects.filter(initiative__local_plan__in=plans).order_by("pk")
    }
    rows = Benefit.objects.filter(initiative__local_plan__in=plans).in_plans()
    totals = {
        row.key: row for row in cards.rows_of(rows, by=cards.MUNICIPALITY, measure=measure, years=(today.year, today.year), today=today)
    }  # fmt: skip
    return [
        {
            "plan": plan, "municipality": plan.municipality, "handover": latest.get(plan.initiative_id),
            "total": totals.get(str(plan.municipality_id)), "is_own": plan.municipality_id in actor.municipality_ids,
        }
        for plan in listed
    ]  # fmt: skip
