"""What goes to the archive of a plan of benefits: each approved version, and the report at BP6."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from archive.filing import (
    INTERNAL,
    INTERNAL_SENDER,
    JOURNAL_ENTRY,
    Document,
    Draft,
    Entry,
    Filing,
    Party,
    Variant,
    creator_of,
    sheet,
)
from archive.operations import enqueue
from benefits.models import Benefit, Handover
from benefits.pdf import handed_over, report_data
from core.formats import kroner, number
from governance.filing.case import folder_of, key_of, shield_of

if TYPE_CHECKING:
    from datetime import datetime

    from benefits.models import PlanApproval
    from governance.models import Initiative


def file_plan(approval: PlanApproval, initiative: Initiative, *, now: datetime) -> None:
    enqueue(draft_plan(approval, initiative, now=now), now=now)


def draft_plan(approval: PlanApproval, initiative: Initiative, *, now: datetime) -> Draft:
    """Return a version of the plan as it was approved."""
    what = _("Gevinstplan, versjon %(number)s") % {"number": approval.number}
    paper = sheet(
        organization=initiative.municipality.name, unit=initiative.unit.name, kind=_("Gevinstplan"),
        title=f"{what}: {initiative.title}", reference=initiative.number, introduction=approval.remark,
        facts=[(_("Godkjent av"), str(approval.approved_by)), (_("Gevinster"), number(len(approval.lines)))],
        sections=[(line["title"], _line(line)) for line in approval.lines],
    )  # fmt: skip
    by = Party(kind=INTERNAL_SENDER, name=str(approval.approved_by), is_person=True)
    key = f"{key_of(initiative)}/benefit-plan/{approval.number}"
    return _draft(_Report(kind="benefit_plan", key=key, what=what, paper=paper, by=by), initiative, now=now)


def _line(line: dict[str, Any]) -> str:
    """Return what a version says of one benefit, a line for each thing it says."""
    said = [(_("Tjenesteeier"), line["owner"])]
    if line["kroner"] is not None:
        said.append((_("Per år"), kroner(Decimal(line["kroner"]))))
    elif line["hours"] is not None:
        said.append((_("Per år"), _("%(hours)s timer") % {"hours": number(Decimal(line["hours"]))}))
    if line["indicator"]:
        target = number(Decimal(line["target"])) if line["target"] is not None else ""
        said.append((_("Måles ved"), f"{line['indicator']}, {_('mål')} {target} {line['unit']}".strip()))
    said += [(str(year), number(Decimal(amount))) for year, amount in sorted(line["years"].items())]
    return "\n".join(f"- {label}: {text}" for label, text in said if text)


def file_report(initiative: Initiative, *, conclusion: str = "", now: datetime) -> None:
    """File the benefit report, before the case itself is closed."""
    if (draft := draft_report(initiative, conclusion=conclusion, now=now)) is not None:
        enqueue(draft, now=now)


def draft_report(initiative: Initiative, *, conclusion: str = "", now: datetime) -> Draft | None:
    """Return the benefit report, if there are benefits to tell of."""
    rows = (
        Benefit.objects.filter(initiative=initiative).exclude(status=Benefit.Status.DROPPED).order_by("pk")
        .select_related("service_owner").prefetch_related("estimates", "indicators__measurements")
    )  # fmt: skip
    benefits = list(rows)
    if not benefits:
        return None
    handover = Handover.objects.filter(initiative=initiative).select_related("receiver").last()
    in_line = not hasattr(initiative, "project")
    data = report_data(
        initiative, benefits, handover=handed_over(handover, in_line=in_line), conclusion=conclusion,
        today=timezone.localdate(now),
    )  # fmt: skip
    owner = initiative.service_owner or initiative.project_owner or initiative.submitter
    by = Party(kind=INTERNAL_SENDER, name=str(owner), is_person=True)
    paper = Variant(renderer="benefit_report", data=data)
    key = f"{key_of(initiative)}/benefit-report"
    report = _Report(kind="benefit_report", key=key, what=_("Gevinstrapport"), paper=paper, by=by)
    return _draft(report, initiative, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Report:
    """A paper about the benefits: what it is called, and who sends it."""

    kind: str
    key: str
    what: str
    paper: Variant
    by: Party


def _draft(report: _Report, initiative: Initiative, *, now: datetime) -> Draft:
    what = report.what
    public = f"{what}: {initiative.public_title}" if initiative.is_shielded else ""
    document = Document(title=f"{what} {initiative.number}".strip(), kind="RAPPORT", variants=(report.paper,))
    entry = Entry(
        kind=JOURNAL_ENTRY, title=f"{what}: {initiative.title}", public_title=public, shield=shield_of(initiative),
        day=timezone.localdate(now), journal_type=INTERNAL, parties=(report.by,), documents=(document,),
    )  # fmt: skip
    return Draft(
        kind=report.kind, key=report.key, title=public or entry.title, about=initiative,
        municipality_id=initiative.municipality_id, payload={"number": initiative.number},
        filing=Filing(**creator_of(initiative.municipality), folder=folder_of(initiative), entry=entry, at=now),
    )  # fmt: skip
