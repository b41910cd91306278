"""What the register says about a project, as a proposal for its next status report.

Each proposal tells what it was made from.  The limits are rules of thumb that only choose what the
form begins with; the author decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from benefits.models import Benefit, Measurement
from core.formats import kroner, long_date, percent
from portfolio.models import Area, Health, Phase, ProjectStatus, RiskKind
from portfolio.models.money import AMOUNTS
from portfolio.status.proposal import Proposal
from portfolio.status.resources import resources_of

if TYPE_CHECKING:
    from datetime import date

    from core.actors import Actor
    from portfolio.models import Project

DONE_BY = {Phase.CONCEPT: Decimal("0.25"), Phase.PLANNING: Decimal("0.45"), Phase.EXECUTION: Decimal("0.95")}
"""How much of the time has usually gone when a phase ends."""
SMALL_OVERRUN = Decimal("0.05")
HIGH_RISK, MEDIUM_RISK = 15, 8


@dataclass(frozen=True, slots=True)
class Basis:
    """What a new report begins with."""

    areas: dict[Area, Proposal]
    money: dict[str, Decimal | None]


def basis_of(project: Project, *, by: Actor, today: date) -> Basis:
    """Return what the register says about each area; of benefits what ``by`` may see."""
    money = _money(project)
    alone = Proposal(None, _("Stafett har ingen tall for dette. Vurder selv."))
    areas = {
        Area.PROGRESS: _with_late_milestones(_progress(project, today), project, today),
        Area.ECONOMY: _economy(money),
        Area.QUALITY: alone,
        Area.RISK: _risk(project),
        Area.RESOURCES: resources_of(project, today),
        Area.BENEFITS: _benefits(project, by, today),
    }
    return Basis(areas, {name: money[name] if money else None for name in ("budget", "spent", "forecast")})


# --- Progress --------------------------------------------------------------------------------------
def _progress(project: Project, today: date) -> Proposal:
    ends, words = project.ends_on, {"phase": project.get_phase_display()}
    if project.phase == Phase.REALIZING:
        return Proposal(Health.GOOD, _("Prosjektet er overlevert til linjen."))
    if project.status == ProjectStatus.PAUSED:
        return Proposal(Health.WATCH, _("Prosjektet er satt på vent i fasen %(phase)s.") % words)
    if ends is None:
        return Proposal(None, _("Prosjektet har ingen sluttdato."))
    words["day"] = long_date(ends)
    if ends < today:
        told = _("Planlagt slutt var %(day)s, og prosjektet står i fasen %(phase)s.")
        return Proposal(Health.BAD, told % words)
    begins = project.starts_on or timezone.localdate(project.created_at)
    gone = _share(begins, ends, today)
    told = _("%(share)s av tida fram til %(day)s er gått, og prosjektet står i fasen %(phase)s.")
    is_late = gone > DONE_BY.get(Phase(project.phase), Decimal(1))
    words["share"] = percent(gone, 0)
    return Proposal(Health.WATCH if is_late else Health.GOOD, told % words)


def _with_late_milestones(proposal: Proposal, project: Project, today: date) -> Proposal:
    """Add what the plan says: milestones that are late make progress worth watching."""
    late = list(
        project.milestones.late(today).order_by("expected_on", "pk").values_list("name", "expected_on")
    )
    if not late or project.phase == Phase.REALIZING:
        return proposal
    name, day = late[0]
    told = ngettext(
        "Milepælen «%(name)s» er over datoen, den var ventet %(day)s.",
        "%(late)d milepæler er over datoen, lengst «%(name)s», som var ventet %(day)s.",
        len(late),
    ) % {"late": len(late), "name": name, "day": long_date(day)}
    why = f"{proposal.why} {told}"
    return Proposal(Health.BAD if proposal.value == Health.BAD else Health.WATCH, why)


def _share(begins: date, ends: date, today: date) -> Decimal:
    """Return how much of a period has gone, from 0 to 1."""
    whole = (ends - begins).days
    return (
        Decimal(1) if whole <= 0 else min(max(Decimal((today - begins).days) / whole, Decimal(0)), Decimal(1))
    )


# --- Economy ---------------------------------------------------------------------------------------
def _money(project: Project) -> dict[str, Decimal] | None:
    """Return the sums of the budget lines, or ``None`` where there are none."""
    sums: dict[str, Any] = project.budget_lines.aggregate(
        lines=Count("pk"), **{name: Sum(name) for name in AMOUNTS}
    )
    return sums if sums.pop("lines") else None


def _economy(money: dict[str, Decimal] | None) -> Proposal:
    if money is None:
        return Proposal(None, _("Det er ingen budsjettlinjer."))
    budget, expected = money["budget"], max(money["forecast"], money["spent"])
    told = _("Budsjett %(budget)s, påløpt %(spent)s, prognose %(forecast)s.") % {
        name: kroner(money[name]) for name in ("budget", "spent", "forecast")
    }
    if expected <= budget:
        return Proposal(Health.GOOD, told)
    is_small = expected - budget <= budget * SMALL_OVERRUN
    return Proposal(Health.WATCH if is_small else Health.BAD, told)


# --- Risk ------------------------------------------------------------------------------------------
def _risk(project: Project) -> Proposal:
    rows = list(project.risks.open().order_by("-score", "pk").values_list("kind", "title", "score"))
    risks = [(title, score) for kind, title, score in rows if kind == RiskKind.RISK]
    if not rows:
        return Proposal(None, _("Det er ingen åpne risikoer eller muligheter i registeret."))
    counted = ngettext("%(risks)d åpen risiko", "%(risks)d åpne risikoer", len(risks)) % {"risks": len(risks)}
    chances = len(rows) - len(risks)
    told = counted + (
        ngettext(" og %(n)d mulighet.", " og %(n)d muligheter.", chances) % {"n": chances} if chances else "."
    )
    if not risks:
        return Proposal(Health.GOOD, told)
    title, score = risks[0]
    told += " " + _("Høyest: «%(title)s» med %(score)d av 25.") % {"title": title, "score": score}
    if score >= HIGH_RISK:
        return Proposal(Health.BAD, told)
    return Proposal(Health.WATCH if score >= MEDIUM_RISK else Health.GOOD, told)


# --- Benefits --------------------------------------------------------------------------------------
def _benefits(project: Project, by: Actor, today: date) -> Proposal:
    rows = Benefit.objects.visible_to(by).filter(initiative_id=project.initiative_id)
    points = Measurement.objects.filter(indicator__benefit=OuterRef("pk"))
    fell_short = Q(status__in=[Benefit.Status.PARTLY_REALIZED, Benefit.Status.NOT_REALIZED])
    found = rows.exclude(status=Benefit.Status.DROPPED).aggregate(
        planned=Count("pk"), measured=Count("pk", filter=Q(Exists(points.filter(value__isnull=False)))),
        missing=Count("pk", filter=Q(Exists(points.missing(today).of_followed()))), short=Count("pk", filter=fell_short),
    )  # fmt: skip
    if not found["planned"]:
        return Proposal(None, _("Du ser ingen gevinster i planen."))
    told = _("%(planned)d i planen, %(measured)d målt, %(missing)d mangler en måling.") % found
    if found["short"]:
        return Proposal(Health.BAD, told + " " + _("%(short)d nådde ikke målet.") % found)
    if found["missing"]:
        return Proposal(Health.WATCH, told)
    return Proposal(Health.GOOD if found["measured"] else Health.UNKNOWN, told)
