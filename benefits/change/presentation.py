"""How change work is shown: at a glance, as lists with what is missing, and as sheets of a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from benefits.change.lacks import lacks_of
from benefits.change.queries import OPEN
from benefits.change.risk import RiskScale
from benefits.models import BenefitRisk, ChangeAction, ChangeAgent, Stakeholder

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from benefits.models import Benefit
    from benefits.models.change import PlanPart
    from governance.models import Initiative

    Sheet = tuple[str, tuple[Any, ...], list[list[Any]]]


@dataclass(slots=True)
class ChangeWork:
    """Everything of one plan, loaded; what is taken out apart."""

    actions: list[Any]
    agents: list[Any]
    stakeholders: list[Any]
    risks: list[Any]
    removed: list[PlanPart]

    def name_only(self, benefits: Collection[Benefit]) -> None:
        """Let actions and risks name none but ``benefits``: those that somebody sees."""
        seen = {benefit.pk for benefit in benefits}
        for row in (*self.actions, *self.risks):
            if row.benefit_id not in seen:
                row.benefit = None


def work_of(initiative: Initiative, today: date) -> ChangeWork:
    """Load the change work of a plan in four queries."""
    its: dict[str, Any] = {"initiative": initiative}
    owned = ("owner", "benefit")
    rows: tuple[list[Any], ...] = (
        list(ChangeAction.objects.filter(**its).select_related(*owned, "node").with_staff(today)),
        list(ChangeAgent.objects.filter(**its).select_related("role__person", "role__unit")),
        list(Stakeholder.objects.filter(**its).select_related("contact")),
        list(BenefitRisk.objects.filter(**its).select_related(*owned, "action").with_staff(today)),
    )
    actions, agents, stakeholders, risks = ([row for row in part if not row.is_removed] for part in rows)
    removed = [row for part in rows for row in part if row.is_removed]
    return ChangeWork(actions, agents, stakeholders, risks, removed)


def shown(
    initiative: Initiative, work: ChangeWork, benefits: Iterable[Benefit], *, today: date
) -> dict[str, Any]:
    """Return what the page of the change work shows."""
    scale = RiskScale(initiative.municipality_id)
    risks = [_risk_line(row, scale) for row in work.risks]
    risks.sort(
        key=lambda line: (
            line["row"].is_gone,
            -(line["level"].place if line["level"] else 3),
            -line["row"].score,
        )
    )
    standing = [row for row in work.risks if not row.is_gone]
    return {
        "actions": sorted((_action_line(row, today) for row in work.actions), key=_urgency),
        "agents": [{"row": row, "is_over": _is_over(row, today)} for row in work.agents],
        "stakeholders": work.stakeholders, "risks": risks, "removed": [_removed_line(row) for row in work.removed],
        "matrix": scale.drawn(standing) if standing else None, "counts": _counts(work, risks, today),
        "lacks": lacks_of(work, benefits, scale),
    }  # fmt: skip


def lacks_for(initiative: Initiative, benefits: Iterable[Benefit], today: date) -> list[str]:
    """Return what the plan lacks of change work, for whoever approves it."""
    return lacks_of(work_of(initiative, today), benefits, RiskScale(initiative.municipality_id))


def _action_line(row: Any, today: date) -> dict[str, Any]:
    return {
        "row": row,
        "is_late": row.is_late(today),
        "has_left": row.owner is not None and not row.is_staffed,
    }


_RESTORE = {
    ChangeAction: "change_action_restore", ChangeAgent: "change_agent_restore", Stakeholder: "stakeholder_restore",
    BenefitRisk: "benefit_risk_restore",
}  # fmt: skip


def _removed_line(row: PlanPart) -> dict[str, Any]:
    url = reverse(f"benefits:{_RESTORE[type(row)]}", args=[row.pk])
    return {"row": row, "url": url, "kind": str(row._meta.verbose_name).capitalize()}


def _urgency(line: dict[str, Any]) -> tuple[Any, ...]:
    row = line["row"]
    return (not row.is_open, row.due_on is None, row.due_on or row.created_at.date(), row.pk)


def _is_over(row: ChangeAgent, today: date) -> bool:
    ends = row.role.valid_to
    return ends is not None and ends <= today


def _risk_line(row: Any, scale: RiskScale) -> dict[str, Any]:
    likelihood, consequence = scale.words_of(row)
    return {
        "row": row, "level": scale.level_of(row), "likelihood": likelihood, "consequence": consequence,
        "has_left": row.owner is not None and not row.is_staffed,
    }  # fmt: skip


def _counts(work: ChangeWork, risks: list[dict[str, Any]], today: date) -> dict[str, int]:
    return {
        "open": sum(row.is_open for row in work.actions), "late": sum(row.is_late(today) for row in work.actions),
        "done": sum(row.is_done for row in work.actions), "all": len(work.actions),
        "high": sum(bool(line["level"] and line["level"].is_high) and not line["row"].is_gone for line in risks),
    }  # fmt: skip


def glance(today: date) -> Subquery:
    """Return how many actions are open, late and done, as a column of a benefit of the plan; null where there are none."""
    is_open, late = Q(status__in=OPEN), Q(status__in=OPEN, due_on__lt=today)
    rows = (
        ChangeAction.objects.standing()
        .filter(initiative=OuterRef("initiative_id"))
        .order_by()
        .values("initiative")
    )
    counts = JSONObject(
        all=Count("pk"), open=Count("pk", filter=is_open), late=Count("pk", filter=late),
        done=Count("pk", filter=Q(status="done")),
    )  # fmt: skip
    return Subquery(rows.annotate(counts=counts).values("counts"))


# --- As a file ---------------------------------------------------------------------------------------
_ACTION_HEADINGS = (
    gettext_lazy("Tiltak"), gettext_lazy("Type"), gettext_lazy("Ansvarlig"), gettext_lazy("Frist"), gettext_lazy("Status"),
    gettext_lazy("Gevinst"), gettext_lazy("Boks i gevinstkartet"), gettext_lazy("Risikoprofil"), gettext_lazy("Mer om tiltaket"),
    gettext_lazy("Hvordan det gikk"),
)  # fmt: skip
_AGENT_HEADINGS = (
    gettext_lazy("Endringsagent"), gettext_lazy("Enhet"), gettext_lazy("Fra"), gettext_lazy("Til"), gettext_lazy("Oppgave"),
)  # fmt: skip
_STAKEHOLDER_HEADINGS = (
    gettext_lazy("Interessent"), gettext_lazy("Gruppe"), gettext_lazy("Hva de vinner"), gettext_lazy("Hva de taper"),
    gettext_lazy("Innflytelse"), gettext_lazy("Holdning"), gettext_lazy("Strategi"), gettext_lazy("Kontakt"),
)  # fmt: skip
_RISK_HEADINGS = (
    gettext_lazy("Risiko"), gettext_lazy("Gevinst"), gettext_lazy("Sannsynlighet"), gettext_lazy("Konsekvens"),
    gettext_lazy("Risikofaktor"), gettext_lazy("Nivå"), gettext_lazy("Hva som gjøres"), gettext_lazy("Tiltak"),
    gettext_lazy("Risikoeier"), gettext_lazy("Status"), gettext_lazy("Sist vurdert"), gettext_lazy("Vurderes igjen"),
)  # fmt: skip


def sheets(page: dict[str, Any]) -> list[Sheet]:
    """Return the tables of the page as sheets: name, headings and lines."""
    return [
        (_("Tiltak"), _ACTION_HEADINGS, [_action_cells(line["row"]) for line in page["actions"]]),
        (_("Endringsagenter"), _AGENT_HEADINGS, [_agent_cells(line["row"]) for line in page["agents"]]),
        (
            _("Interessenter"),
            _STAKEHOLDER_HEADINGS,
            [_stakeholder_cells(row) for row in page["stakeholders"]],
        ),
        (_("Risiko"), _RISK_HEADINGS, [_risk_cells(line) for line in page["risks"]]),
    ]


def _action_cells(row: ChangeAction) -> list[Any]:
    return [
        row.title, row.get_kind_display(), _said(row.owner), row.due_on, row.get_status_display(), _said(row.benefit),
        _said(row.node), row.get_risk_profile_display(), row.how, row.outcome,
    ]  # fmt: skip


def _agent_cells(row: ChangeAgent) -> list[Any]:
    return [str(row.role.person), str(row.role.unit), row.role.valid_from, row.role.valid_to, row.task]


def _stakeholder_cells(row: Stakeholder) -> list[Any]:
    return [
        row.name, row.get_group_display(), row.gains, row.loses, row.get_influence_display(), row.get_attitude_display(),
        row.involvement, _said(row.contact),
    ]  # fmt: skip


def _risk_cells(line: dict[str, Any]) -> list[Any]:
    row, level = line["row"], line["level"]
    return [
        row.title, _said(row.benefit), line["likelihood"], line["consequence"], row.score, level.name if level else "",
        row.measure, _said(row.action), _said(row.owner), row.get_state_display(), row.reviewed_on, row.review_on,
    ]  # fmt: skip


def _said(row: Any) -> str:
    return "" if row is None else str(row)
