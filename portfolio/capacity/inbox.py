"""What capacity puts in people's inbox: requests to answer, and roles that are over 100 %."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.formats import month as month_name
from core.inbox import InboxSource, Task
from organization.roles import Permission
from portfolio.capacity.load import first_month_over
from portfolio.capacity.months import shifted
from portfolio.capacity.telling import amount, due_on, period
from portfolio.models import ResourceRequest, ResourceRole

if TYPE_CHECKING:
    from django.db.models import QuerySet

AHEAD = 6
"""How many months ahead somebody is told that a role is over 100 %."""


def _asked(actor: Any) -> QuerySet[Any]:
    """Return what the resource owner and the stand-in have to answer; the portfolio manager has it where both have left."""
    if actor.is_system:
        return ResourceRequest.objects.none()
    mine = Q(role__owner_id=actor.person_id) | Q(role__stand_in_id=actor.person_id)
    managed = actor.municipalities_where(Permission.MANAGE_PORTFOLIO)
    rows = ResourceRequest.objects.visible_to(actor).waiting()
    if managed:
        left = Q(has_owner=False, has_stand_in=False, role__municipality_id__in=managed)
        rows = rows.with_staff(timezone.localdate()).filter(mine | left)
    else:
        rows = rows.filter(mine)
    return rows.select_related("role", "project__unit").order_by("asked_at", "pk")


def _asked_task(request: ResourceRequest, actor: Any) -> Task:
    words = {"amount": amount(request.work_years), "period": period(request.from_on, request.to_on)}
    why = _t("%(amount)s, %(period)s. Du er ressurseier") % words
    if request.role.stand_in_id == actor.person_id:
        why = _t("%(amount)s, %(period)s. Du er stedfortreder for ressurseieren") % words
    elif request.role.owner_id != actor.person_id:
        why = _t("%(amount)s, %(period)s. Ressurseieren har sluttet") % words
    return Task(
        verb=_("Svar på forespørsel om"), title=f"{request.role} – {request.project.name}", why=why, due=due_on(request),
        url=request.get_absolute_url(), where=str(request.project.unit), action=_("Svar"),
    )  # fmt: skip


def _over(actor: Any) -> QuerySet[Any]:
    if actor.is_system:
        return ResourceRole.objects.none()
    today = timezone.localdate()
    over = first_month_over("pk", today, shifted(today.replace(day=1), AHEAD - 1))
    rows = ResourceRole.objects.visible_to(actor).of(actor.person_id).annotate(month_over=over)
    return rows.filter(month_over__isnull=False).order_by("month_over", "pk")


def _over_task(role: Any, actor: Any) -> Task:
    return Task(
        verb=_("Rydd i kapasiteten for"), title=role.name,
        why=_t("Mer er tildelt enn det er folk til i %(month)s") % {"month": month_name(role.month_over)},
        url=reverse("portfolio:capacity_role", args=[role.pk]) + f"?fra={role.month_over:%Y-%m}", action=_("Se"),
    )  # fmt: skip


requests_to_answer = InboxSource(key="resource_requests", rows=_asked, task=_asked_task)
roles_over_capacity = InboxSource(key="roles_over_capacity", rows=_over, task=_over_task)
