"""What the register says about a project before a decision point: shown while the paper is written, frozen when it is sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from benefits.models import Benefit
from portfolio.models import Area, Checkpoint, StatusReport
from portfolio.models.money import AMOUNTS

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor
    from portfolio.models import DecisionPoint, Project

Facts = dict[str, Any]
RISKS, BENEFITS = 10, 50
"""How many of each a paper lists; all are counted."""
_OF_STATUS = ("day", "summary", "ends_on", "forecast_ends_on", *(name for area in Area for name in (area.value, f"{area.value}_text")))  # fmt: skip
_OF_RISK = ("kind", "title", "probability", "impact", "score", "measure", "due_on")
_OF_BENEFIT = ("title", "status", "kroner_per_year", "hours_per_year")


def facts_of(project: Project, point: DecisionPoint, *, by: Actor, now: datetime) -> Facts:
    """Return the facts as values that JSON can hold, in one query for each part; of benefits what ``by`` may see."""
    risks = project.risks.open().order_by("-score", "pk")
    benefits = Benefit.objects.visible_to(by).filter(initiative_id=project.initiative_id)
    found: Facts = {
        "as_of": now,
        "phase": project.get_phase_display(),
        "owner": str(project.owner),
        "manager": str(project.manager),
        "starts_on": project.starts_on,
        "ends_on": project.ends_on,
        "checklist": list(
            Checkpoint.objects.filter(project=project, point=point)
            .order_by("position", "pk")
            .values("text", "answer", "comment", "is_required")
        ),
        "status": StatusReport.objects.published().filter(project=project).latest_first().values(*_OF_STATUS).first(),
        "money": list(project.budget_lines.order_by("year", "source").values("year", "source", *AMOUNTS)),
        "risks": list(risks.values(*_OF_RISK)[:RISKS]),
        "benefits": list(benefits.exclude(status=Benefit.Status.DROPPED).order_by("pk").values(*_OF_BENEFIT)[:BENEFITS]),
    }  # fmt: skip
    kept: Facts = json.loads(json.dumps(found, cls=DjangoJSONEncoder))
    return kept


def open_required(facts: Facts) -> str:
    """Say how many points of the checklist must be answered and are not, or nothing."""
    left = sum(one["is_required"] and one["answer"] == "open" for one in facts["checklist"])
    return _("%(left)s av punktene som må være besvart, mangler svar.") % {"left": left} if left else ""
